#include "report/html_wire.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "report/html_figures.h"
#include "report/html_text.h"
#include "report/numbers.h"

namespace pushbench::report {

using harness::RunResult;
using harness::TransportResult;
using harness::WireEvent;
using harness::WireView;

namespace {

/// The part of a view that every transport has.
struct Shown {
  std::string transport;
  const WireView* view = nullptr;
  std::size_t events = 0;
  std::uint64_t up = 0;  // bytes, as the following
  std::uint64_t down = 0;
  std::uint64_t heads = 0;
  std::uint64_t bodies = 0;
};

Shown shown_of(const TransportResult& transport, double until_us) {
  Shown shown{transport.name, &*transport.wire};
  for (const WireEvent& event : transport.wire->events) {
    if (static_cast<double>(event.at_us) >= until_us) break;
    ++shown.events;
    (event.up ? shown.up : shown.down) += event.head_bytes + event.body_bytes;
    shown.heads += event.head_bytes;
    shown.bodies += event.body_bytes;
  }
  return shown;
}

std::optional<double> share_of_heads(const Shown& shown) {
  const std::uint64_t all = shown.heads + shown.bodies;
  if (all == 0) return std::nullopt;
  return static_cast<double>(shown.heads) / static_cast<double>(all);
}

/// "Of the bytes, HTTP's heads and frames' headers were 61 % over polling, and 2 % over websocket."
std::string sentence_of_shares(const std::vector<Shown>& all) {
  const auto less = [](const Shown& a, const Shown& b) {
    return share_of_heads(a).value_or(0) < share_of_heads(b).value_or(0);
  };
  const auto [least, most] = std::minmax_element(all.begin(), all.end(), less);
  if (!share_of_heads(*least) || !share_of_heads(*most)) return "";
  std::string text = fmt::format(" Of the bytes, {} were heads or framing over {}",
                                 percent(*share_of_heads(*most)), most->transport);
  if (least != most) {
    text += fmt::format(", and {} over {}", percent(*share_of_heads(*least)), least->transport);
  }
  return text + ".";
}

std::string caption_of(const std::vector<Shown>& all, double until_us) {
  const WireView& view = *all.front().view;
  return fmt::format(
             "What the connections of user {} carried in the first repetition, for {} from {:.2f} "
             "s "
             "of its measured time on: the same stretch for every transport.",
             view.user, time_text(until_us), view.from_s) +
         sentence_of_shares(all) +
         " Time goes down, stretched where much happens. The bar on an arrow is its bytes; pale "
         "are polls that brought nothing. Beside the server, a filled bar is a request that waits "
         "for its answer, a dashed one a stream that stays open.";
}

HtmlCell bytes_cell(std::uint64_t bytes) {
  return {thousands(bytes) + " B", static_cast<double>(bytes)};
}

HtmlTable table_of(const std::vector<Shown>& all) {
  HtmlTable table{"Requests, responses, events and frames in that time, and their bytes before TLS",
                  {"transport", "arrows", "up", "down", "heads, framing", "bodies", "heads' share"},
                  {}};
  for (const Shown& shown : all) {
    const std::optional<double> share = share_of_heads(shown);
    table.rows.push_back({shown.transport,
                          {{thousands(shown.events), static_cast<double>(shown.events)},
                           bytes_cell(shown.up),
                           bytes_cell(shown.down),
                           bytes_cell(shown.heads),
                           bytes_cell(shown.bodies),
                           share ? HtmlCell{percent(*share), *share} : HtmlCell{"–"}}});
  }
  return table;
}

std::string span_of(const char* part, const std::string& text) {
  return text.empty() ? "" : fmt::format("<span class=\"wire-{}\">{}</span>", part, html(text));
}

/// Head and body in the order in which they passed: an event's data stands within what is around
/// it.
std::string text_of(const WireEvent& event) {
  std::size_t split = event.head.size();
  if (event.kind == "event" && !event.body.empty()) {
    split = std::min(split, event.head.find('\n', event.head.find("data:")));
  }
  return span_of("head", event.head.substr(0, split)) + (event.kind == "frame" ? "\n" : "") +
         span_of("body", event.body) + span_of("head", event.head.substr(split));
}

std::string item_of(const WireEvent& event) {
  const std::string line = fmt::format(
      "{:.1f} ms, {}: {} of {} + {} bytes, connection {}", static_cast<double>(event.at_us) / 1000,
      event.up ? "user to server" : "server to user", event.kind, thousands(event.head_bytes),
      thousands(event.body_bytes), event.connection);
  return fmt::format("<li><p>{}</p><pre class=\"wire-text\">{}</pre></li>\n", html(line),
                     text_of(event));
}

/// Every text that was kept, also past what the picture shows.
std::string list_of(const Shown& shown) {
  std::string items;
  for (const WireEvent& event : shown.view->events) items += item_of(event);
  std::string list = "<ol class=\"wire-list\">\n" + items + "</ol>\n";
  if (shown.view->more) list += "<p class=\"note\">There was more than this.</p>\n";
  return html_details(fmt::format("What passed over {}, as text", shown.transport), list);
}

}  // namespace

double wire_until_us(const RunResult& result) {
  std::optional<double> until;
  for (const TransportResult& transport : result.transports) {
    if (!transport.wire) continue;
    const WireView& view = *transport.wire;
    const double end = view.more && !view.events.empty()
                           ? static_cast<double>(view.events.back().at_us) + 1
                           : view.length_s * 1e6;
    until = std::min(until.value_or(end), end);
  }
  return until.value_or(0);
}

std::string wire_part(const RunResult& result) {
  const double until_us = wire_until_us(result);
  std::vector<Shown> all;
  for (const TransportResult& transport : result.transports) {
    if (transport.wire) all.push_back(shown_of(transport, until_us));
  }
  if (all.empty()) return "";
  std::string lists;
  for (const Shown& shown : all) lists += list_of(shown);
  return html_figure({"wire", "One user's second", caption_of(all, until_us), table_of(all)}) +
         "<div class=\"wire-lists\">\n" + lists + "</div>\n";
}

}  // namespace pushbench::report

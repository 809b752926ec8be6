#include "report/prediction_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "report/columns.h"
#include "report/numbers.h"

namespace pushbench::report {

using harness::Prediction;
using harness::Theory;

namespace {

// The columns: transport, mean, p99, requests, connections, up, down, network up, network down. A
// blank is before each but the first.
constexpr std::array<std::size_t, 9> kWidths{13, 7, 7, 8, 8, 7, 7, 7, 7};

constexpr std::string_view kHeader =
    "                  latency     requests  connec-  application/s     network/s\n"
    "transport        mean     p99  /second   tions      up    down      up    down\n";

/// "6.97 M": three digits of a large number.
std::string short_number(double value) {
  constexpr std::array<const char*, 9> units{"", " k", " M", " G", " T", " P", " E", " Z", " Y"};
  std::size_t unit = 0;
  while (value >= 999.5 && unit + 1 < units.size()) {
    value /= 1000;
    ++unit;
  }
  return significant(value) + units[unit];
}

std::string bits(const std::optional<double>& bytes, double rate) {
  return bytes ? short_number(*bytes * rate * 8) + "b" : "–";
}

std::string time(const std::optional<double>& us) { return us ? time_text(*us) : "–"; }

std::string row(const std::array<std::string, 9>& cells) {
  std::string line = left(cells[0], kWidths[0]);
  for (std::size_t i = 1; i < cells.size(); ++i) line += ' ' + right(cells[i], kWidths[i]);
  return line + "\n";
}

std::string row_of(const PredictedTransport& t) {
  const Prediction& p = t.prediction;
  const Theory& theory = p.theory;
  return row({t.name, time(theory.mean_latency_us), time(theory.p99_latency_us),
              short_number(p.exchanges), short_number(p.connections),
              bits(theory.application_up, p.delivered), bits(theory.application_down, p.delivered),
              bits(theory.network_up, p.delivered), bits(theory.network_down, p.delivered)});
}

std::string polls_sentence(const PredictedTransport& t) {
  const Theory& theory = t.prediction.theory;
  if (!theory.empty_share || !theory.exchanges_per_message) return "";
  return wrapped(
      fmt::format("{}: {} of its requests come back with nothing; {} of them for each "
                  "delivered message.",
                  t.name, percent(*theory.empty_share), significant(*theory.exchanges_per_message)),
      2);
}

std::string overload_sentence(const PredictedTransport& t) {
  switch (t.prediction.overload) {
    case harness::Overload::none:
      return "";
    case harness::Overload::posts:
      return wrapped(t.name +
                         ": no latency, since users publish faster than their posts are answered, "
                         "one after the other; the queue grows without end.",
                     2);
    case harness::Overload::server:
      return wrapped(t.name +
                         ": no latency, since the server is overloaded: it has one thread, and "
                         "would need more than one core; the queue grows without end.",
                     2);
  }
  return "";
}

std::string server_sentence(const PredictedTransport& t) {
  if (!t.costs) return "";
  std::string text = fmt::format("{}: {} cores of the server", t.name,
                                 significant(harness::cores(*t.costs, t.prediction)));
  if (t.costs->user_rss_bytes) {
    text += fmt::format(", and {} of memory at most",
                        size_text(*t.costs->user_rss_bytes * t.prediction.users));
  }
  if (!t.costs->is_own) text += " (the result has no run of it: from the others')";
  return wrapped(text + ".", 2);
}

std::string from_note(const PredictionReport& report) {
  if (!report.from) return "";
  const harness::MeasuredCosts& costs = *report.transports.front().costs;
  const std::string note = fmt::format(
      "The server's share is from {} ({}{}): {} of CPU time for an empty poll or a "
      "publish and {} for a batch to one user fit its transports best, and each is "
      "scaled by what it took itself there. Memory is its peak over the users it had.",
      report.from->path, report.from->scenario, report.from->valid ? "" : ", which was invalid",
      time_text(costs.exchange_us), time_text(costs.delivery_us));
  return fmt::format("\n{}", wrapped(note, 0));
}

std::string assumptions(const PredictionReport& report) {
  const harness::Scenario& s = report.scenario;
  std::string text =
      report.from
          ? "From arithmetic, in the steady state: of the server's time latencies have what a push "
            "to all receivers of a message takes, one after the other, and none of its other work; "
            "no time for the harness or the kernel"
          : "From arithmetic alone, in the steady state: no time for the server, the harness or "
            "the "
            "kernel";
  text += ", no losses, and no connections but those that are kept";
  text += s.clients.close_each ? " or that each request opens. " : ". ";
  text +=
      "Bytes are this project's own to the byte; network adds TCP/IP headers and "
      "acknowledgements on a path with an MTU of 1500";
  text += s.tls ? ", and TLS's records, but not its handshakes. " : ". ";
  if (s.traffic == harness::TrafficKind::trace) {
    text += "The trace counts as messages at random (Poisson) of its mean rate. ";
  }
  if (s.link.cut_every > net::Duration::zero() || !s.link.cut_at.empty()) {
    text += "Cuts are left out. ";
  }
  if (s.clients.compression) text += "What compression saves is not foretold. ";
  text.pop_back();
  return wrapped(text, 0);
}

void put(nlohmann::ordered_json& json, const char* name, const std::optional<double>& value) {
  if (value) json[name] = *value;
}

nlohmann::ordered_json json_of(const PredictedTransport& t) {
  const Prediction& p = t.prediction;
  const Theory& theory = p.theory;
  nlohmann::ordered_json json{{"name", t.name},
                              {"requests_per_s", p.exchanges},
                              {"connections", p.connections},
                              {"delivered_per_s", p.delivered}};
  auto& latency = json["delivery_latency_us"] = nlohmann::ordered_json::object();
  put(latency, "mean", theory.mean_latency_us);
  put(latency, "p50", theory.p50_latency_us);
  put(latency, "p90", theory.p90_latency_us);
  put(latency, "p99", theory.p99_latency_us);
  put(latency, "max", theory.max_latency_us);
  auto& exchanges = json["exchanges"] = nlohmann::ordered_json::object();
  put(exchanges, "empty_share", theory.empty_share);
  put(exchanges, "per_message", theory.exchanges_per_message);
  auto& bytes = json["bytes_per_message"] = nlohmann::ordered_json::object();
  put(bytes["application"], "up", theory.application_up);
  put(bytes["application"], "down", theory.application_down);
  put(bytes["network"], "up", theory.network_up);
  put(bytes["network"], "down", theory.network_down);
  if (p.overload != harness::Overload::none) {
    json["overloaded"] = p.overload == harness::Overload::posts ? "posts" : "server";
  }
  if (!t.costs) return json;
  json["server"] = {{"cores", harness::cores(*t.costs, p)},
                    {"cpu_us_per_exchange", t.costs->exchange_us * t.costs->factor},
                    {"cpu_us_per_delivery", t.costs->delivery_us * t.costs->factor}};
  if (t.costs->user_rss_bytes) {
    json["server"]["peak_rss_bytes"] = *t.costs->user_rss_bytes * p.users;
  }
  return json;
}

}  // namespace

std::string prediction_text(const PredictionReport& report) {
  const Prediction& first = report.transports.front().prediction;
  std::string text = fmt::format(
      "{}: {} users, {} messages and {} deliveries a second; predicted\n\n", report.scenario.name,
      short_number(first.users), short_number(first.published), short_number(first.delivered));
  text += kHeader;
  for (const PredictedTransport& t : report.transports) text += row_of(t);
  text += "\n";
  for (const PredictedTransport& t : report.transports) {
    text += polls_sentence(t) + overload_sentence(t) + server_sentence(t);
  }
  return text + from_note(report) + "\n" + assumptions(report);
}

std::string prediction_json(const PredictionReport& report) {
  const Prediction& first = report.transports.front().prediction;
  nlohmann::ordered_json json{{"schema", "pushbench-prediction/1"},
                              {"scenario", report.scenario.name},
                              {"users", first.users},
                              {"published_per_s", first.published}};
  if (report.from) json["from"] = report.from->path;
  json["transports"] = nlohmann::ordered_json::array();
  for (const PredictedTransport& t : report.transports) json["transports"].push_back(json_of(t));
  return json.dump(2) + "\n";
}

}  // namespace pushbench::report

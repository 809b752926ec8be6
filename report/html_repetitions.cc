#include "report/html_repetitions.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <optional>

#include "harness/metrics.h"
#include "report/html_captions.h"
#include "report/html_table.h"
#include "report/interval.h"
#include "report/numbers.h"

namespace pushbench::report {

using harness::Directions;
using harness::Metric;
using harness::Repetition;
using harness::TransportResult;

namespace {

/// What a repetition counted, by its place in result.json.
struct Count {
  const char* path;
  double (*of)(const Repetition&);
};

double number(std::uint64_t count) { return static_cast<double>(count); }

const std::vector<Count>& counts() {
  using R = Repetition;
  static const std::vector<Count> all{
      {"users", [](const R& r) { return number(r.users); }},
      {"users_asked", [](const R& r) { return number(r.users_asked); }},
      {"duration_s", [](const R& r) { return r.duration_s; }},
      {"messages.published", [](const R& r) { return number(r.messages.published); }},
      {"messages.expected", [](const R& r) { return number(r.messages.expected); }},
      {"messages.delivered", [](const R& r) { return number(r.messages.delivered); }},
      {"messages.missed", [](const R& r) { return number(r.messages.missed); }},
      {"messages.left", [](const R& r) { return number(r.messages.left); }},
      {"messages.lost", [](const R& r) { return number(r.messages.lost); }},
      {"messages.backlog", [](const R& r) { return number(r.messages.backlog); }},
      {"messages.duplicated", [](const R& r) { return number(r.messages.duplicated); }},
      {"messages.reordered", [](const R& r) { return number(r.messages.reordered); }},
      {"messages.damaged", [](const R& r) { return number(r.messages.damaged); }},
      {"messages.gaps", [](const R& r) { return number(r.messages.gaps); }},
      {"exchanges.total", [](const R& r) { return number(r.exchanges.total); }},
      {"exchanges.asked", [](const R& r) { return number(r.exchanges.asked); }},
      {"exchanges.empty", [](const R& r) { return number(r.exchanges.empty); }},
      {"exchanges.connections", [](const R& r) { return number(r.exchanges.connections); }},
      {"exchanges.cuts", [](const R& r) { return number(r.exchanges.cuts); }},
      {"exchanges.disconnects", [](const R& r) { return number(r.exchanges.disconnects); }},
      {"exchanges.reconnects", [](const R& r) { return number(r.exchanges.reconnects); }},
      {"harness.cpu_us", [](const R& r) { return number(r.harness_cpu_us); }},
      {"harness.events.due", [](const R& r) { return number(r.events.due); }},
      {"harness.events.done", [](const R& r) { return number(r.events.done); }},
  };
  return all;
}

/// What its server used.
struct Cost {
  const char* path;
  std::uint64_t harness::ServerCost::*of;
};

constexpr std::array kCosts{
    Cost{"server.cpu_us", &harness::ServerCost::cpu_us},
    Cost{"server.peak_rss_bytes", &harness::ServerCost::peak_rss_bytes},
    Cost{"server.context_switches", &harness::ServerCost::context_switches},
};

struct Layer {
  const char* path;
  Directions (*of)(const Repetition&);
};

const std::vector<Layer>& layers() {
  using R = Repetition;
  static const std::vector<Layer> all{
      {"bytes.payload", [](const R& r) { return r.payload; }},
      {"bytes.application", [](const R& r) { return r.bytes.application; }},
      {"bytes.heads", [](const R& r) { return r.bytes.heads; }},
      {"bytes.bodies", [](const R& r) { return r.bytes.bodies; }},
      {"bytes.frames", [](const R& r) { return r.bytes.frames(); }},
      {"bytes.tls", [](const R& r) { return r.bytes.tls; }},
      {"bytes.network", [](const R& r) { return r.bytes.network; }},
      {"bytes.segments", [](const R& r) { return r.bytes.segments; }},
  };
  return all;
}

std::string count_text(double count) {
  if (count == std::floor(count)) return thousands(static_cast<std::uint64_t>(count));
  return count < 1000 ? fmt::format("{:.3f}", count) : significant(count);
}

/// A cell for what each repetition has, or a dash where it has none; the median of those before
/// them.
template <class Pick, class Text>
std::vector<HtmlCell> cells_of(const TransportResult& transport, Pick pick, Text text) {
  std::vector<HtmlCell> cells{{"–"}};
  std::vector<double> values;
  for (const Repetition& r : transport.repetitions) {
    const std::optional<double> value = pick(r);
    if (value) values.push_back(*value);
    cells.push_back(value ? HtmlCell{text(*value), *value} : HtmlCell{"–"});
  }
  if (values.empty()) return cells;
  const double median = interval_of(values).median;
  cells.front() = {text(median), median};
  return cells;
}

HtmlRow metric_row(const TransportResult& transport, const Metric& metric) {
  return {std::string(metric.name),
          cells_of(transport, metric.of,
                   [&metric](double value) { return unit_text(metric.unit, value); }),
          std::string(metric.meaning)};
}

template <class Pick>
HtmlRow count_row(const TransportResult& transport, const std::string& path, Pick pick) {
  return {path, cells_of(transport, pick, count_text)};
}

/// A server whose cost nobody measured has none of these.
HtmlRow cost_row(const TransportResult& transport, const Cost& cost) {
  return count_row(transport, cost.path, [&cost](const Repetition& r) {
    return r.server ? std::optional(number(*r.server.*cost.of)) : std::nullopt;
  });
}

HtmlTable table_of(const TransportResult& transport) {
  HtmlTable table{transport.name + ": every repetition", {"figure", "median"}, {}};
  for (std::size_t i = 1; i <= transport.repetitions.size(); ++i) {
    table.columns.push_back(fmt::format("{}", i));
  }
  for (const Metric& metric : harness::metrics()) {
    table.rows.push_back(metric_row(transport, metric));
  }
  for (const Count& count : counts()) {
    table.rows.push_back(count_row(transport, count.path, count.of));
  }
  for (const Cost& cost : kCosts) table.rows.push_back(cost_row(transport, cost));
  for (const Layer& layer : layers()) {
    const std::string path = layer.path;
    table.rows.push_back(count_row(
        transport, path + ".up", [&layer](const Repetition& r) { return number(layer.of(r).up); }));
    table.rows.push_back(count_row(transport, path + ".down", [&layer](const Repetition& r) {
      return number(layer.of(r).down);
    }));
  }
  return table;
}

}  // namespace

std::string repetition_tables(const harness::RunResult& result) {
  std::string out;
  for (const TransportResult& transport : result.transports) {
    if (transport.repetitions.empty()) continue;
    out += html_details(transport.name, html_table(table_of(transport)));
  }
  return out;
}

}  // namespace pushbench::report

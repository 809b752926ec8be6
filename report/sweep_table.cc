#include "report/sweep_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "harness/metrics.h"
#include "report/columns.h"
#include "report/csv.h"
#include "report/invalid.h"
#include "report/numbers.h"
#include "report/row_names.h"
#include "report/table.h"

namespace pushbench::report {

using harness::Metric;
using harness::Spread;
using harness::SweepResult;
using harness::SweepStep;
using harness::TransportResult;

namespace {

constexpr std::size_t kValueWidth = 16;
constexpr std::size_t kTransportWidth = kRowName;
constexpr std::size_t kFigureWidth = 10;

std::optional<Spread> spread(const TransportResult& transport, std::string_view metric) {
  return harness::spread_of(transport.repetitions, **harness::parse_metric(metric));
}

std::string cell(const TransportResult& transport, std::string_view metric,
                 std::string (*text)(double)) {
  const auto figure = spread(transport, metric);
  return right(figure ? text(figure->median) : "–", kFigureWidth);
}

bool invalid(const TransportResult& transport) {
  return std::any_of(transport.repetitions.begin(), transport.repetitions.end(),
                     [](const auto& repetition) { return !repetition.invalid.empty(); });
}

std::string row(std::string_view value, const TransportResult& transport) {
  std::string line = left_cut(value, kValueWidth - 1) + " " +
                     left(RowNames::name(transport.target, transport.transport()), kTransportWidth);
  line += cell(transport, "delivery_latency.p50", time_text);
  line += cell(transport, "delivery_latency.p99", time_text);
  line += cell(transport, "exchanges.empty_share", percent);
  line += cell(transport, "network_bytes", significant);
  line += cell(transport, "server_cpu", time_text);
  return line + (invalid(transport) ? "!\n" : "\n");
}

std::string heading(const SweepResult& sweep) {
  const harness::RunResult& run = sweep.steps.front().result;
  std::uint64_t repetitions = 0;
  for (const TransportResult& transport : run.transports) {
    repetitions = std::max<std::uint64_t>(repetitions, transport.repetitions.size());
  }
  return wrapped(fmt::format("{} over {}: seed {}; {}", run.scenario, sweep.spec.key.name, run.seed,
                             repetitions == 1 ? "one run each"
                                              : fmt::format("medians of {} runs", repetitions)),
                 2);
}

std::string reasons(const SweepResult& sweep) {
  std::string text;
  for (const SweepStep& step : sweep.steps) {
    for (const std::string& reason : invalid_reasons(step.result)) {
      text += wrapped(fmt::format("  {}, {}", step.value, reason), 4);
    }
  }
  if (text.empty()) return "";
  return "\nINVALID: the figures marked ! do not count.\n" + text;
}

}  // namespace

std::string sweep_table(const SweepResult& sweep) {
  if (sweep.steps.empty()) return "nothing was measured\n";
  std::string text = heading(sweep) + "\n";
  const std::string_view key = sweep.spec.key.name;
  text +=
      left_cut(key.substr(key.rfind('.') + 1), kValueWidth) + left("transport", kTransportWidth);
  for (const char* column : {"p50", "p99", "empty", "net B/msg", "CPU/msg"})
    text += right(column, kFigureWidth);
  text += "\n";
  for (const SweepStep& step : sweep.steps) {
    std::string_view value = step.value;
    RowNames names;
    for (const TransportResult& transport : step.result.transports) {
      if (transport.repetitions.empty()) continue;
      text += names.heading(transport.target, kValueWidth) + row(value, transport);
      value = "";
    }
  }
  return text + floor_note(sweep.steps.front().result.floor) + reasons(sweep);
}

std::string sweep_csv(const SweepResult& sweep) {
  std::string csv = "value,transport,repetition,valid,metric,unit,figure\n";
  for (const SweepStep& step : sweep.steps) {
    for (const TransportResult& transport : step.result.transports) {
      for (std::size_t i = 0; i < transport.repetitions.size(); ++i) {
        const harness::Repetition& repetition = transport.repetitions[i];
        for (const Metric& metric : harness::metrics()) {
          const auto figure = metric.of(repetition);
          if (!figure) continue;
          csv += fmt::format("{},{},{},{},{},{},{}\n", csv_field(step.value), transport.name, i + 1,
                             repetition.invalid.empty(), metric.name,
                             harness::unit_name(metric.unit), *figure);
        }
      }
    }
  }
  return csv;
}

namespace {

/// Where each value lies on the x axis: at its number, or one after the other where the values are
/// words.
std::vector<CurveTick> places(const SweepResult& sweep) {
  std::vector<CurveTick> ticks;
  const auto numeric = harness::VariedKey::of(sweep.spec.key);
  for (const SweepStep& step : sweep.steps) {
    const auto number =
        numeric ? numeric->number(step.value) : Result<double>(static_cast<double>(ticks.size()));
    if (number) ticks.push_back({*number, step.value});
  }
  return ticks;
}

/// By name, in the order of their columns.
std::vector<std::string> targets_of(const harness::RunResult& result) {
  std::vector<std::string> names;
  for (const TransportResult& column : result.transports) {
    if (!column.target) continue;
    if (names.empty() || names.back() != column.target->name) names.push_back(column.target->name);
  }
  return names;
}

CurvePanel panel(const SweepResult& sweep, const std::vector<CurveTick>& ticks,
                 std::string_view metric) {
  const Metric& shown = **harness::parse_metric(metric);
  CurvePanel panel{std::string(shown.meaning), shown.unit, {}, std::nullopt};
  const std::vector<std::string> targets = targets_of(sweep.steps.front().result);
  for (const TransportResult& first : sweep.steps.front().result.transports) {
    CurveLine line{first.name, style_of(first.name, targets), {}};
    for (std::size_t i = 0; i < ticks.size(); ++i) {
      for (const TransportResult& transport : sweep.steps[i].result.transports) {
        if (transport.name != first.name) continue;
        const auto figure = harness::spread_of(transport.repetitions, shown);
        if (figure) line.points.push_back({ticks[i].x, figure->median, figure, invalid(transport)});
      }
    }
    std::sort(line.points.begin(), line.points.end(),
              [](const CurvePoint& a, const CurvePoint& b) { return a.x < b.x; });
    panel.lines.push_back(std::move(line));
  }
  return panel;
}

}  // namespace

Curve sweep_curve(const SweepResult& sweep) {
  Curve curve;
  if (sweep.steps.empty()) return curve;
  curve.ticks = places(sweep);
  curve.title = fmt::format("{} over {}", sweep.steps.front().result.scenario, sweep.spec.key.name);
  curve.x_label = sweep.spec.key.name;
  for (const char* metric : {"delivery_latency.p50", "delivery_latency.p99", "network_bytes"}) {
    curve.panels.push_back(panel(sweep, curve.ticks, metric));
  }
  std::sort(curve.ticks.begin(), curve.ticks.end(),
            [](const CurveTick& a, const CurveTick& b) { return a.x < b.x; });
  return curve;
}

}  // namespace pushbench::report

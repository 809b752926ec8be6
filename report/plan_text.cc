#include "report/plan_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "clients/registry.h"
#include "harness/metrics.h"
#include "harness/needs.h"
#include "harness/transports.h"
#include "harness/units.h"
#include "report/columns.h"
#include "report/numbers.h"
#include "report/row_names.h"

namespace pushbench::report {

using harness::RunPlan;

namespace {

constexpr std::size_t kCell = 12;

struct Column {
  std::string_view title;
  std::string_view metric;
};
constexpr std::array kColumns{
    Column{"mean", "delivery_latency.mean"}, Column{"p99", "delivery_latency.p99"},
    Column{"empty", "exchanges.empty_share"}, Column{"polls/msg", "exchanges_per_message"},
    Column{"net B/msg", "network_bytes"}};

std::string rough_time(net::Duration time) {
  const double s = net::seconds(time);
  if (s < 120) return harness::format_duration(std::chrono::ceil<std::chrono::seconds>(time));
  return s < 7200 ? fmt::format("{:.0f} min", s / 60) : fmt::format("{:.0f} h", s / 3600);
}

std::string forecast_row(const std::string& name, const harness::Theory& theory) {
  std::string row = "  " + left(name, kRowName);
  for (const Column& column : kColumns) {
    const harness::Metric& metric = **harness::parse_metric(column.metric);
    const auto figure = metric.theory(theory);
    row += right(figure ? harness::figure_text(metric.unit, *figure) : "–", kCell);
  }
  return row + "\n";
}

std::string forecast_rows(const RunPlan& plan) {
  std::string text;
  RowNames names;
  const auto forecast = [&](const std::string& transport) {
    return harness::forecast(transport, plan.scenario, plan.schedule, plan.headers);
  };
  for (const std::string& transport : plan.transports) {
    text += forecast_row(transport, forecast(transport));
  }
  for (const harness::Target& target : plan.targets) {
    const harness::TargetResult named{target.name, target.dialect, target.url};
    text += names.heading(named, 2);
    for (const std::string& transport : target.transports) {
      text += forecast_row(RowNames::name(named, transport),
                           harness::of_target(forecast(transport), transport, target.dialect));
    }
  }
  return text;
}

std::string repetitions(const RunPlan& plan) {
  std::vector<std::string> names = plan.transports;
  for (const harness::Target& target : plan.targets) {
    for (const std::string& name : target.transports) {
      names.push_back(harness::column_name(target, name));
    }
  }
  const std::size_t n = names.size();
  return fmt::format("{} transport{} ({}), {} repetition{} each", n, n == 1 ? "" : "s",
                     fmt::join(names, ", "), plan.scenario.repeat,
                     plan.scenario.repeat == 1 ? "" : "s");
}

std::string needs(const RunPlan& plan) {
  const harness::Needs needs = harness::needs_of(plan);
  return wrapped(fmt::format("  needs         {} open files, {} ports, {} of memory; {} harness "
                             "thread{}",
                             thousands(needs.files), thousands(needs.ports),
                             size_text(static_cast<double>(needs.memory)), plan.threads,
                             plan.threads == 1 ? "" : "s"),
                 16);
}

}  // namespace

std::string plan_text(const RunPlan& plan) {
  const harness::Schedule& schedule = plan.schedule;
  std::string text = wrapped(fmt::format("{}: {}", plan.scenario.name, plan.scenario.purpose), 2);
  text += fmt::format("\n  users         {}\n  rooms         {}\n", thousands(schedule.users()),
                      thousands(schedule.rooms));
  text += fmt::format("  messages      {}, from {} of the users\n", thousands(schedule.says.size()),
                      thousands(schedule.publishers()));
  text += fmt::format("  deliveries    {}\n", thousands(schedule.expected_deliveries()));
  if (!schedule.cuts.empty()) {
    text += fmt::format("  cuts          {}\n", thousands(schedule.cuts.size()));
  }
  text +=
      fmt::format("  measured      {} a repetition\n", harness::format_duration(schedule.duration));
  text += wrapped("  runs          " + repetitions(plan), 16);
  text += fmt::format("  takes         about {} in all\n", rough_time(harness::planned_time(plan)));
  text += fmt::format("  schedule      {} (seed {})\n", schedule.hash(), plan.seed);
  text += needs(plan);
  text += "\nTheory, for each transport:\n" + std::string(15, ' ');
  for (const Column& column : kColumns) text += right(column.title, kCell);
  text += "\n";
  text += forecast_rows(plan);
  text += wrapped(
      "\nBytes are network bytes, TCP/IP's headers included, up and down together. Polls are "
      "those that ask for messages: publishing's POSTs are none.",
      0);
  return text;
}

}  // namespace pushbench::report

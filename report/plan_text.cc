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

std::string forecast_row(const RunPlan& plan, const std::string& transport) {
  const auto theory = harness::forecast(transport, plan.scenario, plan.schedule, plan.headers);
  std::string row = fmt::format("  {:<13}", transport);
  for (const Column& column : kColumns) {
    const harness::Metric& metric = **harness::parse_metric(column.metric);
    const auto figure = metric.theory(theory);
    row += right(figure ? harness::figure_text(metric.unit, *figure) : "–", kCell);
  }
  return row + "\n";
}

std::string repetitions(const RunPlan& plan) {
  const std::size_t n = plan.transports.size();
  return fmt::format("{} transport{} ({}), {} repetition{} each", n, n == 1 ? "" : "s",
                     fmt::join(plan.transports, ", "), plan.scenario.repeat,
                     plan.scenario.repeat == 1 ? "" : "s");
}

/// For the transport that takes most: a run has one at a time.
std::string needs(const RunPlan& plan) {
  const harness::Needs needs =
      harness::needs_of(plan.scenario, plan.schedule, plan.transports, plan.threads);
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
  for (const std::string& transport : plan.transports) text += forecast_row(plan, transport);
  text += wrapped(
      "\nBytes are network bytes, TCP/IP's headers included, up and down together. Polls are "
      "those that ask for messages: publishing's POSTs are none.",
      0);
  return text;
}

}  // namespace pushbench::report

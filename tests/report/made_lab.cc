#include "made_lab.h"

#include <fmt/format.h>

#include <cstdlib>

#include "harness/scenario_file.h"

namespace pushbench::report {

namespace {

constexpr const char* kLab = R"(minutes = 10
runs_take = "20s"
title = { en = "Polling <often>", ru = "Опрос" }
[[run]]
name = "slow"
scenario = "slow.toml"
transports = ["polling"]
[[run]]
name = "fast"
scenario = "fast.toml"
transports = ["polling"]
[[predict]]
id = "wait"
ask = { en = "How long?", ru = "Как долго?" }
unit = "ms"
figure = "slow.polling.delivery_latency.mean"
[[predict]]
id = "empty"
ask = { en = "How many empty?", ru = "Сколько пустых?" }
figure = "fast.polling.exchanges.empty_share"
[[predict]]
id = "factor"
ask = { en = "How much longer?", ru = "Во сколько раз?" }
figure = "slow.polling.delivery_latency.mean / fast.polling.delivery_latency.mean"
[[check]]
says = "slow.polling.delivery_latency.mean > 3 * fast.polling.delivery_latency.mean"
hint = { en = "Ten times the interval", ru = "Интервал вдесятеро больше" }
[[check]]
says = "fast.polling.exchanges.empty_share within 10% of 80%"
hint = { en = "Most are empty", ru = "Почти все пусты" }
[[check]]
says = "prediction.wait > 100ms"
hint = { en = "Half an interval", ru = "Половина интервала" }
)";

constexpr const char* kScenario =
    "[users]\ncount = 4\n[traffic]\nkind = \"poisson\"\nrate = \"4/s\"\nduration = \"10s\"\n"
    "[transport.polling]\ninterval = \"{}\"\n[run]\nrepeat = 2\n";

template <class T>
T must(Result<T> result) {
  if (result) return std::move(*result);
  fmt::print(stderr, "{}\n", result.error().line());
  std::abort();
}

harness::Repetition repetition(const harness::RunPlan& plan, double latency_us,
                               double empty_share) {
  harness::Repetition r;
  r.users = r.users_asked = plan.schedule.users();
  r.duration_s = 10;
  r.messages.published = plan.schedule.says.size();
  r.messages.expected = r.messages.delivered = plan.schedule.expected_deliveries();
  harness::Histogram second;
  for (std::uint64_t i = 0; i < r.messages.delivered; ++i) {
    second.record(static_cast<std::int64_t>(latency_us));
  }
  r.delivery_latency.add(second);
  r.by_second.push_back({0, 1, second.sparse()});
  r.exchanges.total = r.exchanges.asked = 1000;
  r.exchanges.empty = static_cast<std::uint64_t>(1000 * empty_share);
  r.events = {r.messages.published, r.messages.published};
  r.theory.mean_latency_us = latency_us * 0.99;
  r.theory.empty_share = empty_share;
  r.theory.exchanges_per_message = 1;
  return r;
}

}  // namespace

MadeLab::MadeLab()
    : lab_(must(harness::parse_lab(kLab, "labs/7/lab.toml", {"polling", "websocket"}))) {
  lab_.number = 7;
}

harness::RunPlan MadeLab::plan(const std::string& run, const std::vector<std::string>& set) const {
  const std::string toml = fmt::format(fmt::runtime(kScenario), run == "slow" ? "500ms" : "50ms");
  const auto scenario = must(harness::parse_scenario(toml, "labs/7/" + run + ".toml", set));
  harness::RunPlan plan =
      must(harness::plan_run(scenario, 1, PUSHBENCH_SOURCE_DIR "/scenarios/headers"));
  plan.transports = {"polling"};
  plan.overrides = set;
  return plan;
}

harness::RunResult MadeLab::result(const harness::RunPlan& plan, double latency_us,
                                   double empty_share) const {
  harness::RunResult result = harness::begin_result(plan);
  double started_s = 1;
  for (const double factor : {0.98, 1.02}) {
    for (harness::TransportResult& transport : result.transports) {
      transport.repetitions.push_back(repetition(plan, latency_us * factor, empty_share));
      transport.repetitions.back().started_s = started_s;
      started_s += 15;
    }
  }
  return result;
}

LabResult MadeLab::with(const std::string& run, harness::RunResult result) const {
  return {lab_.run(run), std::move(result)};
}

LabResults MadeLab::honest() const {
  LabResults results;
  results.push_back(with("slow", result(plan("slow"), 250'000, 0.2)));
  results.push_back(with("fast", result(plan("fast"), 25'000, 0.8)));
  return results;
}

}  // namespace pushbench::report

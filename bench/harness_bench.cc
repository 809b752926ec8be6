// What the harness does with what is delivered, and before anything is.

#include <benchmark/benchmark.h>

#include <vector>

#include "bench/inputs.h"
#include "harness/histogram.h"
#include "harness/scenario_file.h"
#include "harness/schedule.h"
#include "harness/second_by_second.h"
#include "harness/trace.h"
#include "net/splitmix.h"

namespace pushbench::bench {
namespace {

using harness::Histogram;
using harness::Scenario;

/// Latencies as a run has them: most below a millisecond, some far above.
std::vector<std::int64_t> latencies_us() {
  net::SplitMix64 random(1);
  std::vector<std::int64_t> all(4096);
  for (std::int64_t& us : all) {
    us = static_cast<std::int64_t>(200 + random.next() % 800);
    if (random.next() % 100 == 0) us *= 20;
  }
  return all;
}

void histogram_record(benchmark::State& state) {
  const std::vector<std::int64_t> latencies = latencies_us();
  Histogram histogram;
  for (auto _ : state) {
    for (const std::int64_t us : latencies) histogram.record(us);
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(latencies.size()));
}

/// What is watched while a run goes on, five times a second.
void histogram_percentile(benchmark::State& state) {
  Histogram histogram;
  for (const std::int64_t us : latencies_us()) histogram.record(us);
  for (auto _ : state) benchmark::DoNotOptimize(histogram.percentile(99));
}

/// 1,000 deliveries a second, each second's kept apart.
void second_by_second(benchmark::State& state) {
  const std::vector<std::int64_t> latencies = latencies_us();
  harness::SecondBySecond seconds;
  net::Duration at{};
  for (auto _ : state) {
    for (const std::int64_t us : latencies) {
      seconds.record(at, us);
      at += std::chrono::milliseconds(1);
    }
    if (at > std::chrono::hours(1)) {  // as a long run, and no more memory than one has
      benchmark::DoNotOptimize(seconds.take());
      at = {};
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(latencies.size()));
}

BENCHMARK(histogram_record)->Name("harness/histogram_record");
BENCHMARK(histogram_percentile)->Name("harness/histogram_percentile");
BENCHMARK(second_by_second)->Name("harness/second_by_second");

void unroll(benchmark::State& state, const Scenario& scenario,
            const std::vector<harness::TraceEvent>& trace) {
  std::size_t says = 0;
  for (auto _ : state) says = must(harness::unroll(scenario, trace, 1)).says.size();
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(says));
}

/// The shipped chat; an item is a message.
void unroll_chat(benchmark::State& state) {
  const std::string folder = PUSHBENCH_SOURCE_DIR "/scenarios";
  const Scenario scenario = must(harness::load_scenario("chat", folder, {}));
  unroll(state, scenario, must(harness::read_trace(scenario.folder + "/" + scenario.trace)));
}

/// Half a million messages of 10,000 users who come and go, in 100 rooms.
void unroll_large(benchmark::State& state) {
  Scenario scenario;
  scenario.users = 10'000;
  scenario.rooms = 100;
  scenario.presence = harness::Presence::churn;
  scenario.traffic = harness::TrafficKind::poisson;
  scenario.per = harness::TrafficPer::user;
  scenario.rate = 1;
  scenario.duration = std::chrono::seconds(50);
  unroll(state, scenario, {});
}

BENCHMARK(unroll_chat)->Name("harness/unroll_chat");
BENCHMARK(unroll_large)->Name("harness/unroll_large")->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace pushbench::bench

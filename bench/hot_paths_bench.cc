// The hot paths by the clock. scripts/bench --instructions counts what they execute.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <memory>
#include <string_view>

#include "bench/hot_paths.h"

namespace pushbench::bench {
namespace {

void run(benchmark::State& state, std::string_view name) {
  const std::vector<HotPathKind>& all = hot_paths();
  const auto kind = std::find_if(all.begin(), all.end(),
                                 [name](const HotPathKind& one) { return one.name == name; });
  if (kind == all.end()) return state.SkipWithError("there is no such hot path");
  const std::unique_ptr<HotPath> path = kind->make();
  for (auto _ : state) path->once();
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kind->items));
}

BENCHMARK_CAPTURE(run, frame_in, "frame-in")->Name("hot/frame-in");
BENCHMARK_CAPTURE(run, request_in, "request-in")->Name("hot/request-in");
BENCHMARK_CAPTURE(run, draft_in, "draft-in")->Name("hot/draft-in");
BENCHMARK_CAPTURE(run, fan_out, "fan-out")->Name("hot/fan-out");
BENCHMARK_CAPTURE(run, delivery, "delivery")->Name("hot/delivery");

}  // namespace
}  // namespace pushbench::bench

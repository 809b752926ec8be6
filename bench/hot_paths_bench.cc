// The five hot paths by the clock. scripts/bench --instructions counts what they execute.

#include <benchmark/benchmark.h>

#include "bench/hot_paths.h"

namespace pushbench::bench {
namespace {

void run(benchmark::State& state, const HotPathKind& kind) {
  const std::unique_ptr<HotPath> path = kind.make();
  for (auto _ : state) path->once();
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kind.items));
}

/// All of them are known only when the program runs.
struct Registration {
  Registration() {
    for (const HotPathKind& kind : hot_paths()) {
      benchmark::RegisterBenchmark(("hot/" + std::string(kind.name)).c_str(), run, kind);
    }
  }
};
const Registration registration;

}  // namespace
}  // namespace pushbench::bench

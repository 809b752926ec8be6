// What a client does for each exchange, beside reading the answer (wire/answer_in).

#include <benchmark/benchmark.h>

#include <string>
#include <utility>

#include "bench/inputs.h"
#include "clients/requests.h"

namespace pushbench::bench {
namespace {

/// A poll with a browser's headers, made in the memory of the one before.
void poll_out(benchmark::State& state) {
  const clients::RequestHeaders headers = browser_headers();
  std::string target;
  std::string request;
  for (auto _ : state) {
    target = clients::poll_target("room-1", "k3f9.17", std::move(target));
    request = clients::get_request({kHost, headers.fetch}, target, {}, std::move(request));
    benchmark::DoNotOptimize(request.data());
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations());
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(request.size()));
}
BENCHMARK(poll_out)->Name("clients/poll_out");

}  // namespace
}  // namespace pushbench::bench

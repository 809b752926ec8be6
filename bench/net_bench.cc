// Timers: each connection sets one anew with every exchange.

#include <benchmark/benchmark.h>

#include <memory>
#include <vector>

#include "net/loop.h"
#include "net/splitmix.h"
#include "net/timer.h"

namespace pushbench::bench {
namespace {

class Connections {
 public:
  explicit Connections(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      timers_.push_back(
          std::make_unique<net::Timer>(loop_, net::Callback::to<&Connections::on_timer>(this)));
      timers_.back()->start_in(std::chrono::seconds(75));
    }
  }
  void restart_any() {
    timers_[random_.next() % timers_.size()]->start_in(std::chrono::seconds(75));
  }

 private:
  void on_timer() {}

  net::SplitMix64 random_{1};
  net::Loop loop_;
  std::vector<std::unique_ptr<net::Timer>> timers_;
};

void timer_restart(benchmark::State& state) {
  Connections connections(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) connections.restart_any();
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(timer_restart)->Name("net/timer_restart")->Arg(100)->Arg(10'000)->Arg(100'000);

}  // namespace
}  // namespace pushbench::bench

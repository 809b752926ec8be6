// What the server does between the bytes of one connection and those of others: store, batches and
// the way of a message to all subscribers of its room.

#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "bench/fake_room.h"
#include "bench/inputs.h"
#include "servers/store.h"

namespace pushbench::bench {
namespace {

using servers::Batch;

constexpr std::int64_t kAt = 1'764'000'000'000;  // ms since 1970

class NoSubscribers final : public servers::DeliveryListener {
  void on_published(servers::Room&, const Batch&) override {}
};

/// A room that has as many messages as it retains, so that each new one pushes an old one out.
class FullRoom {
 public:
  FullRoom() {
    for (std::size_t i = 0; i < chat_.size(); ++i) publish();
    store_.deliver(*room);
  }
  void publish() {
    store_.publish(*room, chat_[next_].draft(), kAt);
    next_ = (next_ + 1) % chat_.size();
  }
  void deliver() { store_.deliver(*room); }

 private:
  const std::vector<Said> chat_ = chat(1500);  // more than are retained: an id is new again
  NoSubscribers listener_;
  servers::MessageStore store_{{}, "k3f9", listener_};
  std::size_t next_ = 0;

 public:
  servers::Room* const room = must(store_.open("r"));
};

/// So many messages in one turn, which become one batch.
void publish(benchmark::State& state) {
  FullRoom full;
  const std::int64_t messages = state.range(0);
  for (auto _ : state) {
    for (std::int64_t i = 0; i < messages; ++i) full.publish();
    full.deliver();
  }
  state.SetItemsProcessed(state.iterations() * messages);
}

/// What one who comes anew lacks: the messages are encoded, the batch of them is not.
void backlog(benchmark::State& state) {
  FullRoom full;
  const auto messages = static_cast<std::uint64_t>(state.range(0));
  std::size_t bytes = 0;
  for (auto _ : state) {
    full.publish();  // else the batch would be known
    const Batch batch = full.room->after({"k3f9", full.room->last() - messages});
    bytes = batch.json->size();
    benchmark::DoNotOptimize(batch);
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes));
}

/// A poll of somebody who stands where others stood before.
void known_batch(benchmark::State& state) {
  FullRoom full;
  const servers::Cursor cursor{"k3f9", full.room->last() - 1};
  for (auto _ : state) benchmark::DoNotOptimize(full.room->after(cursor));
  state.SetItemsProcessed(state.iterations());
}

BENCHMARK(publish)->Name("servers/publish")->Arg(1)->Arg(20);
BENCHMARK(backlog)->Name("servers/backlog")->Arg(1)->Arg(20)->Arg(900);
BENCHMARK(known_batch)->Name("servers/known_batch");

/// One message to so many subscribers; an item is a delivery. Those of long polling ask again.
void fan_out(benchmark::State& state, std::string_view transport) {
  const auto subscribers = static_cast<std::size_t>(state.range(0));
  FakeRoom room(transport, subscribers);
  const std::uint64_t before = room.bytes();
  for (auto _ : state) room.publish();
  const std::int64_t deliveries = state.iterations() * state.range(0);
  state.SetItemsProcessed(deliveries);
  if (room.bytes() < before + 50 * static_cast<std::uint64_t>(deliveries)) {
    state.SkipWithError("some subscribers were not given the message");
  }
}

BENCHMARK_CAPTURE(fan_out, websocket, "websocket")
    ->Name("servers/fan_out/websocket")
    ->RangeMultiplier(10)
    ->Range(1, 100'000);
BENCHMARK_CAPTURE(fan_out, sse, "sse")
    ->Name("servers/fan_out/sse")
    ->RangeMultiplier(10)
    ->Range(1, 100'000);
BENCHMARK_CAPTURE(fan_out, long_polling, "long-polling")
    ->Name("servers/fan_out/long-polling")
    ->RangeMultiplier(10)
    ->Range(1, 100'000);

}  // namespace
}  // namespace pushbench::bench

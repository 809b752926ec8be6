#include "harness/account.h"

#include <algorithm>
#include <cstdint>

namespace pushbench::harness {

namespace {

/// A message's last receiver may be on any thread; one that did not reach all has none.
void add_last_receivers(const Schedule& schedule, const std::vector<Recorder*>& shards,
                        Histogram& latency) {
  std::vector<std::uint32_t> receivers(schedule.says.size());
  for (const Recorder* shard : shards) shard->add_receivers(receivers);
  for (std::size_t say = 0; say < receivers.size(); ++say) {
    Recorder::Receipt all;
    for (const Recorder* shard : shards) {
      const Recorder::Receipt& receipt = shard->receipts()[say];
      all = {all.count + receipt.count, std::max(all.last_us, receipt.last_us)};
    }
    if (all.count > 0 && all.count == receivers[say]) latency.record(all.last_us);
  }
}

}  // namespace

void account(const Schedule& schedule, const std::vector<Recorder*>& shards,
             net::Duration under_way, Repetition& repetition) {
  for (Recorder* shard : shards) {
    shard->close(under_way);
    repetition.messages += shard->messages();
    repetition.payload = repetition.payload + shard->payload();
    repetition.delivery_latency.add(shard->latency());
    repetition.sender_latency.add(shard->sender_latency());
    repetition.lateness.add(shard->lateness());
  }
  add_last_receivers(schedule, shards, repetition.last_receiver_latency);
}

}  // namespace pushbench::harness

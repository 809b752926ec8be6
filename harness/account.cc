#include "harness/account.h"

#include <algorithm>
#include <cstdint>

#include "net/segments.h"

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

/// Only the last second may be cut short by the repetition's end.
void set_lengths(std::vector<LatencySecond>& seconds, double duration_s) {
  for (LatencySecond& second : seconds) {
    second.length_s = std::clamp(duration_s - second.start_s, 0.0, 1.0);
  }
}

/// One direction's: it has sent at least so many pieces, and bare ACKs besides.
std::uint64_t segments(std::uint64_t bytes, std::uint64_t pieces, std::uint64_t acks) {
  return std::max(pieces, bytes / net::kSegmentPayload) + acks;
}

}  // namespace

void add_headers_by_formula(Repetition& repetition) {
  repetition.network_source = "formula";
  const Exchanges& exchanges = repetition.exchanges;
  // Who does not ask for messages has them pushed, and acknowledges each; and a publisher without
  // exchanges of its own writes on the same connection.
  const std::uint64_t pushed = exchanges.asked == 0 ? repetition.messages.delivered : 0;
  const bool posts = exchanges.total > exchanges.connections;
  const std::uint64_t written = posts ? 0 : repetition.messages.published;
  for (Bytes* bytes : {&repetition.bytes, &repetition.whole}) {
    const std::uint64_t connections = exchanges.connections;
    const Directions sent = bytes->application + bytes->tls;
    bytes->segments.up = segments(sent.up, exchanges.total + written, pushed) + 4 * connections;
    bytes->segments.down = segments(sent.down, exchanges.total + pushed, written) + 2 * connections;
    const std::uint64_t options = (net::kSynHeader - net::kSegmentHeader) * connections;
    bytes->network = {sent.up + bytes->segments.up * net::kSegmentHeader + options,
                      sent.down + bytes->segments.down * net::kSegmentHeader + options};
  }
}

void account(const Schedule& schedule, const std::vector<Recorder*>& shards,
             net::Duration under_way, Repetition& repetition) {
  for (Recorder* shard : shards) {
    shard->close(under_way);
    repetition.messages += shard->messages();
    repetition.payload = repetition.payload + shard->payload();
    repetition.delivery_latency.add(shard->latency());
    merge_seconds(repetition.by_second, shard->take_seconds());
    repetition.sender_latency.add(shard->sender_latency());
    repetition.lateness.add(shard->lateness());
  }
  set_lengths(repetition.by_second, repetition.duration_s);
  add_last_receivers(schedule, shards, repetition.last_receiver_latency);
}

}  // namespace pushbench::harness

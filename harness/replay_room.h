#pragma once

#include <cstdint>
#include <vector>

#include "harness/scenario.h"
#include "harness/schedule.h"
#include "net/clock.h"
#include "net/link.h"

namespace pushbench::harness {

/// One direction of one connection in a replay: what is sent arrives in order. Times count from the
/// start of what is measured.
class Way {
 public:
  Way(const net::LinkProfile& link, bool up, std::uint64_t seed)
      : direction_(link.delay, link.jitter, up ? link.up : link.down, seed) {}

  /// When the last of `bytes` that are sent at `at` is there.
  net::Duration cross(std::size_t bytes, net::Duration at);

 private:
  net::LinkDirection direction_;
  net::Duration last_ = net::Duration::min();
};

/// A message as the server has it.
struct Stored {
  net::Duration at;  // when it came
  std::uint32_t say;
  std::uint32_t bytes;  // in a batch
};

/// Messages that go out as one.
struct StoredBatch {
  net::Duration at;
  std::size_t first;  // of the room's messages
  std::size_t end;
};

struct StoredRoom {
  std::vector<Stored> messages;      // in the order of their seq, from 1
  std::vector<std::uint64_t> bytes;  // of all messages before the k-th
  std::vector<StoredBatch> batches;

  std::size_t batch_size(std::size_t first, std::size_t end) const;
  std::size_t before(net::Duration moment) const;          // messages that had come by then
  std::size_t batches_before(net::Duration moment) const;  // … and batches that had gone out
};

/// The link of a user's group.
const net::LinkProfile& link_of(const Scenario& scenario, const Schedule& schedule,
                                std::uint32_t user);

/// Puts what has arrived in order, and gathers it as the server does.
void seal(StoredRoom& room, const Schedule& schedule, net::Duration window);

}  // namespace pushbench::harness

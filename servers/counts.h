#pragma once

#include <cstdint>

namespace pushbench::servers {

/// What one transport has done, or the publishing by POST, for /metrics. It is counted where
/// answers and batches pass below the transports, so that none of them can count wrongly.
struct Counts {
  /// Answers that began to requests that were routed here, refusals too: whole ones, and the heads
  /// of those that opened a stream or a socket.
  std::uint64_t exchanges = 0;
  std::uint64_t empty = 0;       // of these whole ones: successful, and without a message
  std::uint64_t deliveries = 0;  // messages handed to subscribers; a gap is none
};

}  // namespace pushbench::servers

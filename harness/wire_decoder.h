#pragma once

#include <span>
#include <vector>

#include "harness/result.h"
#include "harness/wire_tap.h"
#include "net/clock.h"

namespace pushbench::harness {

struct Decoded {
  /// In order of time, that of an event's last byte; head and body are bytes as they came, bodies
  /// inflated.
  std::vector<WireEvent> events;
  bool unreadable = false;  // some of it was not what is spoken here
};

/// Tells requests, responses, events and frames apart, and heads from bodies. What has no end is
/// left out. Times count from `start`.
Decoded decode(std::span<const WirePiece> pieces, net::Time start);

}  // namespace pushbench::harness

#pragma once

#include <cstdint>
#include <optional>

#include "harness/schedule.h"
#include "net/clock.h"

namespace pushbench::harness {

/// A while of the measured time, and the user through whose eyes it is looked at.
struct WireStretch {
  std::uint32_t user = 0;
  net::Duration from{};  // the measured time's start
  net::Duration length{};
};

/// The rule: the publisher of the first message that another user's one follows in the same room
/// within half the length, from 50 ms before that message on; it is there, and there is time, for
/// the whole length. Where no message is like that, the first that comes near to it. From the
/// schedule alone, so that all transports show the same; none: nothing is said.
std::optional<WireStretch> choose_stretch(const Schedule& schedule, net::Duration length);

}  // namespace pushbench::harness

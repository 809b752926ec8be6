#pragma once

#include <chrono>
#include <cstddef>

#include "net/clock.h"

namespace pushbench::harness {

// What lies between the last user's having joined and the measured time, beside the warm-up.

/// Until all threads have heard when the measured time begins.
inline constexpr std::chrono::milliseconds kNews{5};

/// How long before the measured time a crowd of so many users begins to count bytes and exchanges:
/// the kernel is asked for each connection, and no event may wait for that.
constexpr net::Duration notice_for(std::size_t users) {
  return std::chrono::milliseconds(10) + std::chrono::microseconds(2) * users;
}

}  // namespace pushbench::harness

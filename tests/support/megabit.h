#pragma once

#include <chrono>
#include <cstddef>

#include "net/clock.h"
#include "net/segments.h"

namespace pushbench::test {

constexpr double kMegabit = 1e6;  // bits a second

/// What `payload` bytes and their headers take at 1 Mbit/s.
constexpr net::Duration at_a_megabit(std::size_t payload) {
  return std::chrono::microseconds(8 * (payload + net::header_bytes(payload)));
}

}  // namespace pushbench::test

#pragma once

#include <chrono>

namespace pushbench::net {

using Clock = std::chrono::steady_clock;  // CLOCK_MONOTONIC, in nanoseconds
using Time = Clock::time_point;
using Duration = std::chrono::nanoseconds;

inline Time now() { return Clock::now(); }

}  // namespace pushbench::net

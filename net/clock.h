#pragma once

#include <chrono>
#include <cstdint>

namespace pushbench::net {

using Clock = std::chrono::steady_clock;  // CLOCK_MONOTONIC, in nanoseconds
using Time = Clock::time_point;
using Duration = std::chrono::nanoseconds;

inline Time now() { return Clock::now(); }

inline double seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }
inline std::int64_t microseconds(Duration duration) {  // whole ones, towards 0
  return std::chrono::duration_cast<std::chrono::microseconds>(duration).count();
}

}  // namespace pushbench::net

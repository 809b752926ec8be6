#pragma once

#include <chrono>
#include <cstdint>

namespace pushbench::servers {

/// The wall clock in ms since 1970, for `at` and Date.
inline std::int64_t unix_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace pushbench::servers

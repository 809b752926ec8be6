#include "clients/backoff.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

namespace pushbench::clients {

net::Duration Backoff::next() {
  std::array<std::uint8_t, 4> bytes;
  random_.fill(bytes);
  const double part = std::ldexp(std::bit_cast<std::uint32_t>(bytes), -32);  // 0 to 1
  const net::Duration bound = bound_;
  bound_ = std::min(2 * bound_, kMost);
  return std::chrono::duration_cast<net::Duration>(part * bound);
}

}  // namespace pushbench::clients

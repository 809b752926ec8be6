#include "net/link.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

#include "net/segments.h"

namespace pushbench::net {

namespace {

constexpr std::size_t kQueue = 256 * 1024;
constexpr std::size_t kUnlimitedWindow = 4 * 1024 * 1024;
constexpr Duration kStretch = std::chrono::microseconds(200);

}  // namespace

bool LinkProfile::ideal() const {
  return delay <= Duration::zero() && jitter <= Duration::zero() && up <= 0 && down <= 0;
}

LinkDirection::LinkDirection(Duration delay, Duration jitter, double bits_per_second,
                             std::uint64_t seed)
    : delay_(std::max(delay, Duration::zero())),
      jitter_(std::max(jitter, Duration::zero())),
      bits_per_second_(bits_per_second),
      random_(seed),
      stretch_(std::numeric_limits<std::size_t>::max()),
      window_(kUnlimitedWindow) {
  if (bits_per_second_ <= 0) return;
  const auto segments = std::max<std::int64_t>(1, kStretch / time_for(kSegmentPayload));
  stretch_ = static_cast<std::size_t>(segments) * kSegmentPayload;
  const double in_flight = seconds(delay_ + jitter_);
  window_ = kQueue + static_cast<std::size_t>(bits_per_second_ / 8 * in_flight);
}

/// Rounded up, so that nothing is early.
Duration LinkDirection::time_for(std::size_t payload) const {
  const auto bytes = static_cast<double>(payload + header_bytes(payload));
  return Duration(1 + static_cast<std::int64_t>(bytes * 8e9 / bits_per_second_));
}

Time LinkDirection::occupy(std::size_t payload, Time from) {
  if (bits_per_second_ <= 0) return from;
  free_at_ = std::max(free_at_, from) + time_for(payload);
  return free_at_;
}

Duration LinkDirection::draw_delay() {
  if (jitter_ == Duration::zero()) return delay_;
  const auto steps = static_cast<std::uint64_t>(jitter_.count()) + 1;
  return delay_ + Duration(static_cast<std::int64_t>(random_.next() % steps));
}

Link::Link(const LinkProfile& profile, std::uint64_t seed)
    : ideal_(profile.ideal()),
      up_(profile.delay, profile.jitter, profile.up, seed),
      down_(profile.delay, profile.jitter, profile.down, ~seed) {}

}  // namespace pushbench::net

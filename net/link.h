#pragma once

#include <cstddef>
#include <cstdint>

#include "net/clock.h"
#include "net/splitmix.h"

namespace pushbench::net {

/// What lies between one user and the server.
struct LinkProfile {
  Duration delay{};   // one way, each way
  Duration jitter{};  // each direction adds 0 to this, uniformly; order is kept in a connection
  double up = 0;      // bits a second from user to server; 0: no limit
  double down = 0;    // bits a second from server to user; 0: no limit

  bool ideal() const;  // nothing to emulate
};

/// One direction of a link, for all connections on it: first come, first served.
class LinkDirection {
 public:
  LinkDirection(Duration delay, Duration jitter, double bits_per_second, std::uint64_t seed);

  /// Puts `payload` bytes on the link, with a TCP/IP header for each segment of theirs. Returns
  /// when the last bit is on its way, behind all that the link was given before.
  Time occupy(std::size_t payload, Time from);
  Duration draw_delay();  // of what is sent in one go: delay and a share of the jitter

  /// Payload that may travel as one: a segment, or as many as pass within 0.2 ms.
  std::size_t stretch() const { return stretch_; }
  /// Bytes that one connection may have on the way: what the path itself holds, and 256 KiB in
  /// front of it, as in a router's queue. Without a limit of bandwidth it is 4 MiB.
  std::size_t window() const { return window_; }

 private:
  Duration time_for(std::size_t payload) const;

  Duration delay_;
  Duration jitter_;
  double bits_per_second_;
  SplitMix64 random_;
  std::size_t stretch_;
  std::size_t window_;
  Time free_at_{};
};

/// One user's link: its connections share the bandwidth. Must outlive their streams.
class Link {
 public:
  Link(const LinkProfile& profile, std::uint64_t seed);

  bool ideal() const { return ideal_; }
  LinkDirection& up() { return up_; }
  LinkDirection& down() { return down_; }

 private:
  bool ideal_;
  LinkDirection up_;
  LinkDirection down_;
};

}  // namespace pushbench::net

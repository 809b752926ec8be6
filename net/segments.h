#pragma once

#include <algorithm>
#include <cstdint>

namespace pushbench::net {

// What TCP/IP adds to a connection's bytes on a path with an MTU of 1500, by rules, for a system
// that cannot tell and for a theory. IPv4 without options (20), TCP (20) with timestamps (12):
// Linux's default on both sides. Over IPv6 each segment has 20 more.

inline constexpr std::uint64_t kSegmentPayload = 1448;  // 1500 - 52
inline constexpr std::uint64_t kSegmentHeader = 52;
inline constexpr std::uint64_t kSynHeader = 60;  // 20 of options: MSS, SACK, timestamps, scale

/// Segments that `payload` bytes written in one go take. A segment without payload is one, too.
constexpr std::uint64_t segments_of(std::uint64_t payload) {
  return std::max<std::uint64_t>(1, (payload + kSegmentPayload - 1) / kSegmentPayload);
}

/// Bytes of their headers.
constexpr std::uint64_t header_bytes(std::uint64_t payload) {
  return kSegmentHeader * segments_of(payload);
}

}  // namespace pushbench::net

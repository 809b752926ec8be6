#pragma once

#include <algorithm>
#include <cstdint>

namespace pushbench::net {

// What TCP/IP adds to a connection's bytes on a path with an MTU of 1500, by rules, for a theory
// and for systems that cannot tell. IPv4 without options (20), TCP (20) with timestamps (12), which
// is Linux's default on both sides; nothing is lost. Over IPv6 each segment has 20 more.
//
// The rules were compared with what Linux 6.18 sends on a loopback of that MTU, and with what its
// TCP_INFO counts. Two things differ there: a sender that keeps a window full sends its segments in
// trains, each of which is acknowledged once where network cards or the kernel put it together
// again; and a large write may be split where the window ends.

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

/// Bytes of the bare ACKs that go back for `payload` bytes written in one go, of which the receiver
/// answers nothing within 40 ms: one for every two segments and one for the last (RFC 5681 §4.2).
/// A push costs this, and so does a response behind which the client pauses.
constexpr std::uint64_t ack_bytes(std::uint64_t payload) {
  return kSegmentHeader * ((segments_of(payload) + 1) / 2);
}

/// Likewise where the receiver answers at once, as a server does with a request: what the last ACK
/// says rides on the answer.
constexpr std::uint64_t ack_bytes_if_answered(std::uint64_t payload) {
  return kSegmentHeader * (segments_of(payload) / 2);
}

/// Bytes without any payload, seen from the side that connects.
struct BareBytes {
  std::uint64_t out;
  std::uint64_t in;
};

/// SYN and ACK one way, SYN-ACK the other.
inline constexpr BareBytes kOpening{kSynHeader + kSegmentHeader, kSynHeader};

/// On a new connection each side acknowledges the other's first segment at once, though it answers
/// it: one ACK more than ack_bytes_if_answered() says. Under TLS these are the handshake's.
inline constexpr BareBytes kFirstAcks{kSegmentHeader, kSegmentHeader};

/// We end our side first: FIN and the last ACK go out. The peer's FIN takes the ACK of ours along,
/// if the peer ends within 40 ms.
inline constexpr BareBytes kClosing{2 * kSegmentHeader, kSegmentHeader};
/// The peer ends first, likewise.
inline constexpr BareBytes kClosingByPeer{kSegmentHeader, 2 * kSegmentHeader};

}  // namespace pushbench::net

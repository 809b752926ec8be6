#include "net/network_count.h"

#include <netinet/in.h>
#include <netinet/tcp.h>

#include "net/tcp_info.h"

namespace pushbench::net {

namespace {

constexpr std::uint64_t kTcpHeader = 20;
constexpr std::uint64_t kTimestamps = 12;
// Maximum segment size 4, selective ACKs with timestamps 12, window scale 4; without timestamps
// selective ACKs take 4. These are what Linux offers by default.
constexpr std::uint64_t kSynOptions = 8;
constexpr std::uint64_t kSynWithoutTimestamps = 4;

std::uint64_t ip_header_to(const Address& peer) {
  if (peer.get()->sa_family != AF_INET6) return 20;
  const auto& ipv6 = *reinterpret_cast<const sockaddr_in6*>(peer.get());
  return IN6_IS_ADDR_V4MAPPED(&ipv6.sin6_addr) ? 20 : 40;
}

std::uint64_t header_bytes(std::uint64_t segments, bool timestamps, std::uint64_t ip_header) {
  if (segments == 0) return 0;
  const std::uint64_t each = ip_header + kTcpHeader + (timestamps ? kTimestamps : 0);
  const std::uint64_t syn = kSynOptions + (timestamps ? 0 : kSynWithoutTimestamps);
  return segments * each + syn;
}

struct Remaining {
  std::uint64_t out;
  std::uint64_t in;
};

/// The segments that follow when a socket in this state is closed.
Remaining after_close(int state, bool unread) {
  switch (state) {
    case TCP_ESTABLISHED:
      return unread ? Remaining{1, 0} : Remaining{2, 1};  // our FIN, the peer's, our ACK
    case TCP_CLOSE_WAIT:
      return unread ? Remaining{1, 0} : Remaining{1, 1};  // our FIN, the peer's ACK
    case TCP_FIN_WAIT1:
    case TCP_FIN_WAIT2:
      return unread ? Remaining{1, 0} : Remaining{1, 1};  // the peer's FIN, our ACK
    case TCP_CLOSING:
    case TCP_LAST_ACK:
      return {0, 1};  // the peer's ACK
    default:
      return {0, 0};
  }
}

}  // namespace

NetworkCount::NetworkCount(const Address& peer) : ip_header_(ip_header_to(peer)) {}

void NetworkCount::sample(int socket, Traffic& traffic) {
  const auto info = tcp_info(socket);
  if (!info) return;
  add_up_to({info->segments_out, info->segments_in,
             header_bytes(info->segments_out, info->timestamps, ip_header_),
             header_bytes(info->segments_in, info->timestamps, ip_header_), info->retransmitted},
            traffic);
}

void NetworkCount::finish(int socket, bool unread, Traffic& traffic) {
  const auto info = tcp_info(socket);
  if (!info) return;
  const Remaining more = after_close(info->state, unread);
  const std::uint64_t out = info->segments_out + more.out;
  const std::uint64_t in = info->segments_in + more.in;
  add_up_to({out, in, header_bytes(out, info->timestamps, ip_header_),
             header_bytes(in, info->timestamps, ip_header_), info->retransmitted},
            traffic);
}

void NetworkCount::add_up_to(const Totals& totals, Traffic& traffic) {
  traffic.segments_out += totals.segments_out - counted_.segments_out;
  traffic.segments_in += totals.segments_in - counted_.segments_in;
  traffic.header_bytes_out += totals.header_bytes_out - counted_.header_bytes_out;
  traffic.header_bytes_in += totals.header_bytes_in - counted_.header_bytes_in;
  traffic.retransmitted += totals.retransmitted - counted_.retransmitted;
  counted_ = totals;
}

}  // namespace pushbench::net

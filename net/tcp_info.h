#pragma once

#include <cstdint>
#include <optional>

namespace pushbench::net {

/// What the kernel says of one TCP connection, from its first segment on.
struct TcpInfo {
  int state;                    // TCP_ESTABLISHED and so on, of <netinet/tcp.h>
  bool timestamps;              // both sides send them
  std::uint64_t segments_out;   // SYN, FIN and bare ACKs, too
  std::uint64_t segments_in;    // likewise
  std::uint64_t retransmitted;  // bytes of payload that were sent again
};

/// Nothing if the kernel does not count segments, or this is no TCP socket.
std::optional<TcpInfo> tcp_info(int socket);

/// Whether this system can tell what its connections cost on the network: Linux from 4.19 on.
bool tcp_info_available();

}  // namespace pushbench::net

#include "net/tcp_info.h"

#include <sys/socket.h>
#include <unistd.h>

#ifdef __linux__
#include <linux/tcp.h>  // the C library's own tcp_info ends before the fields that count
#include <netinet/in.h>

#include <cstddef>
#endif

namespace pushbench::net {

#ifdef __linux__

std::optional<TcpInfo> tcp_info(int socket) {
  ::tcp_info info{};
  socklen_t size = sizeof info;
  if (::getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return {};
  if (size < offsetof(::tcp_info, tcpi_bytes_retrans) + sizeof info.tcpi_bytes_retrans) return {};
  return TcpInfo{.state = info.tcpi_state,
                 .timestamps = (info.tcpi_options & TCPI_OPT_TIMESTAMPS) != 0,
                 .segments_out = info.tcpi_segs_out,
                 .segments_in = info.tcpi_segs_in,
                 .retransmitted = info.tcpi_bytes_retrans};
}

#else

std::optional<TcpInfo> tcp_info(int /*socket*/) { return {}; }

#endif

bool tcp_info_available() {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  if (socket < 0) return false;
  const bool available = tcp_info(socket).has_value();
  ::close(socket);
  return available;
}

}  // namespace pushbench::net

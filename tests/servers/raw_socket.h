#pragma once

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cstdint>
#include <string_view>
#include <utility>

namespace pushbench::test {

/// A blocking client that allocates nothing: connecting needs no accept yet, and what it receives
/// goes into the caller's buffer. So whatever is counted meanwhile is the server's.
class RawSocket {
 public:
  explicit RawSocket(std::uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
    const timeval guard{10, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &guard, sizeof guard);
    sockaddr_in server{};
    server.sin_family = AF_INET;
    server.sin_port = htons(port);
    server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(fd_, reinterpret_cast<const sockaddr*>(&server), sizeof server) == 0;
  }
  ~RawSocket() {
    if (fd_ >= 0) ::close(fd_);
  }
  RawSocket(RawSocket&& other) noexcept
      : fd_(std::exchange(other.fd_, -1)), connected_(other.connected_) {}
  RawSocket& operator=(RawSocket&&) = delete;

  /// Ends the connection with a reset, as a crash of the peer would.
  void reset() {
    const linger at_once{1, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    ::close(std::exchange(fd_, -1));
  }

  bool connected() const { return connected_; }
  bool send(std::string_view bytes) const {
    return ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
           static_cast<ssize_t>(bytes.size());
  }
  /// What has come, up to a full buffer; empty at the end of the stream or after ten seconds.
  template <std::size_t N>
  std::string_view receive(char (&buffer)[N]) const {
    const ssize_t n = ::recv(fd_, buffer, N, 0);
    return {buffer, n > 0 ? static_cast<std::size_t>(n) : 0};
  }

 private:
  int fd_;
  bool connected_ = false;
};

inline constexpr std::string_view kRawUpgrade =
    "GET /rooms/r/socket HTTP/1.1\r\nHost: test\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AQIDBAUGBwgAAAAAAAAAAA==\r\n\r\n";

}  // namespace pushbench::test

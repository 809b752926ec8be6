#pragma once

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "net/address.h"

namespace pushbench::test {

/// A TCP socket without a loop: a peer that does just what the test says, and nothing by itself.
class RawSocket {
 public:
  static RawSocket listening() {
    RawSocket socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in any{};
    any.sin_family = AF_INET;
    any.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::bind(socket.fd_, reinterpret_cast<const sockaddr*>(&any), sizeof any), 0);
    EXPECT_EQ(::listen(socket.fd_, 8), 0);
    return socket;
  }

  /// Connected without waiting for an accept.
  static RawSocket connected_to(const net::Address& address) {
    RawSocket socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    EXPECT_EQ(::connect(socket.fd_, address.get(), sizeof(sockaddr_in)), 0);
    return socket;
  }

  ~RawSocket() {
    if (fd_ >= 0) ::close(fd_);
  }
  RawSocket(RawSocket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  RawSocket& operator=(RawSocket&&) = delete;

  net::Address address() const {
    sockaddr_storage storage{};
    socklen_t length = sizeof storage;
    EXPECT_EQ(::getsockname(fd_, reinterpret_cast<sockaddr*>(&storage), &length), 0);
    return net::Address::of(storage);
  }

  RawSocket accept() const { return RawSocket(::accept4(fd_, nullptr, nullptr, SOCK_CLOEXEC)); }

  int descriptor() const { return fd_; }

  void shut_write() { EXPECT_EQ(::shutdown(fd_, SHUT_WR), 0); }

  /// Ends the connection with a reset, as a crash of this peer would.
  void reset() {
    const linger at_once{1, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    ::close(std::exchange(fd_, -1));
  }

  /// All of it, or the test fails.
  void send(std::string_view text) const {
    EXPECT_EQ(::send(fd_, text.data(), text.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(text.size()));
  }

  /// What has come, up to a full buffer; empty at the end of the stream or after ten seconds. It
  /// allocates nothing, so that whatever is counted meanwhile is the other side's.
  template <std::size_t N>
  std::string_view receive(char (&buffer)[N]) const {
    wait_ten_seconds_at_most();
    const ssize_t n = ::recv(fd_, buffer, N, 0);
    return {buffer, n > 0 ? static_cast<std::size_t>(n) : 0};
  }

  /// What has come so far; it does not wait.
  std::string take() { return read(MSG_DONTWAIT); }

  /// All that comes until the other side ends, which it must within ten seconds.
  std::string take_to_end() {
    wait_ten_seconds_at_most();
    std::string all = read(0);
    EXPECT_TRUE(at_end_) << "the other side did not end the stream";
    return all;
  }

 private:
  explicit RawSocket(int fd) : fd_(fd) { EXPECT_GE(fd, 0); }

  void wait_ten_seconds_at_most() const {
    const timeval limit{.tv_sec = 10, .tv_usec = 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  }

  std::string read(int flags) {
    std::string all;
    std::array<char, 65536> buffer;
    for (;;) {
      const ssize_t n = ::recv(fd_, buffer.data(), buffer.size(), flags);
      at_end_ = n == 0;
      if (n <= 0) return all;
      all.append(buffer.data(), static_cast<std::size_t>(n));
    }
  }

  int fd_;
  bool at_end_ = false;
};

inline constexpr std::string_view kRawUpgrade =
    "GET /rooms/r/socket HTTP/1.1\r\nHost: test\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AQIDBAUGBwgAAAAAAAAAAA==\r\n\r\n";

}  // namespace pushbench::test

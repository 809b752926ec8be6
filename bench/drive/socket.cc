#include "bench/drive/socket.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace pushbench::bench {

Result<Socket> Socket::connected(std::uint16_t port) {
  Socket made(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (made.descriptor_ < 0 ||
      ::connect(made.descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) {
    return failure("port " + std::to_string(port), std::strerror(errno));
  }
  const int on = 1;
  ::setsockopt(made.descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  return made;
}

Socket::~Socket() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Socket::Socket(Socket&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

void Socket::stop_blocking() {
  ::fcntl(descriptor_, F_SETFL, ::fcntl(descriptor_, F_GETFL) | O_NONBLOCK);
}

Result<void> Socket::send(std::string_view bytes) const {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    } else if (errno == EAGAIN) {
      pollfd room{descriptor_, POLLOUT, 0};
      ::poll(&room, 1, 1000);
    } else if (errno != EINTR) {
      return failure("sending", std::strerror(errno));
    }
  }
  return {};
}

Result<std::size_t> Socket::receive(char* buffer, std::size_t bytes) const {
  const ssize_t came = ::recv(descriptor_, buffer, bytes, 0);
  if (came > 0) return static_cast<std::size_t>(came);
  if (came == 0) return failure("receiving", "the server ended the connection");
  if (errno == EAGAIN || errno == EINTR) return 0;
  return failure("receiving", std::strerror(errno));
}

}  // namespace pushbench::bench

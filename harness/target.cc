#include "harness/target.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace pushbench::harness {

namespace {

constexpr int kPatience_ms = 5000;

/// A descriptor that is closed with its scope.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int number() const { return number_; }

 private:
  const int number_;
};

/// 0, or why no connection came about.
int try_to_connect(const net::Address& to) {
  const Descriptor socket(
      ::socket(to.get()->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (socket.number() < 0) return errno;
  if (connect(socket.number(), to.get(), to.length()) == 0) return 0;
  if (errno != EINPROGRESS) return errno;
  pollfd waiting{socket.number(), POLLOUT, 0};
  if (poll(&waiting, 1, kPatience_ms) != 1) return ETIMEDOUT;
  int error = 0;
  socklen_t length = sizeof error;
  getsockopt(socket.number(), SOL_SOCKET, SO_ERROR, &error, &length);
  return error;
}

}  // namespace

Result<void> ensure_reachable(const Target& target) {
  const int error = try_to_connect(target.address);
  if (error == 0) return {};
  return failure(fmt::format("target {}", target.name),
                 fmt::format("nobody takes connections at {}: {}; start the server, or give the "
                             "address that it has",
                             target.url, std::strerror(error)));
}

}  // namespace pushbench::harness

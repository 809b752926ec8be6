#include "harness/target.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string_view>

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

Result<void> find_reachable(Target& target) {
  std::vector<std::string> reasons;
  for (const net::Address& address : target.addresses) {
    const int error = try_to_connect(address);
    if (error == 0) {
      target.addresses = std::vector{address};
      return {};
    }
    // Where the URL does not say it already: which of the name's addresses it is.
    const bool is_name = address.text() != address.numeric();
    reasons.push_back((is_name ? address.numeric() + ": " : "") + std::strerror(error));
  }
  return failure(fmt::format("target {}", target.name),
                 fmt::format("nobody takes connections at {}: {}; start the server, or give the "
                             "address that it has",
                             target.url, fmt::join(reasons, ", ")));
}

}  // namespace

std::string column_name(const Target& target, std::string_view transport) {
  return fmt::format("{}/{}", target.name, transport);
}

std::string room_prefix(std::uint64_t now_ms, std::uint16_t draw) {
  constexpr std::string_view kDigits = "0123456789abcdefghijklmnopqrstuvwxyz";
  std::string prefix = "r";
  for (std::uint64_t number = now_ms << 16 | draw; number > 0; number /= kDigits.size()) {
    prefix.insert(prefix.begin(), kDigits[number % kDigits.size()]);
  }
  return prefix;
}

Result<void> find_reachable(std::vector<Target>& targets) {
  for (Target& target : targets) {
    if (auto found = find_reachable(target); !found) return found;
  }
  return {};
}

}  // namespace pushbench::harness

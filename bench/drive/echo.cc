#include "bench/drive/echo.h"

#include <fmt/format.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <array>
#include <memory>
#include <utility>

#include "bench/drive/dialect.h"
#include "bench/drive/fan_out.h"
#include "bench/drive/process.h"
#include "bench/drive/socket.h"

namespace pushbench::bench {

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::size_t kPayload = 64;
constexpr std::size_t kServerFrame = kPayload + 2;  // not masked

/// A connection to an echo, upgraded where need be.
class EchoDialect final : public Dialect {
 public:
  EchoDialect(bool floor, std::string host)
      : Dialect("echo"), floor_(floor), host_(std::move(host)) {}
  Step join(std::size_t step, std::string_view, Place&) const override {
    if (step > 0) return {};
    return floor_ ? Step{"echo\n", ""} : Step{upgrade_request(host_, "/echo"), "\r\n\r\n"};
  }
  /// As many bytes come back from either kind.
  std::string publishing(std::size_t, const Place&) const override {
    return floor_ ? std::string(kServerFrame, '.') : masked_text_frame(std::string(kPayload, '.'));
  }

 private:
  const bool floor_;
  const std::string host_;
};

struct Connection {
  Socket socket;
  std::size_t received = 0;  // of the echo that is on its way
};

class Echo {
 public:
  explicit Echo(const EchoOptions& options)
      : options_(options),
        dialect_(options.floor, fmt::format("127.0.0.1:{}", options.port)),
        frame_(dialect_.publishing(1, {})),
        epoll_(::epoll_create1(EPOLL_CLOEXEC)) {}
  ~Echo() { ::close(epoll_); }

  Result<EchoFigures> run() {
    if (auto begun = begin(); !begun) return tl::unexpected(begun.error());
    if (auto warm = go_on(options_.warm_up); !warm) return tl::unexpected(warm.error());
    const EchoFigures before{0, echoes_, cpu_ns(options_.server)};
    const Clock::time_point began = Clock::now();
    if (auto done = go_on(options_.time); !done) return tl::unexpected(done.error());
    return EchoFigures{std::chrono::duration<double>(Clock::now() - began).count(),
                       echoes_ - before.echoes, cpu_ns(options_.server) - before.server_cpu_ns};
  }

 private:
  Result<void> begin() {
    Place nowhere;
    for (std::size_t i = 0; i < options_.connections; ++i) {
      auto socket = Socket::connected(options_.port);
      if (!socket) return tl::unexpected(socket.error());
      connections_.push_back(std::make_unique<Connection>(Connection{std::move(*socket)}));
      Connection& one = *connections_.back();
      if (auto joined = converse(one.socket, dialect_, &Dialect::join, nowhere); !joined) {
        return joined;
      }
      one.socket.stop_blocking();
      epoll_event event{.events = EPOLLIN | EPOLLET, .data = {.ptr = &one}};
      ::epoll_ctl(epoll_, EPOLL_CTL_ADD, one.socket.descriptor(), &event);
    }
    for (const auto& one : connections_) {
      if (auto sent = one->socket.send(frame_); !sent) return sent;
    }
    return {};
  }

  Result<void> go_on(Clock::duration time) {
    const Clock::time_point until = Clock::now() + time;
    std::array<epoll_event, 64> events;
    while (Clock::now() < until) {
      const int n = ::epoll_wait(epoll_, events.data(), events.size(), 0);
      for (int i = 0; i < n; ++i) {
        auto& one = *static_cast<Connection*>(events[static_cast<std::size_t>(i)].data.ptr);
        if (auto heard = receive(one); !heard) return heard;
      }
    }
    return {};
  }

  Result<void> receive(Connection& one) {
    std::array<char, 4096> buffer;
    const auto came = one.socket.receive(buffer.data(), buffer.size());
    if (!came) return tl::unexpected(came.error());
    one.received += *came;
    if (one.received < kServerFrame) return {};
    if (one.received > kServerFrame) return failure("an echo", "is longer than what was sent");
    one.received = 0;
    ++echoes_;
    return one.socket.send(frame_);
  }

  const EchoOptions options_;
  const EchoDialect dialect_;
  const std::string frame_;
  const int epoll_;
  std::vector<std::unique_ptr<Connection>> connections_;
  std::uint64_t echoes_ = 0;
};

}  // namespace

Result<EchoFigures> echo(const EchoOptions& options) { return Echo(options).run(); }

}  // namespace pushbench::bench

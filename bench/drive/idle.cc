#include "bench/drive/idle.h"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "bench/drive/dialect.h"
#include "bench/drive/fan_out.h"
#include "bench/drive/process.h"
#include "bench/drive/socket.h"

namespace pushbench::bench {

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::seconds kPatience{10};

/// Subscribers that connect and get nothing.
class Idle {
 public:
  Idle(Dialect& dialect, std::uint16_t port, std::size_t most) : dialect_(dialect), port_(port) {
    subscribers_.reserve(most);
  }

  /// So many in all, each as far as it gets before there is a message: a long poll is held then.
  Result<void> connect(std::size_t count) {
    while (subscribers_.size() < count) {
      if (auto next = connect_one(); !next) return next;
    }
    return await_count();
  }

 private:
  Result<void> connect_one() {
    auto socket = Socket::connected(port_);
    if (!socket) return tl::unexpected(socket.error());
    Place place;
    if (auto joined = converse(*socket, dialect_, &Dialect::join, place); !joined) return joined;
    if (dialect_.asks()) {
      if (auto sent = socket->send(dialect_.request(place, {})); !sent) return sent;
    }
    subscribers_.push_back(std::move(*socket));
    return {};
  }

  /// Nothing else tells when a request is held, which has no answer.
  Result<void> await_count() const {
    const Step step = dialect_.counting(subscribers_.size());
    if (step.send.empty()) return {};
    const auto socket = Socket::connected(port_);
    if (!socket) return tl::unexpected(socket.error());
    const Clock::time_point until = Clock::now() + kPatience;
    for (;;) {
      const auto answer = ask(*socket, step.send);
      if (!answer) return tl::unexpected(answer.error());
      if (answer->find(step.expect) != std::string::npos) return {};
      if (Clock::now() < until) continue;
      return failure("subscribers", fmt::format("no {} in {}", step.expect, *answer));
    }
  }

  static Result<std::string> ask(const Socket& socket, std::string_view request) {
    if (auto sent = socket.send(request); !sent) return tl::unexpected(sent.error());
    std::string answer;
    std::array<char, 4096> buffer;
    while (whole_answer(answer) == 0) {
      const auto came = socket.receive(buffer.data(), buffer.size());
      if (!came) return tl::unexpected(came.error());
      answer.append(buffer.data(), *came);
    }
    return answer;
  }

  Dialect& dialect_;
  const std::uint16_t port_;
  std::vector<Socket> subscribers_;
};

}  // namespace

Result<double> idle_bytes(const IdleOptions& options) {
  const auto dialect =
      make_dialect(options.dialect, fmt::format("127.0.0.1:{}", options.port), options.room);
  if (!dialect) return tl::unexpected(dialect.error());
  Idle idle(**dialect, options.port, options.connections);
  // What the first of them makes the server set up is no connection's own.
  if (auto first = idle.connect(1); !first) return tl::unexpected(first.error());
  const std::uint64_t before = anonymous_bytes(options.server);
  if (auto all = idle.connect(options.connections); !all) return tl::unexpected(all.error());
  // A server in a language with a collector has garbage to get rid of; others are done by now.
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  const auto taken =
      static_cast<double>(anonymous_bytes(options.server)) - static_cast<double>(before);
  return taken / static_cast<double>(options.connections - 1);
}

}  // namespace pushbench::bench

#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "bench/drive/dialect.h"
#include "bench/drive/socket.h"
#include "wire/result.h"

namespace pushbench::bench {

struct FanOutOptions {
  std::uint16_t port = 0;
  std::size_t subscribers = 100;
  std::size_t window = 1;  // messages published that not all subscribers have
  std::chrono::milliseconds warm_up{300};
  std::chrono::milliseconds time{1000};
  std::vector<pid_t> server;  // whose CPU time is taken
  /// Called when all have connected, and nothing has been published.
  std::function<void()> connected = [] {};
};

struct FanOutFigures {
  double seconds = 0;
  std::uint64_t messages = 0;  // that the slowest subscriber got
  std::uint64_t deliveries = 0;
  std::uint64_t deliveries_in_all = 0;  // before and after the measured time, too
  std::uint64_t bytes = 0;              // that all subscribers received
  std::uint64_t server_cpu_ns = 0;
  std::uint64_t own_cpu_ns = 0;
};

/// One publisher and many subscribers: publishes as soon as the window has room, and counts what
/// arrives. It waits for nothing but the server, spinning, so that nobody has to wake it.
class FanOut {
 public:
  FanOut(Dialect& dialect, const FanOutOptions& options);
  ~FanOut();

  /// Fails where a connection cannot be made, ends, or has not got as many messages as were
  /// published. Which ones is not looked at: one lost and another one twice are not noticed.
  Result<FanOutFigures> run();

 private:
  using Clock = std::chrono::steady_clock;
  struct Subscriber;

  Result<void> connect();
  Result<void> go_on(Clock::time_point until);
  Result<void> drain();
  Result<void> turn();
  Result<void> receive(Subscriber& subscriber);
  Result<void> ask_again(Subscriber& subscriber, std::string_view bytes);
  Result<void> hear_publisher();
  Result<void> ask_all();
  Result<void> publish();
  void count(Subscriber& subscriber, std::size_t messages);
  FanOutFigures so_far() const;

  Dialect& dialect_;
  const FanOutOptions options_;
  int epoll_;
  std::vector<std::unique_ptr<Subscriber>> subscribers_;
  std::unique_ptr<Subscriber> publisher_;  // null: the first subscriber publishes
  std::vector<std::string> prepared_;      // what publishes so many messages
  std::vector<std::size_t> have_;          // by message, modulo its size: subscribers that have it
  std::vector<char> buffer_;
  bool answered_ = true;  // the last publishing
  bool publishing_ = true;
  std::uint64_t published_ = 0;
  std::uint64_t complete_ = 0;  // messages that all subscribers have
  std::uint64_t deliveries_ = 0;
  std::uint64_t bytes_ = 0;
};

/// A blocking conversation before a measurement, as the dialect says it.
using NextStep = Step (Dialect::*)(std::size_t step, std::string_view answer, Place& place) const;
Result<void> converse(const Socket& socket, const Dialect& dialect, NextStep next, Place& place);

}  // namespace pushbench::bench

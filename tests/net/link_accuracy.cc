// How late a link's deliveries are: 2,000 over one delay, one after the other, each from the moment
// at which it was meant to arrive at the far end. Prints the percentiles in microseconds.

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "net/channel.h"
#include "net/link.h"
#include "net/listener.h"
#include "net/loop.h"
#include "net/stream.h"
#include "net/timer.h"

namespace pushbench::net {
namespace {

constexpr std::size_t kDeliveries = 2000;
constexpr Duration kDelay = std::chrono::milliseconds(5);
constexpr Duration kPause = std::chrono::microseconds(1300);  // so that they lie anywhere in a tick

/// The far end: takes the connection and notes when bytes come.
class Receiver final : public Acceptor, public StreamListener {
 public:
  Receiver(Loop& loop, const std::vector<Time>& written) : loop_(loop), written_(written) {}

  std::vector<double> errors_us;

 private:
  void on_accept(std::unique_ptr<Stream> stream) override {
    stream_ = std::move(stream);
    stream_->start(*this, traffic_);
  }
  void on_open() override {}
  void on_bytes(std::span<char> bytes) override {
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      const Duration late = now() - written_[errors_us.size()] - kDelay;
      errors_us.push_back(std::chrono::duration<double, std::micro>(late).count());
    }
    if (errors_us.size() == kDeliveries) loop_.stop();
  }
  void on_end(const std::string&) override { loop_.stop(); }

  Loop& loop_;
  const std::vector<Time>& written_;
  Traffic traffic_;
  std::unique_ptr<Stream> stream_;
};

/// The near end: writes a byte, pauses, writes the next.
class Sender final : public StreamListener {
 public:
  explicit Sender(Loop& loop)
      : loop_(loop),
        link_({.delay = kDelay}, 1),
        timer_(loop, Callback::to<&Sender::write>(this)) {}

  bool connect(const Address& to) {
    auto stream = Stream::connect(loop_, to, *this, traffic_, nullptr, &link_);
    if (stream) stream_ = std::move(*stream);
    return stream_ != nullptr;
  }

  std::vector<Time> written;

 private:
  void on_open() override { write(); }
  void on_bytes(std::span<char>) override {}
  void on_end(const std::string&) override { loop_.stop(); }
  void write() {
    written.push_back(now());
    stream_->write("x");
    if (written.size() < kDeliveries) timer_.start_in(kPause);
  }

  Loop& loop_;
  Link link_;
  Traffic traffic_;
  Timer timer_;
  std::unique_ptr<Stream> stream_;
};

/// Returns the errors in microseconds, sorted; fewer than kDeliveries if something broke.
std::vector<double> measure() {
  Loop loop;
  Sender sender(loop);
  Receiver receiver(loop, sender.written);
  const auto listener = Listener::listen(loop, Address::parse("127.0.0.1", 0).value(), receiver);
  if (!listener || !sender.connect((*listener)->address())) return {};
  loop.run();
  std::sort(receiver.errors_us.begin(), receiver.errors_us.end());
  return receiver.errors_us;
}

int report(double median_below_us) {
  const std::vector<double> errors = measure();
  if (errors.size() != kDeliveries) {
    fmt::print(stderr, "link_accuracy: {} of {} deliveries came\n", errors.size(), kDeliveries);
    return 1;
  }
  const auto at = [&errors](std::size_t percent) { return errors[percent * kDeliveries / 100]; };
  fmt::print("late by, in us: min {:.1f}, p50 {:.1f}, p90 {:.1f}, p99 {:.1f}, max {:.1f}\n",
             errors.front(), at(50), at(90), at(99), errors.back());
  if (errors.front() < 0) fmt::print(stderr, "link_accuracy: a delivery was early\n");
  return errors.front() < 0 || at(50) >= median_below_us ? 1 : 0;
}

}  // namespace
}  // namespace pushbench::net

int main(int argc, char** argv) {
  double median_below_us = 5000;
  if (argc == 3 && std::string_view(argv[1]) == "--median-below-us") {
    median_below_us = std::strtod(argv[2], nullptr);
  } else if (argc != 1) {
    fmt::print(stderr, "usage: link_accuracy [--median-below-us N]\n");
    return 2;
  }
  return pushbench::net::report(median_below_us);
}

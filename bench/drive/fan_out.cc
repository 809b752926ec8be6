#include "bench/drive/fan_out.h"

#include <fmt/format.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <utility>

#include "bench/drive/process.h"

namespace pushbench::bench {

namespace {

constexpr std::size_t kBuffer = 256 * 1024;
constexpr std::chrono::seconds kPatience{10};

/// How often the marker begins in `bytes`; `last` is the byte before them, and then their last one.
/// The compiler makes vector instructions of the loop.
std::size_t markers(std::string_view bytes, char& last) {
  constexpr char kFirst = kMarker[0];
  constexpr char kSecond = kMarker[1];
  std::size_t found = last == kFirst && bytes[0] == kSecond ? 1 : 0;
  last = bytes.back();
  const char* const at = bytes.data();
  const std::size_t pairs = bytes.size() - 1;
  for (std::size_t i = 0; i < pairs;) {
    // Few enough that a byte counts them.
    const std::size_t end = std::min<std::size_t>(pairs, i + 192);
    unsigned char some = 0;
    for (; i < end; ++i) {
      some = static_cast<unsigned char>(some + ((at[i] == kFirst) & (at[i + 1] == kSecond)));
    }
    found += some;
  }
  return found;
}

}  // namespace

struct FanOut::Subscriber {
  explicit Subscriber(Socket its) : socket(std::move(its)) {}
  Socket socket;
  Place place;
  std::string partial;  // of an answer
  char last = 0;        // byte that came
};

Result<void> converse(const Socket& socket, const Dialect& dialect, NextStep next, Place& place) {
  std::string answer;
  std::array<char, 4096> buffer;
  for (std::size_t i = 0;; ++i) {
    const Step step = (dialect.*next)(i, answer, place);
    if (step.send.empty()) return {};
    if (auto sent = socket.send(step.send); !sent) return sent;
    answer.clear();
    while (answer.find(step.expect) == std::string::npos ||
           (step.whole && whole_answer(answer) == 0)) {
      const auto came = socket.receive(buffer.data(), buffer.size());
      if (!came) return failure(fmt::format("step {}", i + 1), came.error().what);
      answer.append(buffer.data(), *came);
      if (step.whole && whole_answer(answer) > 0 && answer.find(step.expect) == std::string::npos) {
        return failure(fmt::format("step {}: no {} in", i + 1, step.expect), answer);
      }
    }
  }
}

FanOut::FanOut(Dialect& dialect, const FanOutOptions& options)
    : dialect_(dialect),
      options_(options),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      prepared_(options.window + 1),
      have_(options.window),
      buffer_(kBuffer) {}

FanOut::~FanOut() { ::close(epoll_); }

Result<FanOutFigures> FanOut::run() {
  if (auto connected = connect(); !connected) return tl::unexpected(connected.error());
  options_.connected();
  if (auto warm = go_on(Clock::now() + options_.warm_up); !warm) {
    return tl::unexpected(warm.error());
  }
  const FanOutFigures before = so_far();
  const Clock::time_point begin = Clock::now();
  if (auto done = go_on(begin + options_.time); !done) return tl::unexpected(done.error());
  FanOutFigures figures = so_far();
  figures.seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  figures.messages -= before.messages;
  figures.deliveries -= before.deliveries;
  figures.bytes -= before.bytes;
  figures.server_cpu_ns -= before.server_cpu_ns;
  figures.own_cpu_ns -= before.own_cpu_ns;
  if (auto drained = drain(); !drained) return tl::unexpected(drained.error());
  figures.deliveries_in_all = deliveries_;
  return figures;
}

FanOutFigures FanOut::so_far() const {
  return {.messages = complete_,
          .deliveries = deliveries_,
          .bytes = bytes_,
          .server_cpu_ns = cpu_ns(options_.server),
          .own_cpu_ns = cpu_ns({::getpid()})};
}

Result<void> FanOut::connect() {
  const auto add = [this](Subscriber* who) {
    who->socket.stop_blocking();
    epoll_event event{.events = EPOLLIN | EPOLLET, .data = {.ptr = who}};
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, who->socket.descriptor(), &event);
  };
  for (std::size_t i = 0; i < options_.subscribers; ++i) {
    auto socket = Socket::connected(options_.port);
    if (!socket) return tl::unexpected(socket.error());
    Subscriber& one = *subscribers_.emplace_back(std::make_unique<Subscriber>(std::move(*socket)));
    if (auto joined = converse(one.socket, dialect_, &Dialect::join, one.place); !joined) {
      return joined;
    }
    if (dialect_.asks()) {
      if (auto sent = one.socket.send(dialect_.request(one.place, {})); !sent) return sent;
    }
    add(&one);
  }
  if (!dialect_.subscriber_publishes()) {
    auto socket = Socket::connected(options_.port);
    if (!socket) return tl::unexpected(socket.error());
    publisher_ = std::make_unique<Subscriber>(std::move(*socket));
    auto joined =
        converse(publisher_->socket, dialect_, &Dialect::join_to_publish, publisher_->place);
    if (!joined) return joined;
    add(publisher_.get());
  }
  const Place& place = publisher_ ? publisher_->place : subscribers_.front()->place;
  for (std::size_t n = 1; n < prepared_.size(); ++n) prepared_[n] = dialect_.publishing(n, place);
  return {};
}

Result<void> FanOut::go_on(Clock::time_point until) {
  Clock::time_point last_message = Clock::now();
  std::uint64_t before = complete_;
  while (Clock::now() < until) {
    if (auto done = turn(); !done) return done;
    if (std::exchange(before, complete_) != complete_) last_message = Clock::now();
    if (Clock::now() - last_message > kPatience) return failure("a message", "does not arrive");
  }
  return {};
}

/// Everybody must get what is on its way.
Result<void> FanOut::drain() {
  publishing_ = false;
  const Clock::time_point until = Clock::now() + kPatience;
  while (complete_ < published_) {
    if (Clock::now() > until) {
      return failure("too few", fmt::format("of {} messages not all subscribers got more than {}",
                                            published_, complete_));
    }
    if (auto done = turn(); !done) return done;
  }
  return {};
}

Result<void> FanOut::turn() {
  std::array<epoll_event, 512> events;
  const int n = ::epoll_wait(epoll_, events.data(), events.size(), 0);
  for (int i = 0; i < n; ++i) {
    auto* who = static_cast<Subscriber*>(events[static_cast<std::size_t>(i)].data.ptr);
    auto heard = who == publisher_.get() ? hear_publisher() : receive(*who);
    if (!heard) return heard;
  }
  return publish();
}

Result<void> FanOut::receive(Subscriber& subscriber) {
  for (;;) {
    const auto came = subscriber.socket.receive(buffer_.data(), buffer_.size());
    if (!came) return tl::unexpected(came.error());
    if (*came == 0) return {};
    const std::string_view bytes(buffer_.data(), *came);
    bytes_ += bytes.size();
    count(subscriber, markers(bytes, subscriber.last));
    if (subscriber.place.messages > published_) {
      return failure("too many", "a subscriber got more messages than were published");
    }
    if (dialect_.asks()) {
      if (auto asked = ask_again(subscriber, bytes); !asked) return asked;
    }
    if (*came < buffer_.size()) return {};  // edge-triggered: more would be a new event
  }
}

Result<void> FanOut::ask_again(Subscriber& subscriber, std::string_view bytes) {
  const bool in_pieces = !subscriber.partial.empty();
  if (in_pieces) bytes = subscriber.partial.append(bytes);
  const std::size_t size = whole_answer(bytes);
  if (size == 0) {
    if (!in_pieces) subscriber.partial = bytes;
    return {};
  }
  if (!bytes.starts_with("HTTP/1.1 20")) return failure("an answer", std::string(bytes));
  auto asked = subscriber.socket.send(dialect_.request(subscriber.place, bytes.substr(0, size)));
  subscriber.partial.clear();
  return asked;
}

Result<void> FanOut::hear_publisher() {
  const auto came = publisher_->socket.receive(buffer_.data(), buffer_.size());
  if (!came) return tl::unexpected(came.error());
  const std::string_view answers(buffer_.data(), *came);
  if (answers.find("HTTP/1.1 4") != std::string_view::npos) {
    return failure("publishing", std::string(answers));
  }
  if (!answered_) {
    publisher_->partial.append(answers);
    answered_ = whole_answer(publisher_->partial) > 0;
    if (!answered_) return {};
    publisher_->partial.clear();
    if (dialect_.asks_when_published()) return ask_all();
  }
  return {};
}

Result<void> FanOut::ask_all() {
  for (const auto& one : subscribers_) {
    if (auto sent = one->socket.send(dialect_.request(one->place, {})); !sent) return sent;
  }
  return {};
}

Result<void> FanOut::publish() {
  const std::uint64_t room = options_.window - (published_ - complete_);
  if (!publishing_ || room == 0 || !answered_) return {};
  published_ += room;
  answered_ = !dialect_.awaits_answer();
  const Socket& socket = publisher_ ? publisher_->socket : subscribers_.front()->socket;
  return socket.send(prepared_[room]);
}

void FanOut::count(Subscriber& subscriber, std::size_t messages) {
  deliveries_ += messages;
  for (std::size_t i = 0; i < messages; ++i) {
    ++have_[subscriber.place.messages++ % have_.size()];
  }
  while (complete_ < published_ && have_[complete_ % have_.size()] == subscribers_.size()) {
    have_[complete_++ % have_.size()] = 0;
  }
}

}  // namespace pushbench::bench

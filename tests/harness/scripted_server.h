#pragma once

#include <deque>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "net/listener.h"
#include "net/loop.h"
#include "net/timer.h"
#include "wire/message.h"

namespace pushbench::harness {

/// What a scripted server does with its messages, which it counts from 0.
struct Script {
  std::vector<net::Duration> delays;  // of message k: the (k modulo size)-th; empty: none
  std::set<std::size_t> dropped;      // never delivered
  std::set<std::size_t> repeated;     // delivered twice
  std::set<std::size_t> swapped;      // delivered after the one that follows
  std::set<std::size_t> altered;      // delivered with another text
};

/// A WebSocket chat of one room that serves one message after the other, each taking as long as the
/// script says, and makes the mistakes it is told to make. What it does to a latency is known
/// exactly.
class ScriptedServer final : private net::Acceptor {
 public:
  ScriptedServer(net::Loop& loop, Script script);
  ~ScriptedServer() override;

  net::Address address() const { return listener_->address(); }
  std::size_t served() const { return served_; }

 private:
  class Session;
  struct Pending {
    std::size_t number;
    std::string batch;
    net::Time ready;
  };

  void on_accept(std::unique_ptr<net::Stream> stream) override;
  void take(const wire::Draft& draft);
  void serve_ready();
  void deliver(const Pending& pending);
  void send_to_all(const std::string& batch);

  const Script script_;
  std::unique_ptr<net::Listener> listener_;
  std::vector<std::unique_ptr<Session>> sessions_;
  std::deque<Pending> pending_;
  net::Timer timer_;
  net::Time free_at_{};  // when it has served all that it took so far
  std::size_t taken_ = 0;
  std::size_t served_ = 0;
  std::string held_back_;  // a swapped message, waiting for the next one
};

}  // namespace pushbench::harness

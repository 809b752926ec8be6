#pragma once

#include <uv.h>

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "net/bytes.h"
#include "net/handle.h"

namespace pushbench::net {

class Readiness;
class Socket;
class Stream;
class TimerQueue;
struct Traffic;

/// What runs at the end of every turn, around the one moment at which all streams write.
class TurnHook {
 public:
  virtual ~TurnHook() = default;
  virtual void before_flush() = 0;  // queue what the turn has gathered
  virtual void after_flush() = 0;   // free what ended during the turn
};

/// One libuv loop with one read buffer for all its streams. Everything a turn queues on a stream
/// leaves in one write when the turn ends, before the loop sleeps.
class Loop {
 public:
  Loop();
  ~Loop();  // runs what is still closing; aborts if a handle, stream or timer was leaked
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  void run();   // until stop() or nothing is left to wait for
  void stop();  // run() returns at the end of this turn

  void add_hook(TurnHook& hook) { hooks_.push_back(&hook); }
  void remove_hook(TurnHook& hook);

  /// Frees a stream when the turn ends: for those who are inside one of its callbacks.
  void dispose(std::unique_ptr<Stream> stream);

  /// Has the kernel's counts of all open streams that Stream::connect() made up to date in their
  /// Traffic. It takes one to three microseconds each.
  void sample_network();
  void sample_network(const Traffic& of);  // of the streams alone that count into this one

  uv_loop_t* uv() { return &loop_; }
  TimerQueue& timers() { return *timers_; }
  Readiness& readiness() { return *readiness_; }

 private:
  friend class Socket;
  friend class Stream;
  static constexpr std::size_t kReadBuffer = 64 * 1024;

  void end_turn();
  void flush_later(Stream& stream);
  void forget(Stream& stream);
  void add_counted(Stream& stream);
  void remove_counted(Stream& stream);
  std::span<char> plain_buffer();

  uv_loop_t loop_;
  Handle<uv_prepare_t> prepare_;
  Handle<uv_idle_t> awake_;  // runs while a stream has something to flush
  std::unique_ptr<TimerQueue> timers_;
  std::unique_ptr<Readiness> readiness_;
  std::vector<TurnHook*> hooks_;
  std::vector<Stream*> to_flush_;
  std::vector<Stream*> flushing_;
  std::vector<std::unique_ptr<Stream>> disposed_;
  std::vector<Stream*> counted_;  // by sample_network(); each knows its slot
  std::vector<uv_buf_t> gather_;  // scratch for one gathered write
  std::vector<Bytes> pieces_;     // scratch for what TLS encrypts
  std::vector<char> read_buffer_;
  std::vector<char> plain_buffer_;  // what TLS streams decrypt; made for the first of them
  std::string cipher_buffer_;       // scratch for what they encrypt in one write
  bool leaving_ = false;            // run() is at its last flush
};

}  // namespace pushbench::net

#pragma once

#include <uv.h>

#include <cstddef>
#include <vector>

#include "net/callback.h"
#include "net/clock.h"
#include "net/handle.h"
#include "net/loop.h"

namespace pushbench::net {

class Timer;

/// All timers of a loop, in a heap behind one timerfd: libuv's own count whole milliseconds, which
/// is too coarse for a schedule whose latencies are a fraction of one. A timer that is put off
/// stays in its place until that comes up: deadlines that are put off with each request cost next
/// to nothing.
class TimerQueue {
 public:
  explicit TimerQueue(uv_loop_t* loop);
  ~TimerQueue();
  TimerQueue(const TimerQueue&) = delete;
  TimerQueue& operator=(const TimerQueue&) = delete;

 private:
  friend class Timer;
  void add(Timer& timer);
  void remove(Timer& timer);
  void fire();
  void arm();
  struct Entry {
    Time due;  // the timer's, or one before it that has been put off
    Timer* timer;
  };
  void place(std::size_t slot, Entry entry);
  void rise(std::size_t slot);
  void sink(std::size_t slot);

  int fd_;
  Handle<uv_poll_t> poll_;
  Time armed_for_{};
  std::vector<Entry> heap_;  // the earliest first; each timer knows its slot
};

/// Calls back once at a moment. Destroying it cancels it; it may be restarted from its own
/// callback.
class Timer {
 public:
  Timer(Loop& loop, Callback callback) : queue_(loop.timers()), callback_(callback) {}
  ~Timer() { cancel(); }
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

  void start_at(Time due);
  void start_in(Duration delay) { start_at(now() + delay); }
  void cancel();
  bool active() const { return slot_ != kIdle; }

 private:
  friend class TimerQueue;
  static constexpr std::size_t kIdle = static_cast<std::size_t>(-1);

  TimerQueue& queue_;
  Callback callback_;
  Time due_{};
  std::size_t slot_ = kIdle;
};

}  // namespace pushbench::net

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
/// is too coarse for a schedule whose latencies are a fraction of one. The timerfd only wakes a
/// loop that sleeps: while a timer is overdue, the loop does not, and the timerfd is left alone. A
/// timer that is put off stays in its place until that comes up: deadlines that are put off with
/// each request cost next to nothing.
class TimerQueue {
 public:
  explicit TimerQueue(uv_loop_t* loop);
  ~TimerQueue();
  TimerQueue(const TimerQueue&) = delete;
  TimerQueue& operator=(const TimerQueue&) = delete;

  bool empty() const { return heap_.empty(); }
  /// Sees to it that the loop, which is about to sleep, does so no longer than to the next timer.
  void arm();

 private:
  friend class Timer;
  void add(Timer& timer);
  void remove(Timer& timer);
  void fire(Time until);
  void on_alarm();
  void set_alarm(Time due);
  struct Entry {
    Time due;  // the timer's, or one before it that has been put off
    Timer* timer;
  };
  void place(std::size_t slot, Entry entry);
  void rise(std::size_t slot);
  void sink(std::size_t slot);

  int fd_;
  Handle<uv_poll_t> alarm_;    // on the timerfd; keeps the loop alive while there is a timer
  Handle<uv_idle_t> overdue_;  // runs, so that the loop does not sleep, while a timer is overdue
  Time asleep_since_{};        // or for a look at its sockets
  static constexpr Time kNever{};
  Time armed_for_ = kNever;
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

#include "net/timer.h"

#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace pushbench::net {

TimerQueue::TimerQueue(uv_loop_t* loop)
    : fd_(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC)),
      alarm_(new uv_poll_t),
      overdue_(new uv_idle_t) {
  if (fd_ < 0 || uv_poll_init(loop, alarm_.get(), fd_) != 0) {
    std::perror("net::TimerQueue: timerfd");
    std::abort();
  }
  alarm_->data = this;
  uv_poll_start(alarm_.get(), UV_READABLE, [](uv_poll_t* handle, int, int) {
    if (handle->data != nullptr) static_cast<TimerQueue*>(handle->data)->on_alarm();
  });
  uv_unref(base(alarm_));
  uv_idle_init(loop, overdue_.get());
  overdue_->data = this;
}

TimerQueue::~TimerQueue() {
  alarm_.reset();  // before its descriptor
  ::close(fd_);
}

void TimerQueue::add(Timer& timer) {
  if (heap_.empty()) uv_ref(base(alarm_));
  heap_.push_back({timer.due_, &timer});
  place(heap_.size() - 1, heap_.back());
  rise(heap_.size() - 1);
}

void TimerQueue::remove(Timer& timer) {
  const std::size_t slot = timer.slot_;
  timer.slot_ = Timer::kIdle;
  const Entry last = heap_.back();
  heap_.pop_back();
  if (last.timer != &timer) {
    place(slot, last);
    rise(slot);
    sink(last.timer->slot_);
  }
  if (!heap_.empty()) return;
  uv_unref(base(alarm_));
  uv_idle_stop(overdue_.get());
}

/// Those due until then: one that a callback starts for a later moment, as now is, waits for the
/// next turn.
void TimerQueue::fire(Time until) {
  while (!heap_.empty() && heap_.front().due <= until) {
    Timer& timer = *heap_.front().timer;
    if (timer.due_ > heap_.front().due) {  // it has been put off
      heap_.front().due = timer.due_;
      sink(0);
      continue;
    }
    remove(timer);
    timer.callback_();
  }
}

void TimerQueue::on_alarm() {
  if (uv_is_active(base(overdue_)) == 0) fire(now());  // else it is an old one, left to stand
}

/// What is overdue now fires after a look at the sockets, so that nobody is cut off by a turn that
/// kept them waiting, before what they sent meanwhile is seen. A later alarm than needed is never
/// left standing; an earlier one costs one empty wake-up, less than a system call for each change.
void TimerQueue::arm() {
  asleep_since_ = now();
  if (heap_.empty()) {
    if (armed_for_ != kNever && armed_for_ <= asleep_since_) set_alarm(kNever);  // else it wakes on
    return;
  }
  const Time due = heap_.front().due;
  if (due <= asleep_since_) {
    uv_idle_start(overdue_.get(), [](uv_idle_t* handle) {
      auto* self = static_cast<TimerQueue*>(handle->data);
      if (self != nullptr) self->fire(self->asleep_since_);
    });
    return;
  }
  uv_idle_stop(overdue_.get());
  if (armed_for_ <= asleep_since_ || armed_for_ > due) set_alarm(due);
}

void TimerQueue::set_alarm(Time due) {
  armed_for_ = due;
  const auto ns = due.time_since_epoch().count();
  itimerspec spec{};
  spec.it_value.tv_sec = ns / 1'000'000'000;
  spec.it_value.tv_nsec = ns % 1'000'000'000;
  timerfd_settime(fd_, TFD_TIMER_ABSTIME, &spec, nullptr);  // also takes back a past expiry
}

void TimerQueue::place(std::size_t slot, Entry entry) {
  heap_[slot] = entry;
  entry.timer->slot_ = slot;
}

void TimerQueue::rise(std::size_t slot) {
  const Entry entry = heap_[slot];
  while (slot > 0 && entry.due < heap_[(slot - 1) / 2].due) {
    place(slot, heap_[(slot - 1) / 2]);
    slot = (slot - 1) / 2;
  }
  place(slot, entry);
}

void TimerQueue::sink(std::size_t slot) {
  const Entry entry = heap_[slot];
  for (;;) {
    std::size_t child = 2 * slot + 1;
    if (child >= heap_.size()) break;
    if (child + 1 < heap_.size() && heap_[child + 1].due < heap_[child].due) ++child;
    if (entry.due <= heap_[child].due) break;
    place(slot, heap_[child]);
    slot = child;
  }
  place(slot, entry);
}

void Timer::start_at(Time due) {
  const bool is_put_off = active() && queue_.heap_[slot_].due <= due;
  if (!is_put_off) cancel();
  due_ = due;
  if (!is_put_off) queue_.add(*this);
}

void Timer::cancel() {
  if (active()) queue_.remove(*this);
}

}  // namespace pushbench::net

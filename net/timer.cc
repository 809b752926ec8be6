#include "net/timer.h"

#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace pushbench::net {

TimerQueue::TimerQueue(uv_loop_t* loop)
    : fd_(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC)), poll_(new uv_poll_t) {
  if (fd_ < 0 || uv_poll_init(loop, poll_.get(), fd_) != 0) {
    std::perror("net::TimerQueue: timerfd");
    std::abort();
  }
  poll_->data = this;
}

TimerQueue::~TimerQueue() {
  uv_poll_stop(poll_.get());
  poll_.reset();
  ::close(fd_);
}

void TimerQueue::add(Timer& timer) {
  heap_.push_back({timer.due_, &timer});
  place(heap_.size() - 1, heap_.back());
  rise(heap_.size() - 1);
  arm();
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
  if (heap_.empty()) arm();
}

void TimerQueue::fire() {
  armed_for_ = {};
  const Time until = now();  // a timer restarted for now waits for the next turn
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
  arm();
}

/// Sets the timerfd to the earliest timer. A later setting than needed is never left standing; an
/// earlier one costs one empty wake-up, less than a system call for each change.
void TimerQueue::arm() {
  if (heap_.empty()) {
    uv_poll_stop(poll_.get());  // no timer keeps the loop alive
    armed_for_ = {};
    return;
  }
  const Time due = heap_.front().due;
  if (armed_for_ != Time{} && armed_for_ <= due) return;
  armed_for_ = due;
  const auto ns = std::max<std::int64_t>(1, due.time_since_epoch().count());
  itimerspec spec{};
  spec.it_value.tv_sec = ns / 1'000'000'000;
  spec.it_value.tv_nsec = ns % 1'000'000'000;
  timerfd_settime(fd_, TFD_TIMER_ABSTIME, &spec, nullptr);  // also takes back a past expiry
  uv_poll_start(poll_.get(), UV_READABLE, [](uv_poll_t* handle, int, int) {
    if (handle->data != nullptr) static_cast<TimerQueue*>(handle->data)->fire();
  });
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

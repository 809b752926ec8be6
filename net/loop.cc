#include "net/loop.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "net/network_count.h"
#include "net/readiness.h"
#include "net/stream.h"
#include "net/timer.h"
#include "net/tls_session.h"

namespace pushbench::net {

Loop::Loop() : read_buffer_(kReadBuffer) {
  uv_loop_init(&loop_);
  prepare_.reset(new uv_prepare_t);
  uv_prepare_init(&loop_, prepare_.get());
  prepare_->data = this;
  // libuv prepares right before it sleeps, after everything that a turn can do.
  uv_prepare_start(prepare_.get(), [](uv_prepare_t* handle) {
    if (handle->data != nullptr) static_cast<Loop*>(handle->data)->end_turn();
  });
  uv_unref(base(prepare_));
  awake_.reset(new uv_idle_t);
  uv_idle_init(&loop_, awake_.get());
  timers_ = std::make_unique<TimerQueue>(&loop_);
  readiness_ = std::make_unique<Readiness>(&loop_);
}

Loop::~Loop() {
  disposed_.clear();
  const bool leaked = !timers_->empty() || !readiness_->empty();
  timers_.reset();
  readiness_.reset();
  awake_.reset();
  prepare_.reset();
  uv_run(&loop_, UV_RUN_NOWAIT);  // takes back a stop() that no run() has seen
  uv_run(&loop_, UV_RUN_DEFAULT);
  if (leaked || uv_loop_close(&loop_) != 0) {
    std::fputs("net::Loop: destroyed while something on it is still open\n", stderr);
    uv_print_all_handles(&loop_, stderr);
    std::abort();
  }
}

void Loop::run() {
  uv_run(&loop_, UV_RUN_DEFAULT);
  // After stop() libuv leaves a turn without preparing for the next.
  leaving_ = true;
  end_turn();
  leaving_ = false;
}

void Loop::stop() {
  if (!leaving_) uv_stop(&loop_);  // else it would stop the next run()
}

void Loop::remove_hook(TurnHook& hook) { std::erase(hooks_, &hook); }

void Loop::dispose(std::unique_ptr<Stream> stream) {
  if (stream != nullptr) disposed_.push_back(std::move(stream));
}

void Loop::end_turn() {
  for (TurnHook* hook : hooks_) hook->before_flush();
  flushing_.swap(to_flush_);
  uv_idle_stop(awake_.get());
  // What the listeners queue in here, on this stream or another, leaves in the next turn, which
  // comes at once.
  for (std::size_t i = 0; i < flushing_.size(); ++i) {
    if (flushing_[i] != nullptr) flushing_[i]->flush();
  }
  flushing_.clear();
  disposed_.clear();
  for (TurnHook* hook : hooks_) hook->after_flush();
  timers_->arm();
}

void Loop::flush_later(Stream& stream) {
  to_flush_.push_back(&stream);
  // libuv neither sleeps nor ends while an idle handle runs: what is queued has to leave, even on a
  // stream that does not read and so keeps no loop alive.
  uv_idle_start(awake_.get(), [](uv_idle_t*) {});
}

void Loop::sample_network() {
  for (Stream* stream : counted_) {
    stream->network().sample(stream->channel_->descriptor(), *stream->traffic_);
  }
}

void Loop::sample_network(const Traffic& of) {
  for (Stream* stream : counted_) {
    if (stream->traffic_ != &of) continue;
    stream->network().sample(stream->channel_->descriptor(), *stream->traffic_);
  }
}

void Loop::add_counted(Stream& stream) {
  stream.network().slot = counted_.size();
  counted_.push_back(&stream);
}

void Loop::remove_counted(Stream& stream) {
  const std::size_t slot = stream.network().slot;
  counted_[slot] = counted_.back();
  counted_[slot]->network().slot = slot;
  counted_.pop_back();
}

std::span<char> Loop::plain_buffer() {
  plain_buffer_.resize(kReadBuffer + TlsSession::kMaxRecord);
  return plain_buffer_;
}

void Loop::forget(Stream& stream) {
  std::replace(to_flush_.begin(), to_flush_.end(), &stream, static_cast<Stream*>(nullptr));
  std::replace(flushing_.begin(), flushing_.end(), &stream, static_cast<Stream*>(nullptr));
}

}  // namespace pushbench::net

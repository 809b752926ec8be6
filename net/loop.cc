#include "net/loop.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "net/stream.h"
#include "net/timer.h"

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
  uv_unref(reinterpret_cast<uv_handle_t*>(prepare_.get()));
  timers_ = std::make_unique<TimerQueue>(&loop_);
}

Loop::~Loop() {
  timers_.reset();
  prepare_.reset();
  uv_run(&loop_, UV_RUN_DEFAULT);
  if (uv_loop_close(&loop_) != 0) {
    std::fputs("net::Loop: destroyed while something on it is still open\n", stderr);
    uv_print_all_handles(&loop_, stderr);
    std::abort();
  }
}

void Loop::run() { uv_run(&loop_, UV_RUN_DEFAULT); }

void Loop::stop() { uv_stop(&loop_); }

void Loop::remove_hook(TurnHook& hook) { std::erase(hooks_, &hook); }

void Loop::end_turn() {
  for (TurnHook* hook : hooks_) hook->before_flush();
  flushing_.swap(to_flush_);
  for (std::size_t i = 0; i < flushing_.size(); ++i) {
    if (flushing_[i] != nullptr) flushing_[i]->flush();
  }
  flushing_.clear();
  for (TurnHook* hook : hooks_) hook->after_flush();
}

void Loop::forget(Stream& stream) {
  std::replace(to_flush_.begin(), to_flush_.end(), &stream, static_cast<Stream*>(nullptr));
  std::replace(flushing_.begin(), flushing_.end(), &stream, static_cast<Stream*>(nullptr));
}

}  // namespace pushbench::net

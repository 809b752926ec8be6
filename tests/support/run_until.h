#pragma once

#include <gtest/gtest.h>
#include <uv.h>

#include <functional>
#include <utility>

#include "net/handle.h"
#include "net/loop.h"

namespace pushbench::test {

/// Fails the test and stops the loop where an event does not come. It does not keep the loop alive,
/// and is libuv's own timer, because net::Timer is itself under test.
class Guard {
 public:
  explicit Guard(net::Loop& loop) : loop_(loop), timer_(new uv_timer_t) {
    uv_timer_init(loop.uv(), timer_.get());
    timer_->data = this;
    uv_timer_start(timer_.get(), on_timer, kMilliseconds, 0);
    uv_unref(reinterpret_cast<uv_handle_t*>(timer_.get()));
  }

 private:
  static constexpr std::uint64_t kMilliseconds = 10'000;

  static void on_timer(uv_timer_t* handle) {
    if (handle->data == nullptr) return;
    ADD_FAILURE() << "what the loop waits for did not come";
    static_cast<Guard*>(handle->data)->loop_.stop();
  }

  net::Loop& loop_;
  net::Handle<uv_timer_t> timer_;
};

/// Looks at the end of every turn whether something has come to pass.
class Watch final : public net::TurnHook {
 public:
  Watch(net::Loop& loop, std::function<bool()> done) : loop_(loop), done_(std::move(done)) {
    loop_.add_hook(*this);
  }
  ~Watch() override { loop_.remove_hook(*this); }
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

 private:
  void before_flush() override {}
  void after_flush() override {
    if (done_()) loop_.stop();
  }

  net::Loop& loop_;
  std::function<bool()> done_;
};

/// Runs the loop until `done`, and says whether it is.
inline bool run_until(net::Loop& loop, const std::function<bool()>& done) {
  const Guard guard(loop);
  const Watch watch(loop, done);
  loop.run();
  return done();
}

/// Runs the loop until nothing is left on it to wait for.
inline void run_out(net::Loop& loop) {
  const Guard guard(loop);
  loop.run();
}

/// One turn, which does not wait: what is queued leaves, as far as the kernel takes it.
inline void run_one_turn(net::Loop& loop) {
  run_until(loop, [] { return true; });
}

}  // namespace pushbench::test

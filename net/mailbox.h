#pragma once

#include <uv.h>

#include <mutex>
#include <utility>
#include <vector>

#include "net/callback.h"
#include "net/handle.h"
#include "net/loop.h"

namespace pushbench::net {

/// Hands values from any thread to the thread of one loop, in order. It keeps its loop alive; who
/// posts must not do so after it is destroyed, which the loop's thread does.
template <class T>
class Mailbox {
 public:
  Mailbox(Loop& loop, Callback arrived) : arrived_(arrived), wakeup_(new uv_async_t) {
    uv_async_init(loop.uv(), wakeup_.get(), on_wakeup);
    wakeup_->data = this;
  }
  Mailbox(const Mailbox&) = delete;
  Mailbox& operator=(const Mailbox&) = delete;

  void post(T value) {
    const std::lock_guard lock(mutex_);
    values_.push_back(std::move(value));
    uv_async_send(wakeup_.get());
  }
  /// All that has arrived; one call back may stand for several of them, or for none.
  std::vector<T> take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(values_, {});
  }

 private:
  static void on_wakeup(uv_async_t* handle) {
    if (handle->data != nullptr) static_cast<Mailbox*>(handle->data)->arrived_();
  }

  Callback arrived_;
  std::mutex mutex_;
  std::vector<T> values_;
  Handle<uv_async_t> wakeup_;
};

}  // namespace pushbench::net

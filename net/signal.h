#pragma once

#include <uv.h>

#include "net/callback.h"
#include "net/handle.h"
#include "net/loop.h"

namespace pushbench::net {

/// Calls back on each arrival of a signal, and does not keep the loop alive. Destroying it gives
/// the signal its default effect again.
class Signal {
 public:
  Signal(Loop& loop, int number, Callback callback)
      : callback_(callback), handle_(new uv_signal_t) {
    uv_signal_init(loop.uv(), handle_.get());
    handle_->data = this;
    uv_signal_start(handle_.get(), on_signal, number);
    uv_unref(base(handle_));
  }
  Signal(const Signal&) = delete;
  Signal& operator=(const Signal&) = delete;

 private:
  static void on_signal(uv_signal_t* handle, int) {
    if (handle->data != nullptr) static_cast<Signal*>(handle->data)->callback_();
  }
  Callback callback_;
  Handle<uv_signal_t> handle_;
};

}  // namespace pushbench::net

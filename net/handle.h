#pragma once

#include <uv.h>

#include <memory>

namespace pushbench::net {

/// Closes a libuv handle and frees it in the close callback. `data` is cleared first, so that no
/// callback reaches an owner that is gone.
template <class UvHandle>
struct CloseAndFree {
  void operator()(UvHandle* handle) const {
    handle->data = nullptr;
    uv_close(reinterpret_cast<uv_handle_t*>(handle),
             [](uv_handle_t* h) { delete reinterpret_cast<UvHandle*>(h); });
  }
};

/// Owns an initialised libuv handle.
template <class UvHandle>
using Handle = std::unique_ptr<UvHandle, CloseAndFree<UvHandle>>;

/// As what libuv takes of every kind.
template <class UvHandle>
uv_handle_t* base(const Handle<UvHandle>& handle) {
  return reinterpret_cast<uv_handle_t*>(handle.get());
}

}  // namespace pushbench::net

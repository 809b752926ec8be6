#include "net/listener.h"

#include <fmt/format.h>

namespace pushbench::net {

namespace {
constexpr int kBacklog = 4096;  // the kernel caps it at net.core.somaxconn
}

Listener::Listener(Loop& loop, Acceptor& acceptor)
    : loop_(loop), acceptor_(acceptor), handle_(new uv_tcp_t) {
  uv_tcp_init(loop.uv(), handle_.get());
  handle_->data = this;
}

Result<std::unique_ptr<Listener>> Listener::listen(Loop& loop, const Address& address,
                                                   Acceptor& acceptor) {
  std::unique_ptr<Listener> listener(new Listener(loop, acceptor));
  int code = uv_tcp_bind(listener->handle_.get(), address.get(), 0);
  if (code == 0) {
    code = uv_listen(reinterpret_cast<uv_stream_t*>(listener->handle_.get()), kBacklog,
                     [](uv_stream_t* handle, int status) {
                       auto* self = static_cast<Listener*>(handle->data);
                       if (self != nullptr) self->on_connection(status);
                     });
  }
  if (code == UV_EADDRINUSE) {
    return failure(address.text(),
                   "is taken by another program; choose another port, or 0 to have one picked");
  }
  if (code != 0)
    return failure(address.text(), fmt::format("cannot listen: {}", uv_strerror(code)));
  return listener;
}

Address Listener::address() const {
  sockaddr_storage storage{};
  int length = sizeof storage;
  uv_tcp_getsockname(handle_.get(), reinterpret_cast<sockaddr*>(&storage), &length);
  return Address::of(storage);
}

void Listener::on_connection(int status) {
  if (status != 0) return;  // the peer was gone before it was accepted
  auto stream = Stream::accept(loop_, reinterpret_cast<uv_stream_t*>(handle_.get()));
  if (stream) acceptor_.on_accept(std::move(*stream));
}

}  // namespace pushbench::net

#include "net/listener.h"

#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>

namespace pushbench::net {

namespace {

constexpr int kBacklog = 4096;  // the kernel caps it at net.core.somaxconn
constexpr std::chrono::milliseconds kRetry{100};

/// Returns 0 or a libuv error.
int bind_and_listen(int socket, const Address& address) {
  const int on = 1;
  ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);  // for a quick restart
  const bool ipv6 = address.get()->sa_family == AF_INET6;
  const int off = 0;  // [::] takes IPv4 too, whatever the system's default
  if (ipv6) ::setsockopt(socket, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
  if (::bind(socket, address.get(), address.length()) == 0 && ::listen(socket, kBacklog) == 0)
    return 0;
  return uv_translate_sys_error(errno);
}

}  // namespace

// libuv's own uv_listen() drops the connections that wait when descriptors run out, and tells
// nobody. So this accepts for itself.
Listener::Listener(Loop& loop, Acceptor& acceptor, TlsContext* tls, int socket)
    : loop_(loop),
      acceptor_(acceptor),
      tls_(tls),
      socket_(socket),
      poll_(new uv_poll_t),
      retry_(loop, Callback::to<&Listener::wait_for_connections>(this)) {
  uv_poll_init(loop.uv(), poll_.get(), socket_);
  poll_->data = this;
}

Listener::~Listener() {
  poll_.reset();
  ::close(socket_);
}

Result<std::unique_ptr<Listener>> Listener::listen(Loop& loop, const Address& address,
                                                   Acceptor& acceptor, TlsContext* tls) {
  const int socket =
      ::socket(address.get()->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const int code = socket < 0 ? uv_translate_sys_error(errno) : bind_and_listen(socket, address);
  if (code == 0) {
    std::unique_ptr<Listener> listener(new Listener(loop, acceptor, tls, socket));
    listener->wait_for_connections();
    return listener;
  }
  if (socket >= 0) ::close(socket);
  if (code == UV_EADDRINUSE) {
    return failure(address.text(),
                   "is taken by another program; choose another port, or 0 to have one picked");
  }
  return failure(address.text(), fmt::format("cannot listen: {}", uv_strerror(code)));
}

Address Listener::address() const {
  sockaddr_storage storage{};
  socklen_t length = sizeof storage;
  ::getsockname(socket_, reinterpret_cast<sockaddr*>(&storage), &length);
  return Address::of(storage);
}

void Listener::wait_for_connections() {
  uv_poll_start(poll_.get(), UV_READABLE, [](uv_poll_t* handle, int, int) {
    // The acceptor may destroy the listener, which clears `data`.
    while (handle->data != nullptr && static_cast<Listener*>(handle->data)->accept_one()) {
    }
  });
}

/// False if nobody waits any more, or accepting has failed for now.
bool Listener::accept_one() {
  const int socket = ::accept4(socket_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (socket < 0) {
    if (errno == EAGAIN || errno == EWOULDBLOCK) return false;
    // The peer was gone before it was accepted (Linux hands its error on here: accept(2)).
    if (errno == EINTR || errno == ECONNABORTED || errno == EPROTO) return true;
    fail_for_now(uv_strerror(uv_translate_sys_error(errno)));
    return false;
  }
  auto stream = Stream::accept(loop_, socket, tls_, acceptor_.next_link());
  if (!stream) {
    fail_for_now(stream.error().what);
    return false;
  }
  acceptor_.on_accept(std::move(*stream));
  return true;
}

/// The socket stays readable while somebody waits: watching it on would be a busy loop.
void Listener::fail_for_now(const std::string& reason) {
  uv_poll_stop(poll_.get());
  retry_.start_in(kRetry);
  acceptor_.on_accept_failed(reason);  // the last thing: it may destroy the listener
}

}  // namespace pushbench::net

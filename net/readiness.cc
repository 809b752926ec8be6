#include "net/readiness.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "net/socket.h"

namespace pushbench::net {

Readiness::Readiness(uv_loop_t* loop)
    : set_(::epoll_create1(EPOLL_CLOEXEC)),
      poll_(new uv_poll_t),
      idle_(new uv_idle_t),
      events_(kAtOnce) {
  if (set_ < 0 || uv_poll_init(loop, poll_.get(), set_) != 0) {
    std::perror("net::Readiness: epoll");
    std::abort();
  }
  poll_->data = this;
  uv_poll_start(poll_.get(), UV_READABLE, [](uv_poll_t* handle, int, int) {
    if (handle->data != nullptr) static_cast<Readiness*>(handle->data)->tell_ready();
  });
  uv_unref(base(poll_));
  uv_idle_init(loop, idle_.get());
  idle_->data = this;
}

Readiness::~Readiness() {
  poll_.reset();
  idle_.reset();
  ::close(set_);
}

int Readiness::add(int descriptor, Socket& socket) {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.ptr = &socket;
  if (::epoll_ctl(set_, EPOLL_CTL_ADD, descriptor, &event) != 0) {
    return uv_translate_sys_error(errno);
  }
  ++sockets_;
  return 0;
}

/// Closing the descriptor takes it out of the set; here it goes out of what is about to be told.
void Readiness::remove(Socket& socket) {
  --sockets_;
  for (std::size_t i = told_; i < ready_; ++i) {
    if (events_[i].data.ptr == &socket) events_[i].data.ptr = nullptr;
  }
  if (!std::exchange(socket.asked_again_, false)) return;
  std::replace(again_.begin(), again_.end(), &socket, static_cast<Socket*>(nullptr));
  std::replace(telling_.begin(), telling_.end(), &socket, static_cast<Socket*>(nullptr));
}

void Readiness::again(Socket& socket) {
  if (std::exchange(socket.asked_again_, true)) return;
  again_.push_back(&socket);
  uv_idle_start(idle_.get(), [](uv_idle_t* handle) {
    if (handle->data != nullptr) static_cast<Readiness*>(handle->data)->tell_again();
  });
}

void Readiness::add_waiting() {
  if (waiting_++ == 0) uv_ref(base(poll_));
}

void Readiness::remove_waiting() {
  if (--waiting_ == 0) uv_unref(base(poll_));
}

/// Whatever does not fit into one call keeps the set readable, and comes in the next turn.
void Readiness::tell_ready() {
  const int n = ::epoll_wait(set_, events_.data(), static_cast<int>(events_.size()), 0);
  ready_ = n > 0 ? static_cast<std::size_t>(n) : 0;
  for (told_ = 0; told_ < ready_;) {
    const epoll_event event = events_[told_++];
    if (event.data.ptr == nullptr) continue;
    static_cast<Socket*>(event.data.ptr)->on_ready(event.events);
  }
  told_ = ready_ = 0;
}

void Readiness::tell_again() {
  uv_idle_stop(idle_.get());
  telling_.swap(again_);
  for (std::size_t i = 0; i < telling_.size(); ++i) {
    if (telling_[i] == nullptr) continue;
    telling_[i]->asked_again_ = false;
    telling_[i]->on_ready(0);
  }
  telling_.clear();
}

}  // namespace pushbench::net

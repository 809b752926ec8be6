#pragma once

#include <sys/epoll.h>
#include <uv.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "net/handle.h"

namespace pushbench::net {

class Socket;

/// Which of a loop's sockets can go on: an epoll set of their own, which libuv watches as one
/// handle. libuv's handle for each socket takes a quarter of a kibibyte, half of what an idle
/// subscriber may cost; here it takes nothing, and one system call when it is made. Edge-triggered:
/// each change is told once, so a socket reads and writes until there is no more.
class Readiness {
 public:
  explicit Readiness(uv_loop_t* loop);
  ~Readiness();
  Readiness(const Readiness&) = delete;
  Readiness& operator=(const Readiness&) = delete;

  int add(int descriptor, Socket& socket);  // 0 or a libuv error
  void remove(Socket& socket);              // before its descriptor is closed
  bool empty() const { return sockets_ == 0; }

  /// Tells the socket soon that it may go on: one that was told and has not finished. Once, however
  /// often it asks.
  void again(Socket& socket);

  /// How many sockets wait for something: as long as there is one, the loop goes on.
  void add_waiting();
  void remove_waiting();

 private:
  static constexpr std::size_t kAtOnce = 1024;

  void tell_ready();
  void tell_again();

  int set_;
  Handle<uv_poll_t> poll_;
  Handle<uv_idle_t> idle_;  // runs while `again_` has somebody
  std::vector<epoll_event> events_;
  std::size_t told_ = 0;  // of these, so far
  std::size_t ready_ = 0;
  std::vector<Socket*> again_;
  std::vector<Socket*> telling_;
  std::size_t sockets_ = 0;
  std::size_t waiting_ = 0;
};

}  // namespace pushbench::net

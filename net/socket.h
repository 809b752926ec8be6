#pragma once

#include <uv.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "net/channel.h"
#include "net/loop.h"
#include "net/readiness.h"

namespace pushbench::net {

/// A TCP socket on a loop. Its user must outlive it.
class Socket final : public Channel {
 public:
  Socket(Loop& loop, ChannelUser& user);
  ~Socket() override;

  int take(int descriptor) override;
  int connect(const Address& to, const Address* from) override;
  bool open() const override { return descriptor_ >= 0; }
  void close() override;
  void start_reading() override;
  void stop_reading() override;
  std::size_t unread() const override;
  bool resets_peer() const override { return unread() > 0; }
  bool takes_more() const override { return rest_ == nullptr; }
  int write(std::span<const uv_buf_t> buffers) override;
  int write_rest(std::vector<Bytes> pieces, std::span<const uv_buf_t> buffers) override;
  void write_last(uv_buf_t buffer) override { (void)write({&buffer, 1}); }
  int end_output() override;
  bool drained() const override { return rest_ == nullptr; }
  std::size_t in_flight() const override;
  std::size_t pieces_in_flight() const override;
  int descriptor() const override { return descriptor_; }

 private:
  friend class Readiness;
  struct Rest;

  int begin(int descriptor);
  /// EPOLLIN, EPOLLOUT, … as epoll(7) has them; 0: it asked to be told again.
  void on_ready(std::uint32_t events);
  void end_connecting();
  void read();
  void write_more();
  void keep_loop();

  Loop& loop_;
  ChannelUser& user_;
  std::unique_ptr<Rest> rest_;  // what the kernel had no room for; null: nothing
  int descriptor_ = -1;
  int refused_ = 0;  // why connect() failed at once
  bool connecting_ = false;
  bool reading_ = false;
  bool readable_ = false;       // there is something to read, or there may be
  bool ends_ = false;           // the peer has ended its side, or the connection is broken
  bool may_have_room_ = false;  // the kernel, though it left something over
  bool keeps_loop_ = false;
  bool asked_again_ = false;  // the readiness' own
};

}  // namespace pushbench::net

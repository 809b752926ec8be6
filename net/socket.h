#pragma once

#include <uv.h>

#include <cstddef>
#include <span>
#include <vector>

#include "net/channel.h"
#include "net/handle.h"
#include "net/loop.h"

namespace pushbench::net {

/// A TCP socket on a loop: libuv's, wrapped. Its user must outlive it.
class Socket final : public Channel {
 public:
  Socket(Loop& loop, ChannelUser& user);

  int take(int descriptor) override;
  int connect(const Address& to, const Address* from) override;
  bool open() const override { return handle_ != nullptr; }
  void close() override;
  void start_reading() override;
  void stop_reading() override;
  std::size_t unread() const override;
  bool resets_peer() const override { return unread() > 0; }
  bool takes_more() const override { return in_flight_ == 0; }
  int write(std::span<const uv_buf_t> buffers) override;
  int write_rest(std::vector<Bytes> pieces, std::span<const uv_buf_t> buffers) override;
  void write_last(uv_buf_t buffer) override { (void)write({&buffer, 1}); }
  int end_output() override;
  bool drained() const override { return in_flight_ == 0; }
  std::size_t in_flight() const override { return in_flight_; }
  std::size_t taken_in_flight() const override;
  std::size_t pieces_in_flight() const override { return pieces_in_flight_; }
  int descriptor() const override;

 private:
  struct WriteRequest;

  uv_stream_t* uv() const { return reinterpret_cast<uv_stream_t*>(handle_.get()); }
  void on_connected(int status);
  void on_written(int status);

  Loop& loop_;
  ChannelUser& user_;
  Handle<uv_tcp_t> handle_;
  std::size_t in_flight_ = 0;  // bytes that a write request holds
  std::size_t pieces_in_flight_ = 0;
};

}  // namespace pushbench::net

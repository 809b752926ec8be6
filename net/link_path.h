#pragma once

#include <cstddef>
#include <deque>
#include <span>
#include <string>
#include <vector>

#include "net/channel.h"
#include "net/link.h"
#include "net/loop.h"
#include "net/socket.h"
#include "net/timer.h"

namespace pushbench::net {

/// What one connection has on its way in one direction of a link, in order.
class LinkLane {
 public:
  struct Parcel {
    Time due;
    std::string bytes;
    int end = 0;  // not 0: no bytes, but what ends them, UV_EOF or an error
  };

  /// `on_due` is called when the first parcel has arrived, after arm().
  LinkLane(Loop& loop, LinkDirection& direction, Callback on_due)
      : direction_(direction), timer_(loop, on_due) {}

  void send(std::string bytes);
  void send_end(int code);
  void fail(int code, Duration after);  // drops what is on the way; this arrives instead
  void clear();

  bool has_arrival() const { return !parcels_.empty() && parcels_.front().due <= now(); }
  Parcel take();             // the first one
  std::string take_bytes();  // all that has arrived, up to an end
  int take_end();            // if it has arrived and is the first one; else 0
  void arm();
  void disarm() { timer_.cancel(); }
  Duration draw_delay() { return direction_.draw_delay(); }

  bool empty() const { return parcels_.empty(); }
  bool full() const { return bytes_ >= direction_.window(); }
  std::size_t bytes() const { return bytes_; }
  std::size_t parcels() const { return parcels_.size(); }

 private:
  void add(Time due, std::string bytes, int end);

  LinkDirection& direction_;
  std::deque<Parcel> parcels_;
  std::size_t bytes_ = 0;
  Time last_due_{};
  Timer timer_;
};

/// One connection over a link: a socket, and what is on the way to it and from it. The peer, at the
/// link's far end, is where the socket is: what it sends has the way before it, what is written
/// has it behind it when the kernel gets it. Only the answer to a peer that has ended first skips
/// the way: nobody waits for it any more. A round trip passes before the connection is open: that
/// of TCP's handshake. An accepted one reads nothing until then.
class LinkPath final : public Channel, private ChannelUser {
 public:
  /// `out` is the direction of what is written, `in` that of what is read. Both outlive the path.
  LinkPath(Loop& loop, LinkDirection& out, LinkDirection& in, ChannelUser& user);

  int take(int descriptor) override;
  int connect(const Address& to, const Address* from) override { return socket_.connect(to, from); }
  bool open() const override { return socket_.open(); }
  void close() override;
  void start_reading() override;
  void stop_reading() override;
  std::size_t unread() const override { return socket_.unread() + in_.bytes(); }
  bool resets_peer() const override { return socket_.resets_peer(); }
  bool takes_more() const override { return true; }
  int write(std::span<const uv_buf_t> buffers) override;
  int write_rest(std::vector<Bytes> pieces, std::span<const uv_buf_t> buffers) override;
  void write_last(uv_buf_t buffer) override;
  int end_output() override;
  bool drained() const override { return out_.empty() && socket_.drained(); }
  std::size_t in_flight() const override { return out_.bytes() + socket_.in_flight(); }
  std::size_t pieces_in_flight() const override {
    return out_.parcels() + socket_.pieces_in_flight();
  }
  int descriptor() const override { return socket_.descriptor(); }

 private:
  void on_connected(int status) override;
  void on_input(std::span<char> bytes) override;
  void on_input_end(int code) override;
  void on_taken(std::size_t bytes) override { user_.on_taken(bytes); }
  void on_drained(int status) override;

  void on_opened();
  void hand_to_socket();
  int write_to_socket(std::string bytes);
  void hand_to_user();
  void fail(int code);

  ChannelUser& user_;
  Socket socket_;
  LinkLane out_;
  LinkLane in_;
  Timer opening_;
  bool accepted_ = false;
  int connect_status_ = 0;
  bool reading_ = false;
  bool input_ended_ = false;
  bool failed_ = false;
};

}  // namespace pushbench::net

#pragma once

#include <uv.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "net/address.h"
#include "net/bytes.h"
#include "net/handle.h"
#include "net/loop.h"
#include "wire/result.h"

namespace pushbench::net {

/// Bytes that passed through sockets, counted here and nowhere else.
struct Traffic {
  std::uint64_t read = 0;     // taken from the socket
  std::uint64_t written = 0;  // accepted by the kernel
  std::uint64_t writes = 0;   // write system calls that carried them
};

class StreamListener {
 public:
  virtual ~StreamListener() = default;
  virtual void on_open() = 0;  // connected; not called for accepted streams
  virtual void on_bytes(
      std::span<char> bytes) = 0;  // the loop's read buffer: valid during the call
  virtual void on_flushed() {}     // the kernel has accepted all that was queued
  /// The stream is of no more use: the peer ended it ("" as reason), it failed, or it could not be
  /// opened. Called once; never from within write() or close(). The listener may not destroy the
  /// stream inside a callback: it does so when the turn ends.
  virtual void on_end(const std::string& reason) = 0;
};

/// A TCP stream. What is written during a turn leaves in one system call when the turn ends.
/// The Traffic it counts into must outlive it.
class Stream {
 public:
  /// A stream for a connection that `server` has waiting.
  static Result<std::unique_ptr<Stream>> accept(Loop& loop, uv_stream_t* server);
  /// Begins to connect; the listener's on_open or on_end tells how it went.
  static Result<std::unique_ptr<Stream>> connect(Loop& loop, const Address& to,
                                                 StreamListener& listener, Traffic& traffic);
  ~Stream();
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  void start(StreamListener& listener, Traffic& traffic);  // begins to read an accepted stream
  void set_listener(StreamListener& listener) { listener_ = &listener; }
  void pause_reading();
  void resume_reading();

  void write(Bytes bytes);
  void write(std::string bytes) { write(make_bytes(std::move(bytes))); }
  void end_after_flush();  // closes once all that is queued has left; then on_end("")
  void abort();            // closes at once, dropping what is queued; no on_end

  std::size_t queued() const { return queued_; }  // bytes that the kernel has not accepted yet
  bool open() const { return handle_ != nullptr; }

 private:
  friend class Loop;
  struct WriteRequest;

  explicit Stream(Loop& loop);
  void flush();
  void gather(std::vector<uv_buf_t>& buffers) const;
  void advance(std::size_t accepted);
  void write_rest();
  void on_written(int status);
  void begin_reading();
  void on_peer_done();
  void end(const std::string& reason);

  Loop& loop_;
  Handle<uv_tcp_t> handle_;
  StreamListener* listener_ = nullptr;
  Traffic* traffic_ = nullptr;
  std::vector<Bytes> queue_;  // in order; the first `sent_` bytes of the first piece have left
  std::size_t sent_ = 0;
  std::size_t queued_ = 0;
  std::size_t in_flight_ = 0;  // of `queued_`, bytes that a write request holds: see write_rest()
  bool waits_for_flush_ = false;
  bool ends_after_flush_ = false;
};

}  // namespace pushbench::net

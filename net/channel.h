#pragma once

#include <uv.h>

#include <cstddef>
#include <span>
#include <vector>

#include "net/address.h"
#include "net/bytes.h"

namespace pushbench::net {

/// What a channel tells the stream above it. It may be closed in these calls, but not destroyed.
class ChannelUser {
 public:
  virtual void on_connected(int status) = 0;         // 0 or a libuv error
  virtual void on_input(std::span<char> bytes) = 0;  // valid during the call
  virtual void on_input_end(int code) = 0;           // UV_EOF: the peer's FIN; else an error
  virtual void on_taken(std::size_t bytes) = 0;      // by the kernel, in one write
  /// Nothing is in flight any more, or it never will arrive: a libuv error. Never from within a
  /// call of the user's.
  virtual void on_drained(int status) = 0;

 protected:
  ~ChannelUser() = default;
};

/// The way of a stream's bytes to the kernel and back: a socket, or a link in front of one.
class Channel {
 public:
  Channel() = default;
  virtual ~Channel() = default;
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  /// Begins with an accepted socket, which it then owns, even where this fails. 0 or a libuv error.
  virtual int take(int descriptor) = 0;
  /// A libuv error, or 0 and on_connected() follows. `from` may be null.
  virtual int connect(const Address& to, const Address* from) = 0;
  virtual bool open() const = 0;
  virtual void close() = 0;  // at once: what the kernel has not taken is lost

  virtual void start_reading() = 0;
  virtual void stop_reading() = 0;
  virtual std::size_t unread() const = 0;  // bytes that have come and were not handed on
  virtual bool resets_peer() const = 0;    // close() would: the kernel holds unread bytes

  virtual bool takes_more() const = 0;  // else write() has to wait for on_drained()
  /// Returns how many of the bytes it took now, or a libuv error.
  virtual int write(std::span<const uv_buf_t> buffers) = 0;
  /// Takes what write() left over. `pieces` hold the buffers' bytes. Returns 0 or a libuv error.
  virtual int write_rest(std::vector<Bytes> pieces, std::span<const uv_buf_t> buffers) = 0;
  /// A farewell before close(), as far as the kernel takes it now.
  virtual void write_last(uv_buf_t buffer) = 0;
  virtual int end_output() = 0;  // FIN, behind all that was written; 0 or a libuv error

  virtual bool drained() const = 0;                  // the kernel has all it was given, FIN too
  virtual std::size_t in_flight() const = 0;         // bytes that the kernel has not, of these
  virtual std::size_t pieces_in_flight() const = 0;  // in how many they lie

  virtual int descriptor() const = 0;  // of the open socket
};

}  // namespace pushbench::net

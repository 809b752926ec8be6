#pragma once

#include <uv.h>

#include <cstddef>
#include <memory>
#include <vector>

#include "net/bytes.h"

namespace pushbench::net {

/// What a stream has yet to send, in order: mostly one piece, which needs no room of its own, or
/// none.
class WriteQueue {
 public:
  bool empty() const { return first_ == nullptr; }
  std::size_t bytes() const { return bytes_; }
  std::size_t pieces() const { return (empty() ? 0 : 1) + (more_ == nullptr ? 0 : more_->size()); }

  void push(Bytes bytes);
  void clear();

  /// All of it, for one system call.
  void gather(std::vector<uv_buf_t>& buffers) const;
  /// The first pieces: as many as have `enough` bytes behind the first `skip`, or all.
  void copy(std::vector<Bytes>& pieces, std::size_t skip, std::size_t enough) const;
  /// Drops `bytes` bytes. `skip` of the first piece were dropped before; then, of the one that is
  /// the first now.
  void drop(std::size_t bytes, std::size_t& skip);
  /// All pieces; the queue is empty then.
  std::vector<Bytes> take();

 private:
  Bytes first_;
  std::unique_ptr<std::vector<Bytes>> more_;
  std::size_t bytes_ = 0;
};

/// To be sent, and so only read: libuv's buffers have no const.
uv_buf_t buffer_of(const std::string& bytes);

/// Takes the first `bytes` off.
void trim(std::vector<uv_buf_t>& buffers, std::size_t bytes);

}  // namespace pushbench::net

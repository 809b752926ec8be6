#include "net/stream.h"

#include <utility>

namespace pushbench::net {

/// What a socket's full buffer left over. libuv needs the bytes until the callback, even if the
/// stream is gone by then.
struct Stream::WriteRequest {
  uv_write_t request;
  std::vector<Bytes> pieces;
};

Stream::Stream(Loop& loop) : loop_(loop), handle_(new uv_tcp_t) {
  uv_tcp_init(loop.uv(), handle_.get());
  handle_->data = this;
}

Stream::~Stream() {
  abort();
  loop_.forget(*this);
}

Result<std::unique_ptr<Stream>> Stream::accept(Loop& loop, uv_stream_t* server) {
  std::unique_ptr<Stream> stream(new Stream(loop));
  if (const int code = uv_accept(server, reinterpret_cast<uv_stream_t*>(stream->handle_.get()));
      code != 0) {
    return failure("accept", uv_strerror(code));
  }
  uv_tcp_nodelay(stream->handle_.get(), 1);
  return stream;
}

Result<std::unique_ptr<Stream>> Stream::connect(Loop& loop, const Address& to,
                                                StreamListener& listener, Traffic& traffic) {
  std::unique_ptr<Stream> stream(new Stream(loop));
  stream->listener_ = &listener;
  stream->traffic_ = &traffic;
  auto request = std::make_unique<uv_connect_t>();
  const int code = uv_tcp_connect(request.get(), stream->handle_.get(), to.get(),
                                  [](uv_connect_t* r, int status) {
                                    const std::unique_ptr<uv_connect_t> owned(r);
                                    auto* self = static_cast<Stream*>(r->handle->data);
                                    if (self == nullptr) return;
                                    if (status != 0) return self->end(uv_strerror(status));
                                    uv_tcp_nodelay(self->handle_.get(), 1);
                                    self->begin_reading();
                                    self->listener_->on_open();
                                  });
  if (code != 0) return failure(to.text(), uv_strerror(code));
  (void)request.release();  // the callback owns it
  return stream;
}

void Stream::start(StreamListener& listener, Traffic& traffic) {
  listener_ = &listener;
  traffic_ = &traffic;
  begin_reading();
}

void Stream::begin_reading() {
  uv_read_start(
      reinterpret_cast<uv_stream_t*>(handle_.get()),
      [](uv_handle_t* handle, std::size_t, uv_buf_t* buffer) {
        auto* self = static_cast<Stream*>(handle->data);
        if (self == nullptr) {
          *buffer = uv_buf_init(nullptr, 0);
          return;
        }
        std::vector<char>& shared = self->loop_.read_buffer_;
        *buffer = uv_buf_init(shared.data(), static_cast<unsigned>(shared.size()));
      },
      [](uv_stream_t* handle, ssize_t n, const uv_buf_t* buffer) {
        auto* self = static_cast<Stream*>(handle->data);
        if (self == nullptr || n == 0) return;
        if (n == UV_EOF) return self->on_peer_done();
        if (n < 0) return self->end(uv_strerror(static_cast<int>(n)));
        const auto size = static_cast<std::size_t>(n);
        self->traffic_->read += size;
        self->listener_->on_bytes({buffer->base, size});
      });
}

/// The peer sends no more. What it is owed still goes out.
void Stream::on_peer_done() {
  if (queued_ == 0) return end("");
  pause_reading();
  end_after_flush();
}

void Stream::pause_reading() {
  if (open()) uv_read_stop(reinterpret_cast<uv_stream_t*>(handle_.get()));
}

void Stream::resume_reading() {
  if (open()) begin_reading();
}

void Stream::write(Bytes bytes) {
  if (!open() || ends_after_flush_ || bytes->empty()) return;
  queued_ += bytes->size();
  queue_.push_back(std::move(bytes));
  if (waits_for_flush_) return;
  waits_for_flush_ = true;
  loop_.flush_later(*this);
}

void Stream::end_after_flush() {
  if (!open() || ends_after_flush_) return;
  ends_after_flush_ = true;
  if (waits_for_flush_) return;
  waits_for_flush_ = true;
  loop_.flush_later(*this);
}

void Stream::abort() {
  if (in_flight_ > 0) {
    // The kernel may have taken a part of the request under way, and the peer receives that.
    const auto* stream = reinterpret_cast<const uv_stream_t*>(handle_.get());
    const std::size_t taken = in_flight_ - uv_stream_get_write_queue_size(stream);
    traffic_->written += taken;
    if (taken > 0) ++traffic_->writes;
  }
  handle_.reset();
  queue_.clear();
  queued_ = sent_ = in_flight_ = 0;
}

/// The one write of this turn: all pieces in one system call, without a request where the socket's
/// buffer has room.
void Stream::flush() {
  waits_for_flush_ = false;
  if (!open() || in_flight_ > 0) return;
  if (!queue_.empty()) {
    gather(loop_.gather_);
    const int n = uv_try_write(reinterpret_cast<uv_stream_t*>(handle_.get()), loop_.gather_.data(),
                               static_cast<unsigned>(loop_.gather_.size()));
    if (n < 0 && n != UV_EAGAIN) return end(uv_strerror(n));
    if (n > 0) {
      ++traffic_->writes;
      advance(static_cast<std::size_t>(n));
    }
    if (!queue_.empty()) return write_rest();
  }
  if (ends_after_flush_) return end("");
  listener_->on_flushed();
}

void Stream::gather(std::vector<uv_buf_t>& buffers) const {
  buffers.clear();
  std::size_t skip = sent_;
  for (const Bytes& piece : queue_) {
    // libuv never writes through a buffer that it is given to send.
    char* base = const_cast<char*>(piece->data()) + skip;
    buffers.push_back(uv_buf_init(base, static_cast<unsigned>(piece->size() - skip)));
    skip = 0;
  }
}

void Stream::advance(std::size_t accepted) {
  traffic_->written += accepted;
  queued_ -= accepted;
  accepted += sent_;
  auto first = queue_.begin();
  while (first != queue_.end() && accepted >= (*first)->size()) accepted -= (*first++)->size();
  queue_.erase(queue_.begin(), first);
  sent_ = accepted;
}

/// Hands what is left to libuv, which writes it when the socket has room again.
void Stream::write_rest() {
  gather(loop_.gather_);
  auto rest = std::make_unique<WriteRequest>();
  rest->pieces = std::exchange(queue_, {});
  rest->request.data = rest.get();
  sent_ = 0;
  in_flight_ = queued_;
  const int code = uv_write(
      &rest->request, reinterpret_cast<uv_stream_t*>(handle_.get()), loop_.gather_.data(),
      static_cast<unsigned>(loop_.gather_.size()), [](uv_write_t* request, int status) {
        const std::unique_ptr<WriteRequest> owned(static_cast<WriteRequest*>(request->data));
        auto* self = static_cast<Stream*>(request->handle->data);
        if (self != nullptr) self->on_written(status);
      });
  if (code != 0) {
    in_flight_ = 0;  // nothing of it left
    return end(uv_strerror(code));
  }
  (void)rest.release();  // the callback owns it
}

void Stream::on_written(int status) {
  const std::size_t bytes = std::exchange(in_flight_, 0);
  if (status != 0) return end(uv_strerror(status));
  traffic_->written += bytes;
  ++traffic_->writes;
  queued_ -= bytes;
  if (waits_for_flush_) return;  // the turn's end takes what has queued up since
  if (queue_.empty() && !ends_after_flush_) return listener_->on_flushed();
  waits_for_flush_ = true;
  loop_.flush_later(*this);
}

void Stream::end(const std::string& reason) {
  if (!open()) return;
  abort();
  listener_->on_end(reason);
}

}  // namespace pushbench::net

#include "net/socket.h"

#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <utility>

namespace pushbench::net {

/// What a socket's full buffer left over. libuv needs the bytes until the callback, even if the
/// socket is gone by then.
struct Socket::WriteRequest {
  uv_write_t request;
  std::vector<Bytes> pieces;
};

Socket::Socket(Loop& loop, ChannelUser& user) : loop_(loop), user_(user), handle_(new uv_tcp_t) {
  uv_tcp_init(loop.uv(), handle_.get());
  handle_->data = this;
}

int Socket::take(int descriptor) {
  const int code = uv_tcp_open(handle_.get(), descriptor);
  if (code != 0) {
    ::close(descriptor);
  } else {
    uv_tcp_nodelay(handle_.get(), 1);
  }
  return code;
}

int Socket::connect(const Address& to, const Address* from) {
  if (from != nullptr) {
    if (const int code = uv_tcp_bind(handle_.get(), from->get(), 0); code != 0) return code;
  }
  auto request = std::make_unique<uv_connect_t>();
  const int code =
      uv_tcp_connect(request.get(), handle_.get(), to.get(), [](uv_connect_t* r, int status) {
        const std::unique_ptr<uv_connect_t> owned(r);
        auto* self = static_cast<Socket*>(r->handle->data);
        if (self != nullptr) self->on_connected(status);
      });
  if (code == 0) (void)request.release();  // the callback owns it
  return code;
}

void Socket::on_connected(int status) {
  if (status == 0) uv_tcp_nodelay(handle_.get(), 1);
  user_.on_connected(status);
}

void Socket::close() {
  // The kernel may have taken a part of the request under way, and the peer receives that.
  const std::size_t taken = taken_in_flight();
  in_flight_ = pieces_in_flight_ = 0;
  if (taken > 0) user_.on_taken(taken);
  handle_.reset();
}

void Socket::start_reading() {
  uv_read_start(
      uv(),
      [](uv_handle_t* handle, std::size_t, uv_buf_t* buffer) {
        auto* self = static_cast<Socket*>(handle->data);
        if (self == nullptr) {
          *buffer = uv_buf_init(nullptr, 0);
          return;
        }
        std::vector<char>& shared = self->loop_.read_buffer_;
        *buffer = uv_buf_init(shared.data(), static_cast<unsigned>(shared.size()));
      },
      [](uv_stream_t* handle, ssize_t n, const uv_buf_t* buffer) {
        auto* self = static_cast<Socket*>(handle->data);
        if (self == nullptr || n == 0) return;
        if (n < 0) return self->user_.on_input_end(static_cast<int>(n));
        self->user_.on_input({buffer->base, static_cast<std::size_t>(n)});
      });
}

void Socket::stop_reading() { uv_read_stop(uv()); }

std::size_t Socket::unread() const {
  int bytes = 0;
  if (!open() || ::ioctl(descriptor(), FIONREAD, &bytes) != 0) return 0;
  return static_cast<std::size_t>(bytes);
}

/// One write system call.
int Socket::write(std::span<const uv_buf_t> buffers) {
  const int taken = uv_try_write(uv(), buffers.data(), static_cast<unsigned>(buffers.size()));
  if (taken == UV_EAGAIN) return 0;
  if (taken > 0) user_.on_taken(static_cast<std::size_t>(taken));
  return taken;
}

/// Hands what is left to libuv, which writes it when the socket has room again.
int Socket::write_rest(std::vector<Bytes> pieces, std::span<const uv_buf_t> buffers) {
  auto rest = std::make_unique<WriteRequest>();
  rest->pieces = std::move(pieces);
  rest->request.data = rest.get();
  const int code = uv_write(
      &rest->request, uv(), buffers.data(), static_cast<unsigned>(buffers.size()),
      [](uv_write_t* request, int status) {
        const std::unique_ptr<WriteRequest> owned(static_cast<WriteRequest*>(request->data));
        auto* self = static_cast<Socket*>(request->handle->data);
        if (self != nullptr) self->on_written(status);
      });
  if (code != 0) return code;  // nothing of it left
  for (const uv_buf_t& buffer : buffers) in_flight_ += buffer.len;
  pieces_in_flight_ = buffers.size();
  (void)rest.release();  // the callback owns it
  return 0;
}

void Socket::on_written(int status) {
  const std::size_t bytes = std::exchange(in_flight_, 0);
  pieces_in_flight_ = 0;
  if (status == 0) user_.on_taken(bytes);
  user_.on_drained(status);
}

std::size_t Socket::taken_in_flight() const {
  return in_flight_ == 0 ? 0 : in_flight_ - uv_stream_get_write_queue_size(uv());
}

int Socket::end_output() {
  // libuv's own shutdown waits for what is queued with it, which is nothing.
  return ::shutdown(descriptor(), SHUT_WR) == 0 ? 0 : uv_translate_sys_error(errno);
}

int Socket::descriptor() const {
  uv_os_fd_t descriptor = -1;
  uv_fileno(reinterpret_cast<const uv_handle_t*>(handle_.get()), &descriptor);
  return descriptor;
}

}  // namespace pushbench::net

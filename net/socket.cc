#include "net/socket.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace pushbench::net {

namespace {

constexpr std::size_t kMostBuffers = 1024;  // of one system call: IOV_MAX

int last_error() { return uv_translate_sys_error(errno); }

/// Bytes that the kernel took of them in one system call, or a libuv error; 0: it has no room.
int send(int descriptor, std::span<const uv_buf_t> buffers) {
  ssize_t taken = 0;
  do {
    if (buffers.size() == 1) {
      taken = ::send(descriptor, buffers[0].base, buffers[0].len, MSG_NOSIGNAL | MSG_DONTWAIT);
    } else {
      msghdr message{};
      // libuv's buffers are the system's, by another name.
      message.msg_iov = reinterpret_cast<iovec*>(const_cast<uv_buf_t*>(buffers.data()));
      message.msg_iovlen = std::min(buffers.size(), kMostBuffers);
      taken = ::sendmsg(descriptor, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    }
  } while (taken < 0 && errno == EINTR);
  if (taken >= 0) return static_cast<int>(taken);
  return errno == EAGAIN || errno == EWOULDBLOCK ? 0 : last_error();
}

}  // namespace

/// What a socket's full buffer left over.
struct Socket::Rest {
  std::vector<Bytes> pieces;  // which hold the buffers' bytes
  std::vector<uv_buf_t> buffers;
  std::size_t next = 0;   // the first buffer that is not gone
  std::size_t bytes = 0;  // from there on

  void advance(std::size_t bytes_taken) {
    bytes -= bytes_taken;
    while (next < buffers.size() && bytes_taken >= buffers[next].len) {
      bytes_taken -= buffers[next++].len;
    }
    if (bytes_taken == 0) return;
    buffers[next].base += bytes_taken;
    buffers[next].len -= bytes_taken;
  }
};

Socket::Socket(Loop& loop, ChannelUser& user) : loop_(loop), user_(user) {}

Socket::~Socket() {
  rest_.reset();  // its user may be going, too, and hears of nothing more
  close();
}

int Socket::take(int descriptor) {
  const int code = begin(descriptor);
  if (code != 0) return code;
  const int on = 1;
  ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return 0;
}

/// Owns the descriptor, even where this fails.
int Socket::begin(int descriptor) {
  const int code = loop_.readiness().add(descriptor, *this);
  if (code != 0) {
    ::close(descriptor);
  } else {
    descriptor_ = descriptor;
  }
  return code;
}

int Socket::connect(const Address& to, const Address* from) {
  const int socket = ::socket(to.get()->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (socket < 0) return last_error();
  if (from != nullptr && ::bind(socket, from->get(), from->length()) != 0) {
    const int code = last_error();
    ::close(socket);
    return code;
  }
  if (::connect(socket, to.get(), to.length()) != 0 && errno != EINPROGRESS) {
    refused_ = last_error();
  }
  if (const int code = begin(socket); code != 0) return code;
  connecting_ = true;
  keep_loop();
  if (refused_ != 0) loop_.readiness().again(*this);
  return 0;
}

void Socket::close() {
  if (!open()) return;
  rest_.reset();
  loop_.readiness().remove(*this);
  ::close(std::exchange(descriptor_, -1));
  connecting_ = reading_ = false;
  keep_loop();
}

void Socket::on_ready(std::uint32_t events) {
  if ((events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0) readable_ = true;
  if ((events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0) ends_ = true;
  if (connecting_ && (refused_ != 0 || events != 0)) end_connecting();
  const bool writable = (events & (EPOLLOUT | EPOLLERR | EPOLLHUP)) != 0;
  if (rest_ != nullptr && (writable || may_have_room_)) write_more();
  if (reading_ && readable_) read();
}

void Socket::end_connecting() {
  int error = 0;
  socklen_t length = sizeof error;
  ::getsockopt(descriptor_, SOL_SOCKET, SO_ERROR, &error, &length);
  const int code = error != 0 ? uv_translate_sys_error(error) : refused_;
  connecting_ = false;
  keep_loop();
  const int on = 1;
  if (code == 0) ::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  user_.on_connected(code);
}

void Socket::start_reading() {
  if (!open() || std::exchange(reading_, true)) return;
  keep_loop();
  if (readable_) loop_.readiness().again(*this);
}

void Socket::stop_reading() {
  reading_ = false;
  keep_loop();
}

/// One read a turn, so that a peer who sends much does not keep the others waiting.
void Socket::read() {
  std::vector<char>& buffer = loop_.read_buffer_;
  const ssize_t n = ::recv(descriptor_, buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
    readable_ = false;
    return;
  }
  if (n <= 0) {
    const int code = n == 0 ? UV_EOF : last_error();
    stop_reading();
    return user_.on_input_end(code);
  }
  readable_ = ends_ || static_cast<std::size_t>(n) == buffer.size();
  if (readable_) loop_.readiness().again(*this);
  user_.on_input({buffer.data(), static_cast<std::size_t>(n)});
}

std::size_t Socket::unread() const {
  int bytes = 0;
  if (!open() || ::ioctl(descriptor(), FIONREAD, &bytes) != 0) return 0;
  return static_cast<std::size_t>(bytes);
}

/// One write system call. What it has no room for, the kernel will tell when it has; but not that
/// it would have had room for more buffers than one call takes.
int Socket::write(std::span<const uv_buf_t> buffers) {
  may_have_room_ = buffers.size() > kMostBuffers;
  const int taken = send(descriptor_, buffers);
  if (taken > 0) user_.on_taken(static_cast<std::size_t>(taken));
  return taken;
}

int Socket::write_rest(std::vector<Bytes> pieces, std::span<const uv_buf_t> buffers) {
  rest_ = std::make_unique<Rest>();
  rest_->pieces = std::move(pieces);
  rest_->buffers.assign(buffers.begin(), buffers.end());
  for (const uv_buf_t& buffer : buffers) rest_->bytes += buffer.len;
  keep_loop();
  if (may_have_room_) loop_.readiness().again(*this);
  return 0;
}

void Socket::write_more() {
  const int taken = write(std::span(rest_->buffers).subspan(rest_->next));
  if (!open()) return;  // its user has had enough
  if (taken >= 0) {
    rest_->advance(static_cast<std::size_t>(taken));
    if (rest_->bytes > 0) {
      if (may_have_room_) loop_.readiness().again(*this);
      return;
    }
  }
  rest_.reset();
  keep_loop();
  user_.on_drained(std::min(taken, 0));
}

std::size_t Socket::in_flight() const { return rest_ == nullptr ? 0 : rest_->bytes; }
std::size_t Socket::pieces_in_flight() const {
  return rest_ == nullptr ? 0 : rest_->buffers.size();
}

int Socket::end_output() { return ::shutdown(descriptor(), SHUT_WR) == 0 ? 0 : last_error(); }

/// The loop goes on as long as something is to come of this socket.
void Socket::keep_loop() {
  const bool keeps = connecting_ || reading_ || rest_ != nullptr;
  if (std::exchange(keeps_loop_, keeps) == keeps) return;
  if (keeps) {
    loop_.readiness().add_waiting();
  } else {
    loop_.readiness().remove_waiting();
  }
}

}  // namespace pushbench::net

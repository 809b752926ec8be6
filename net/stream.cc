#include "net/stream.h"

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "net/tls.h"
#include "net/tls_session.h"

namespace pushbench::net {

namespace {

/// What TLS may have to answer a peer that reads none of it: it is cut before this grows further.
constexpr std::size_t kMaxTlsAnswers = 64 * 1024;

uv_buf_t buffer_of(const std::string& bytes, std::size_t skip = 0) {
  // libuv never writes through a buffer that it is given to send.
  char* base = const_cast<char*>(bytes.data()) + skip;
  return uv_buf_init(base, static_cast<unsigned>(bytes.size() - skip));
}

}  // namespace

/// What a socket's full buffer left over. libuv needs the bytes until the callback, even if the
/// stream is gone by then.
struct Stream::WriteRequest {
  uv_write_t request;
  std::vector<Bytes> pieces;
};

struct Stream::Tls {
  explicit Tls(TlsContext& context) : session(context) {}
  TlsSession session;
  std::string held;             // decrypted while reading is paused: at most one read's worth
  bool peer_done_held = false;  // likewise: the listener has yet to be told
};

Stream::Stream(Loop& loop, TlsContext* tls)
    : loop_(loop),
      handle_(new uv_tcp_t),
      tls_(tls != nullptr ? std::make_unique<Tls>(*tls) : nullptr) {
  uv_tcp_init(loop.uv(), handle_.get());
  handle_->data = this;
}

Stream::~Stream() {
  abort();
  loop_.forget(*this);
}

Result<std::unique_ptr<Stream>> Stream::accept(Loop& loop, int socket, TlsContext* tls) {
  std::unique_ptr<Stream> stream(new Stream(loop, tls));
  if (const int code = uv_tcp_open(stream->handle_.get(), socket); code != 0) {
    ::close(socket);
    return failure("accept", uv_strerror(code));
  }
  uv_tcp_nodelay(stream->handle_.get(), 1);
  stream->connected_ = true;
  return stream;
}

Result<std::unique_ptr<Stream>> Stream::connect(Loop& loop, const Address& to,
                                                StreamListener& listener, Traffic& traffic,
                                                TlsContext* tls, Link* /*link*/) {
  std::unique_ptr<Stream> stream(new Stream(loop, tls));
  stream->listener_ = &listener;
  stream->traffic_ = &traffic;
  auto request = std::make_unique<uv_connect_t>();
  const int code = uv_tcp_connect(request.get(), stream->handle_.get(), to.get(),
                                  [](uv_connect_t* r, int status) {
                                    const std::unique_ptr<uv_connect_t> owned(r);
                                    auto* self = static_cast<Stream*>(r->handle->data);
                                    if (self != nullptr) self->on_connected(status);
                                  });
  if (code != 0) return failure(to.text(), uv_strerror(code));
  (void)request.release();  // the callback owns it
  return stream;
}

void Stream::on_connected(int status) {
  if (status != 0) return end(uv_strerror(status));
  uv_tcp_nodelay(handle_.get(), 1);
  connected_ = true;
  if (queued_ > 0 || ends_after_flush_ || tls_) flush_later();
  if (!paused_ || handshaking()) begin_reading();
  if (!tls_) return listener_->on_open();
  if (const std::string error = tls_->session.start(); !error.empty()) end(error);
}

void Stream::start(StreamListener& listener, Traffic& traffic) {
  listener_ = &listener;
  traffic_ = &traffic;
  begin_reading();
}

bool Stream::handshaking() const { return tls_ != nullptr && !tls_->session.open(); }

std::size_t Stream::queued() const {
  return queued_ + in_flight_ + (tls_ ? tls_->session.out().size() : 0);
}

std::size_t Stream::queue_memory() const {
  // Its control block and string, its slot in the queue and the buffer that a write describes it
  // by.
  constexpr std::size_t kPiece = 128;
  return queued() + kPiece * (queue_.size() + pieces_in_flight_);
}

std::uint64_t Stream::sent() const {
  if (in_flight_ == 0) return sent_in_all_;
  const auto* stream = reinterpret_cast<const uv_stream_t*>(handle_.get());
  return sent_in_all_ + in_flight_ - uv_stream_get_write_queue_size(stream);
}

std::string Stream::tls_version() const { return tls_ ? tls_->session.version() : ""; }
bool Stream::session_resumed() const { return tls_ && tls_->session.resumed(); }

// ---- Reading

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
        if (n == UV_EOF) return self->on_end_of_input();
        if (n < 0) return self->end(uv_strerror(static_cast<int>(n)));
        self->on_read({buffer->base, static_cast<std::size_t>(n)});
      });
}

void Stream::on_read(std::span<char> bytes) {
  if (tls_) return on_cipher(bytes);
  traffic_->read += bytes.size();
  deliver(bytes);
}

/// All that one read of the socket brought is decrypted first and delivered in one piece, so that a
/// listener that pauses or aborts in on_bytes leaves nothing behind.
void Stream::on_cipher(std::span<const char> cipher) {
  traffic_->tls_read += cipher.size();
  if (peer_done_) return;  // after close_notify nothing counts (RFC 8446 §6.1)
  TlsSession& session = tls_->session;
  const TlsSession::Fed fed = session.feed(cipher, loop_.plain_buffer());
  traffic_->tls_read -= fed.plain.size();
  traffic_->read += fed.plain.size();
  if (fed.opened || !session.out().empty()) flush_later();
  if (fed.opened && paused_) uv_read_stop(reinterpret_cast<uv_stream_t*>(handle_.get()));
  if (fed.opened && session.client()) listener_->on_open();
  if (!fed.plain.empty()) deliver(fed.plain);
  if (!open()) return;
  if (!fed.error.empty()) return end_with_farewell(fed.error);
  if (session.out().size() > kMaxTlsAnswers) return end("the peer does not read TLS's answers");
  if (fed.peer_done) on_peer_done();
}

void Stream::deliver(std::span<char> plain) {
  if (!open() || ends_after_flush_) return;
  if (!paused_) return listener_->on_bytes(plain);
  tls_->held.append(plain.data(), plain.size());
}

/// What came while reading was paused, and what the listener could not be told then.
void Stream::deliver_held() {
  if (!open() || paused_ || !holds_input()) return;
  std::string held = std::exchange(tls_->held, {});
  if (!held.empty()) listener_->on_bytes(held);
  if (!open() || paused_ || ends_after_flush_) return;
  begin_reading();
  if (std::exchange(tls_->peer_done_held, false)) on_peer_done();
}

bool Stream::holds_input() const {
  return tls_ != nullptr && (!tls_->held.empty() || tls_->peer_done_held);
}

/// FIN. Under TLS that alone is no clean end: somebody else may have sent it (RFC 8446 §6.1).
void Stream::on_end_of_input() {
  if (peer_done_) return;
  if (handshaking()) return end("the peer ended the connection during TLS's handshake");
  if (tls_ && !ends_after_flush_) {
    return end("the peer ended the connection without TLS's close_notify: the end may be missing");
  }
  on_peer_done();
}

void Stream::on_peer_done() {
  peer_done_ = true;
  if (our_side_ended_) return end("");
  if (ends_after_flush_) return;  // flush() ends it
  if (paused_) {
    tls_->peer_done_held = true;
    return;
  }
  if (listener_->on_peer_done() || !open()) return;
  if (queued() == 0) return end_with_farewell("");
  end_after_flush();
}

void Stream::pause_reading() {
  if (!open() || ends_after_flush_) return;
  paused_ = true;
  if (!handshaking()) uv_read_stop(reinterpret_cast<uv_stream_t*>(handle_.get()));
}

void Stream::resume_reading() {
  if (!open() || !std::exchange(paused_, false) || !connected_) return;
  if (holds_input()) return flush_later();  // not from within this call
  begin_reading();
}

// ---- Writing

void Stream::write(Bytes bytes) {
  if (!open() || ends_after_flush_ || bytes->empty()) return;
  queued_ += bytes->size();
  queue_.push_back(std::move(bytes));
  flush_later();
}

void Stream::flush_later() {
  if (waits_for_flush_) return;
  waits_for_flush_ = true;
  loop_.flush_later(*this);
}

/// The one write of this turn, without a request where the socket's buffer has room.
void Stream::flush() {
  waits_for_flush_ = false;
  deliver_held();
  if (!open() || !connected_ || in_flight_ > 0) return;
  const bool had_any = queued_ > 0;
  const bool all_left = tls_ ? send_encrypted() : send_plain();
  if (!all_left || handshaking()) return;
  if (ends_after_flush_) end_our_side();
  if (open() && (had_any || our_side_ended_)) listener_->on_flushed();
}

/// All pieces in one system call. False if some are left, or the stream ended.
bool Stream::send_plain() {
  if (queue_.empty()) return true;
  gather(loop_.gather_);
  const int taken = try_write(loop_.gather_);
  if (taken < 0) {
    end(uv_strerror(taken));
    return false;
  }
  advance(static_cast<std::size_t>(taken));
  if (queue_.empty()) return true;
  gather(loop_.gather_);
  queued_ = sent_ = 0;
  write_rest(std::exchange(queue_, {}), loop_.gather_);
  return false;
}

/// Little more is encrypted than the kernel takes: what waits for a slow peer stays as it is,
/// shared with the other streams that it is queued on.
bool Stream::send_encrypted() {
  std::string& out = tls_->session.out();
  // The loop lends its buffer, so that a write allocates nothing and an idle stream holds nothing.
  const std::string early = std::exchange(out, std::move(loop_.cipher_buffer_));
  out.assign(early);
  int taken = 0;
  while (encrypt_next() && !out.empty()) {
    const uv_buf_t buffer = buffer_of(out);
    taken = try_write({&buffer, 1});
    if (taken < 0 || static_cast<std::size_t>(taken) < out.size()) break;
    out.clear();
  }
  const bool all_left = open() && out.empty();
  if (taken >= 0 && !all_left && open()) {
    const Bytes rest = make_bytes(out.substr(static_cast<std::size_t>(taken)));
    const uv_buf_t buffer = buffer_of(*rest);
    write_rest({rest}, {&buffer, 1});
  }
  out.clear();
  loop_.cipher_buffer_ = std::exchange(out, {});
  if (taken < 0) end(uv_strerror(taken));
  return all_left;
}

/// Lets TLS take the next stretch of the queue and, behind the last one, the end of our side. False
/// if that failed and the stream ended.
bool Stream::encrypt_next() {
  TlsSession& session = tls_->session;
  if (!session.open()) return true;
  if (!queue_.empty()) advance(session.encrypt(queue_, sent_));
  if (queue_.empty() && ends_after_flush_) session.close();
  if (!session.open()) end("TLS: what is queued cannot be encrypted");
  return open();
}

/// One write system call. Returns what it took, which is counted, or a libuv error.
int Stream::try_write(std::span<const uv_buf_t> buffers) {
  const int taken = uv_try_write(reinterpret_cast<uv_stream_t*>(handle_.get()), buffers.data(),
                                 static_cast<unsigned>(buffers.size()));
  if (taken == UV_EAGAIN) return 0;
  if (taken > 0) count_written(static_cast<std::size_t>(taken));
  return taken;
}

/// Hands what is left to libuv, which writes it when the socket has room again.
void Stream::write_rest(std::vector<Bytes> pieces, std::span<const uv_buf_t> buffers) {
  auto rest = std::make_unique<WriteRequest>();
  rest->pieces = std::move(pieces);
  rest->request.data = rest.get();
  in_flight_ = 0;
  for (const uv_buf_t& buffer : buffers) in_flight_ += buffer.len;
  pieces_in_flight_ = buffers.size();
  const int code = uv_write(
      &rest->request, reinterpret_cast<uv_stream_t*>(handle_.get()), buffers.data(),
      static_cast<unsigned>(buffers.size()), [](uv_write_t* request, int status) {
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
  pieces_in_flight_ = 0;
  if (status != 0) return end(uv_strerror(status));
  count_written(bytes);
  if (waits_for_flush_) return;  // the turn's end takes what has queued up since
  if (queued() == 0 && !ends_after_flush_ && !handshaking()) return listener_->on_flushed();
  flush_later();
}

void Stream::gather(std::vector<uv_buf_t>& buffers) const {
  buffers.clear();
  std::size_t skip = sent_;
  for (const Bytes& piece : queue_) {
    buffers.push_back(buffer_of(*piece, skip));
    skip = 0;
  }
}

void Stream::advance(std::size_t taken) {
  queued_ -= taken;
  taken += sent_;
  auto first = queue_.begin();
  while (first != queue_.end() && taken >= (*first)->size()) taken -= (*first++)->size();
  queue_.erase(queue_.begin(), first);
  sent_ = taken;
}

void Stream::count_written(std::size_t bytes) {
  const std::size_t own = tls_ ? tls_->session.own_share(bytes) : 0;
  traffic_->tls_written += own;
  traffic_->written += bytes - own;
  ++traffic_->writes;
  sent_in_all_ += bytes;
}

// ---- Ending

void Stream::end_after_flush() {
  if (!open() || ends_after_flush_) return;
  ends_after_flush_ = true;
  if (tls_) tls_->held.clear();
  if (std::exchange(paused_, false) && connected_ && !peer_done_) begin_reading();
  flush_later();
}

/// All has left, close_notify too.
void Stream::end_our_side() {
  if (peer_done_) return end("");
  if (std::exchange(our_side_ended_, true)) return;
  uv_os_fd_t socket{};
  uv_fileno(reinterpret_cast<uv_handle_t*>(handle_.get()), &socket);
  // libuv's own shutdown waits for what is queued with it, which is nothing.
  if (::shutdown(socket, SHUT_WR) != 0) end(uv_strerror(uv_translate_sys_error(errno)));
}

/// Ends after TLS's last word, an alert or close_notify, as far as the socket takes it now.
void Stream::end_with_farewell(const std::string& reason) {
  if (tls_) {
    tls_->session.close();
    const uv_buf_t buffer = buffer_of(tls_->session.out());
    if (buffer.len > 0) (void)try_write({&buffer, 1});
  }
  end(reason);
}

void Stream::abort() {
  if (in_flight_ > 0) {
    // The kernel may have taken a part of the request under way, and the peer receives that.
    const auto* stream = reinterpret_cast<const uv_stream_t*>(handle_.get());
    const std::size_t taken = in_flight_ - uv_stream_get_write_queue_size(stream);
    if (taken > 0) count_written(taken);
  }
  handle_.reset();
  queue_.clear();
  if (tls_) tls_->session.out().clear();
  queued_ = sent_ = in_flight_ = 0;
}

void Stream::end(const std::string& reason) {
  if (!open()) return;
  abort();
  listener_->on_end(reason);
}

}  // namespace pushbench::net

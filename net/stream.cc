#include "net/stream.h"

#include <utility>

#include "net/link.h"
#include "net/link_path.h"
#include "net/network_count.h"
#include "net/socket.h"
#include "net/tap.h"
#include "net/tls.h"
#include "net/tls_session.h"

namespace pushbench::net {

namespace {

/// What TLS may have to answer a peer that reads none of it: it is cut before this grows further.
constexpr std::size_t kMaxTlsAnswers = 64 * 1024;

}  // namespace

struct Stream::Tls {
  explicit Tls(TlsContext& context) : session(context) {}
  TlsSession session;
  std::string held;             // decrypted while reading is paused: at most one read's worth
  bool peer_done_held = false;  // likewise: the listener has yet to be told
  std::size_t taken = 0;        // of the first piece that is queued, encrypted already
};

/// What hardly any of a server's streams has.
struct Stream::Extras {
  std::unique_ptr<Link> link;             // of an accepted stream that has one
  std::unique_ptr<NetworkCount> network;  // of a stream that connect() made
  Tap* tap = nullptr;
  std::uint32_t tap_name = 0;
};

Stream::Extras& Stream::extras() {
  if (extras_ == nullptr) extras_ = std::make_unique<Extras>();
  return *extras_;
}

Stream::Stream(Loop& loop, TlsContext* tls)
    : loop_(loop), tls_(tls != nullptr ? std::make_unique<Tls>(*tls) : nullptr) {}

Stream::~Stream() {
  abort();
  loop_.forget(*this);
}

Result<std::unique_ptr<Stream>> Stream::accept(Loop& loop, int socket, TlsContext* tls,
                                               std::unique_ptr<Link> link) {
  std::unique_ptr<Stream> stream(new Stream(loop, tls));
  ChannelUser& user = *stream;
  std::unique_ptr<Channel> channel;
  if (link == nullptr || link->ideal()) {
    channel = std::make_unique<Socket>(loop, user);
  } else {
    channel = std::make_unique<LinkPath>(loop, link->down(), link->up(), user);
  }
  if (const int code = channel->take(socket); code != 0) {
    return failure("accept", uv_strerror(code));
  }
  if (link != nullptr) stream->extras().link = std::move(link);
  stream->channel_ = std::move(channel);
  stream->connected_ = true;
  return stream;
}

Result<std::unique_ptr<Stream>> Stream::connect(Loop& loop, const Address& to,
                                                StreamListener& listener, Traffic& traffic,
                                                TlsContext* tls, Link* link, const Address* from,
                                                Tap* tap) {
  std::unique_ptr<Stream> stream(new Stream(loop, tls));
  stream->listener_ = &listener;
  stream->traffic_ = &traffic;
  ChannelUser& user = *stream;
  if (link == nullptr || link->ideal()) {
    stream->channel_ = std::make_unique<Socket>(loop, user);
  } else {
    stream->channel_ = std::make_unique<LinkPath>(loop, link->up(), link->down(), user);
  }
  const int code = stream->channel_->connect(to, from);
  if (code != 0) return failure(to.text(), uv_strerror(code));
  Extras& extras = stream->extras();
  extras.network = std::make_unique<NetworkCount>(to);
  loop.add_counted(*stream);
  if (tap != nullptr) extras.tap_name = tap->on_connect();
  extras.tap = tap;
  return stream;
}

void Stream::on_connected(int status) {
  if (status != 0) return end(uv_strerror(status));
  connected_ = true;
  if (queue_.bytes() > 0 || ends_after_flush_ || tls_) flush_later();
  if (!paused_ || handshaking()) channel_->start_reading();
  if (!tls_) return listener_->on_open();
  if (const std::string error = tls_->session.start(); !error.empty()) end(error);
}

void Stream::start(StreamListener& listener, Traffic& traffic) {
  listener_ = &listener;
  traffic_ = &traffic;
  channel_->start_reading();
}

bool Stream::handshaking() const { return tls_ != nullptr && !tls_->session.open(); }

std::size_t Stream::queued() const {
  return queue_.bytes() + channel_->in_flight() + (tls_ ? tls_->session.out().size() : 0);
}

std::size_t Stream::queue_memory() const {
  // Its control block and string, its slot in the queue and the buffer that a write describes it
  // by.
  constexpr std::size_t kPiece = 128;
  return queued() + kPiece * (queue_.pieces() + channel_->pieces_in_flight());
}

std::uint64_t Stream::sent() const { return sent_in_all_; }

std::string Stream::tls_version() const { return tls_ ? tls_->session.version() : ""; }
bool Stream::session_resumed() const { return tls_ && tls_->session.resumed(); }

// ---- Reading

void Stream::on_input(std::span<char> bytes) {
  if (tls_) return on_cipher(bytes);
  count_read(bytes);
  deliver(bytes);
}

void Stream::count_read(std::span<const char> plain) {
  traffic_->read += plain.size();
  if (extras_ == nullptr || extras_->tap == nullptr) return;
  extras_->tap->on_bytes(extras_->tap_name, false, {plain.data(), plain.size()});
}

/// All that one read of the socket brought is decrypted first and delivered in one piece, so that a
/// listener that pauses or aborts in on_bytes leaves nothing behind.
void Stream::on_cipher(std::span<const char> cipher) {
  traffic_->tls_read += cipher.size();
  if (peer_done_) return;  // after close_notify nothing counts (RFC 8446 §6.1)
  TlsSession& session = tls_->session;
  const TlsSession::Fed fed = session.feed(cipher, loop_.plain_buffer());
  traffic_->tls_read -= fed.plain.size();
  count_read(fed.plain);
  if (fed.opened || !session.out().empty()) flush_later();
  if (fed.opened && paused_) channel_->stop_reading();
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
  channel_->start_reading();
  if (std::exchange(tls_->peer_done_held, false)) on_peer_done();
}

bool Stream::holds_input() const {
  return tls_ != nullptr && (!tls_->held.empty() || tls_->peer_done_held);
}

/// FIN. Under TLS that alone is no clean end: somebody else may have sent it (RFC 8446 §6.1).
void Stream::on_input_end(int code) {
  if (code != UV_EOF) return end(uv_strerror(code));
  if (peer_done_) return;
  if (handshaking()) return end("the peer ended the connection during TLS's handshake");
  if (tls_ && !ends_after_flush_) {
    return end("the peer ended the connection without TLS's close_notify: the end may be missing");
  }
  on_peer_done();
}

void Stream::on_peer_done() {
  peer_done_ = true;
  if (our_side_ended_ && channel_->drained()) return end("");
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
  if (!handshaking()) channel_->stop_reading();
}

void Stream::resume_reading() {
  if (!open() || !std::exchange(paused_, false) || !connected_) return;
  if (holds_input()) return flush_later();  // not from within this call
  channel_->start_reading();
}

// ---- Writing

void Stream::write(Bytes bytes) {
  if (!open() || ends_after_flush_ || bytes->empty()) return;
  if (extras_ != nullptr && extras_->tap != nullptr) {
    extras_->tap->on_bytes(extras_->tap_name, true, *bytes);
  }
  queue_.push(std::move(bytes));
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
  if (!open() || !connected_ || !channel_->takes_more()) return;
  owes_on_flushed_ = owes_on_flushed_ || queue_.bytes() > 0;
  const bool all_left = tls_ ? send_encrypted() : send_plain();
  if (!all_left || handshaking()) return;
  if (ends_after_flush_) end_our_side();
  if (open() && channel_->drained() && (owes_on_flushed_ || our_side_ended_)) tell_flushed();
}

/// All pieces in one system call. False if some are left, or the stream ended.
bool Stream::send_plain() {
  if (queue_.empty()) return true;
  queue_.gather(loop_.gather_);
  const int taken = channel_->write(loop_.gather_);
  if (taken < 0) {
    end(uv_strerror(taken));
    return false;
  }
  if (static_cast<std::size_t>(taken) == queue_.bytes()) {
    queue_.clear();
    return true;
  }
  trim(loop_.gather_, static_cast<std::size_t>(taken));
  return write_rest(queue_.take(), loop_.gather_);
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
    taken = channel_->write({&buffer, 1});
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
  if (!queue_.empty()) {
    std::vector<Bytes>& pieces = loop_.pieces_;
    queue_.copy(pieces, tls_->taken, TlsSession::kAtOnce);
    queue_.drop(session.encrypt(pieces, tls_->taken), tls_->taken);
    pieces.clear();
  }
  if (queue_.empty() && ends_after_flush_) session.close();
  if (!session.open()) end("TLS: what is queued cannot be encrypted");
  return open();
}

/// What the channel has no room for now. False: it is in flight, or the stream ended.
bool Stream::write_rest(std::vector<Bytes> pieces, std::span<const uv_buf_t> buffers) {
  const int code = channel_->write_rest(std::move(pieces), buffers);
  if (code != 0) end(uv_strerror(code));
  return false;
}

void Stream::on_drained(int status) {
  if (status != 0) return end(uv_strerror(status));
  if (waits_for_flush_) return;  // the turn's end takes what has queued up since
  if (queued() == 0 && !ends_after_flush_ && !handshaking()) return tell_flushed();
  flush_later();
}

void Stream::tell_flushed() {
  owes_on_flushed_ = false;
  listener_->on_flushed();
}

void Stream::on_taken(std::size_t bytes) {
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
  if (std::exchange(paused_, false) && connected_ && !peer_done_) channel_->start_reading();
  flush_later();
}

/// All has left us, close_notify too.
void Stream::end_our_side() {
  if (peer_done_) {
    if (channel_->drained()) end("");
    return;
  }
  if (std::exchange(our_side_ended_, true)) return;
  if (const int code = channel_->end_output(); code != 0) end(uv_strerror(code));
}

/// Ends after TLS's last word, an alert or close_notify, as far as the socket takes it now.
void Stream::end_with_farewell(const std::string& reason) {
  if (tls_) {
    tls_->session.close();
    const uv_buf_t buffer = buffer_of(tls_->session.out());
    if (buffer.len > 0) channel_->write_last(buffer);
  }
  end(reason);
}

void Stream::abort() {
  if (!open()) return;
  if (extras_ != nullptr && extras_->network != nullptr) finish_network_count();
  channel_->close();
  queue_.clear();
  if (!tls_) return;
  tls_->session.out().clear();
  tls_->taken = 0;
}

NetworkCount& Stream::network() { return *extras_->network; }

void Stream::finish_network_count() {
  traffic_->unread += channel_->unread();
  extras_->network->finish(channel_->descriptor(), channel_->resets_peer(), *traffic_);
  loop_.remove_counted(*this);
  extras_->network.reset();
}

void Stream::end(const std::string& reason) {
  if (!open()) return;
  abort();
  listener_->on_end(reason);
}

}  // namespace pushbench::net

#include "net/tls_session.h"

#include <fmt/format.h>
#include <openssl/err.h>

#include <algorithm>
#include <cstring>
#include <new>
#include <string_view>

#include "net/certificate.h"
#include "net/tls.h"

namespace pushbench::net {

namespace {

/// Walks over pieces, from somewhere in the first one.
class Cursor {
 public:
  Cursor(std::span<const Bytes> pieces, std::size_t skip) : pieces_(pieces), skip_(skip) {}

  bool at_end() const { return pieces_.empty(); }
  /// The next bytes that lie in one piece, `most` at most.
  std::string_view take(std::size_t most) {
    const std::string_view taken = std::string_view(*pieces_.front()).substr(skip_, most);
    skip_ += taken.size();
    if (skip_ == pieces_.front()->size()) {
      pieces_ = pieces_.subspan(1);
      skip_ = 0;
    }
    return taken;
  }

 private:
  std::span<const Bytes> pieces_;
  std::size_t skip_;
};

/// The next bytes for one record: where they are if they lie in one piece, else copied together.
std::string_view next_record(Cursor& from, std::string& scratch) {
  const std::string_view first = from.take(TlsSession::kMaxRecord);
  if (first.size() == TlsSession::kMaxRecord || from.at_end()) return first;
  scratch = first;
  while (!from.at_end() && scratch.size() < TlsSession::kMaxRecord) {
    scratch.append(from.take(TlsSession::kMaxRecord - scratch.size()));
  }
  return scratch;
}

TlsSession& session_of(const SSL* ssl) { return *static_cast<TlsSession*>(SSL_get_app_data(ssl)); }

/// What OpenSSL's TLS has against the peer, in the user's words where a user may meet it.
std::string explain_failure() {
  // Errors of the libraries below come first in the queue, and say less.
  while (ERR_peek_error() != 0 && ERR_GET_LIB(ERR_peek_error()) != ERR_LIB_SSL) ERR_get_error();
  switch (ERR_GET_REASON(ERR_peek_error())) {
    case SSL_R_HTTP_REQUEST:
      return "the peer speaks plain HTTP where TLS is spoken: use https and wss";
    case SSL_R_WRONG_VERSION_NUMBER:
    case SSL_R_PACKET_LENGTH_TOO_LONG:
    case SSL_R_BAD_RECORD_TYPE:
      return "the peer does not speak TLS";
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
      return "the peer speaks no version of TLS in common with us, who speak 1.2 and 1.3";
    case SSL_R_NO_APPLICATION_PROTOCOL:
      return "TLS: the peer wants to speak something else than http/1.1";
    default:
      return fmt::format("TLS: {}", openssl_reason());
  }
}

}  // namespace

// OpenSSL's side of the memory: a BIO whose ends are `in_` and `out_`. OpenSSL's own memory BIOs
// copy once more, and keep the largest buffer they ever needed.

BIO_METHOD* TlsSession::make_memory() {
  BIO_METHOD* method = BIO_meth_new(BIO_TYPE_MEM, "pushbench");
  if (method == nullptr) return nullptr;
  BIO_meth_set_write_ex(method, take_out);
  BIO_meth_set_read_ex(method, bring_in);
  BIO_meth_set_ctrl(method, [](BIO*, int command, long, void*) -> long {
    return command == BIO_CTRL_FLUSH ? 1 : 0;
  });
  return method;
}

int TlsSession::take_out(BIO* bio, const char* data, std::size_t size, std::size_t* taken) {
  auto* self = static_cast<TlsSession*>(BIO_get_data(bio));
  self->out_.append(data, size);
  self->own_ += size;
  *taken = size;
  return 1;
}

int TlsSession::bring_in(BIO* bio, char* data, std::size_t room, std::size_t* brought) {
  auto* self = static_cast<TlsSession*>(BIO_get_data(bio));
  BIO_clear_retry_flags(bio);
  *brought = std::min(room, self->in_.size());
  if (*brought == 0) {
    BIO_set_retry_read(bio);
    return 0;
  }
  std::memcpy(data, self->in_.data(), *brought);
  self->in_ = self->in_.subspan(*brought);
  return 1;
}

TlsSession::TlsSession(TlsContext& context)
    : context_(context), ssl_(SSL_new(context.context_.get())) {
  BIO* memory = BIO_new(context.memory_.get());
  if (ssl_ == nullptr || memory == nullptr) {
    BIO_free(memory);
    throw std::bad_alloc();
  }
  BIO_set_data(memory, this);
  BIO_set_init(memory, 1);
  SSL_set_bio(ssl_.get(), memory, memory);
  SSL_set_app_data(ssl_.get(), this);
  if (client()) {
    SSL_set_connect_state(ssl_.get());
    if (!context.server_name_.empty()) {
      SSL_set_tlsext_host_name(ssl_.get(), context.server_name_.c_str());
    }
    if (context.last_session_ != nullptr) SSL_set_session(ssl_.get(), context.last_session_.get());
  } else {
    SSL_set_accept_state(ssl_.get());
  }
}

TlsSession::~TlsSession() {
  // OpenSSL would make the sessions of connections that were cut not resumable, as TLS 1.0 wanted
  // it. Being resumed after a cut is what they are for.
  if (!failed_) SSL_set_shutdown(ssl_.get(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
}

bool TlsSession::client() const { return context_.role_ == TlsContext::Role::client; }
std::string TlsSession::version() const { return SSL_get_version(ssl_.get()); }
bool TlsSession::resumed() const { return SSL_session_reused(ssl_.get()) == 1; }

std::string TlsSession::start() { return feed({}, {}).error; }

TlsSession::Fed TlsSession::feed(std::span<const char> cipher, std::span<char> room) {
  Fed fed;
  if (failed_) return fed;
  ERR_clear_error();
  in_ = cipher;
  int result = 1;
  if (!open_) {
    result = SSL_do_handshake(ssl_.get());
    open_ = fed.opened = result == 1;
  }
  std::size_t total = 0;
  while (result == 1) {
    std::size_t got = 0;
    result = SSL_read_ex(ssl_.get(), room.data() + total, room.size() - total, &got);
    total += got;
  }
  in_ = {};
  fed.plain = room.first(total);
  const int what = SSL_get_error(ssl_.get(), result);
  fed.peer_done = what == SSL_ERROR_ZERO_RETURN;
  if (!fed.peer_done && what != SSL_ERROR_WANT_READ) fed.error = fail();
  // A ticket or a key update leaves a buffer for records behind, in spite of the context's mode.
  if (open_) SSL_free_buffers(ssl_.get());
  return fed;
}

std::string TlsSession::fail() {
  open_ = false;
  failed_ = true;
  if (!refused_.empty()) {
    return fmt::format("the server's certificate is not the one expected: its SHA-256 is {}",
                       refused_);
  }
  return explain_failure();
}

std::size_t TlsSession::encrypt(std::span<const Bytes> pieces, std::size_t skip) {
  std::size_t total = 0;
  ERR_clear_error();
  for (Cursor from(pieces, skip); open_ && total < kAtOnce && !from.at_end();) {
    const std::string_view record = next_record(from, context_.record_);
    std::size_t taken = 0;
    if (SSL_write_ex(ssl_.get(), record.data(), record.size(), &taken) != 1) {
      open_ = false;
      failed_ = true;
    }
    own_ -= taken;
    total += taken;
  }
  return total;
}

void TlsSession::close() {
  ERR_clear_error();
  if (open_ && (SSL_get_shutdown(ssl_.get()) & SSL_SENT_SHUTDOWN) == 0) SSL_shutdown(ssl_.get());
}

std::size_t TlsSession::own_share(std::size_t taken) {
  const std::size_t share = std::min(taken, own_);
  own_ -= share;
  return share;
}

/// Stands in for the verification of a chain: one certificate is good, by what it is; or any.
int TlsSession::check_pin(X509_STORE_CTX* chain, void*) {
  const auto* ssl = static_cast<const SSL*>(
      X509_STORE_CTX_get_ex_data(chain, SSL_get_ex_data_X509_STORE_CTX_idx()));
  TlsSession& self = session_of(ssl);
  if (self.context_.fingerprint_.empty()) return 1;
  const std::string shown = fingerprint_of(*X509_STORE_CTX_get0_cert(chain));
  if (shown == self.context_.fingerprint_) return 1;
  self.refused_ = shown;
  X509_STORE_CTX_set_error(chain, X509_V_ERR_CERT_REJECTED);
  return 0;
}

int TlsSession::keep_session(SSL* ssl, SSL_SESSION* session) {
  session_of(ssl).context_.last_session_.reset(session);
  return 1;  // it is ours now
}

}  // namespace pushbench::net

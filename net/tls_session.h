#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "net/bytes.h"
#include "net/openssl.h"

namespace pushbench::net {

class TlsContext;

/// One TLS connection over memory: what the socket brings goes in, what it must take comes out.
class TlsSession {
 public:
  /// Plaintext that one call of feed() may yield beyond the size of what it is fed: the record
  /// that was begun before (RFC 8446 §5.1).
  static constexpr std::size_t kMaxRecord = 16 * 1024;
  /// Plaintext that one call of encrypt() takes: enough for one large write, little to hold for a
  /// peer that does not read.
  static constexpr std::size_t kAtOnce = 64 * 1024;

  explicit TlsSession(TlsContext& context);
  TlsSession(const TlsSession&) = delete;
  TlsSession& operator=(const TlsSession&) = delete;
  ~TlsSession();

  struct Fed {
    std::span<char> plain;   // what was decrypted
    bool opened = false;     // the handshake is done; came before `plain`
    bool peer_done = false;  // close_notify: the peer sends no more
    std::string error;       // if not empty the session is dead; out() may hold an alert
  };

  std::string start();  // a client's first words; the error if there is one
  Fed feed(std::span<const char> cipher, std::span<char> room);

  /// Encrypts the pieces from byte `skip` of the first one on, up to kAtOnce bytes in records that
  /// are as large as they get. Returns how much it took. Check open() afterwards.
  std::size_t encrypt(std::span<const Bytes> pieces, std::size_t skip);
  void close();  // the last thing to send: close_notify

  /// What the socket must take. The owner removes what it has taken.
  std::string& out() { return out_; }
  /// Of the next `taken` bytes of out() that the socket takes, how many are TLS's own and not the
  /// application's. Those count first, so that the sum is right as soon as all have left.
  std::size_t own_share(std::size_t taken);

  bool open() const { return open_; }  // the handshake is done and nothing has failed
  bool client() const;
  std::string version() const;  // "TLSv1.3"
  bool resumed() const;

 private:
  friend class TlsContext;
  static int take_out(BIO* bio, const char* data, std::size_t size, std::size_t* taken);
  static int bring_in(BIO* bio, char* data, std::size_t room, std::size_t* brought);
  static BIO_METHOD* make_memory();
  static int check_pin(X509_STORE_CTX* chain, void* context);
  static int keep_session(SSL* ssl, SSL_SESSION* session);
  std::string fail(int what);

  TlsContext& context_;
  std::span<const char> in_;
  std::string out_;
  std::size_t own_ = 0;  // of what has yet to leave, bytes that are not the application's
  std::string refused_;  // the fingerprint of a certificate that is not the one pinned
  bool open_ = false;
  bool failed_ = false;
  OpenSsl<SSL> ssl_;  // goes first: it reaches the others
};

}  // namespace pushbench::net

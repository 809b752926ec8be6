#pragma once

#include <memory>
#include <string>

#include "net/openssl.h"
#include "wire/result.h"

namespace pushbench::net {

/// What the TLS streams of one side have in common: TLS 1.2 (RFC 5246) and 1.3 (RFC 8446), ALPN
/// http/1.1 (RFC 7301; a server also takes http/1.0), resumption; no renegotiation, no compression.
/// It must outlive its streams and belongs to the thread of their loop.
class TlsContext {
 public:
  /// A server with a certificate chain and its key, both in PEM.
  static Result<std::unique_ptr<TlsContext>> from_files(const std::string& certificate_path,
                                                        const std::string& key_path);
  /// A server with a certificate made for this process: see make_self_signed().
  static Result<std::unique_ptr<TlsContext>> self_signed();
  /// A client that accepts the one certificate whose SHA-256 fingerprint this is, and no other.
  /// It resumes the session of the connection before.
  static Result<std::unique_ptr<TlsContext>> client(const std::string& pinned_fingerprint);
  /// A client that takes whatever certificate there is: for measuring, never to keep a secret. It
  /// asks for `server_name` (RFC 6066 §3), unless that is empty.
  static Result<std::unique_ptr<TlsContext>> unverified_client(const std::string& server_name);
  /// A client like this one that has no session to resume yet: another user's.
  std::unique_ptr<TlsContext> another_client() const;

  /// Of the server's own certificate, or the one that a client has pinned: "AB:CD:…".
  const std::string& fingerprint() const { return fingerprint_; }

 private:
  friend class TlsSession;
  enum class Role { server, client };

  TlsContext(Role role, SSL_CTX* context);
  static Result<std::unique_ptr<TlsContext>> make(Role role);
  void set_up_server();
  void set_up_client();

  Role role_;
  OpenSsl<BIO_METHOD> memory_;
  OpenSsl<SSL_CTX> context_;
  std::string fingerprint_;            // client: empty if any certificate will do
  std::string server_name_;            // client: that it asks for
  OpenSsl<SSL_SESSION> last_session_;  // client: what the server sent last for resumption
  std::string record_;                 // scratch: small pieces become one record here
};

}  // namespace pushbench::net

#include "net/tls.h"

#include <fmt/format.h>
#include <openssl/err.h>

#include <array>
#include <new>

#include "net/certificate.h"
#include "net/tls_session.h"

namespace pushbench::net {

namespace {

/// What a server speaks, what it prefers first; a client of ours offers that alone.
constexpr std::array<unsigned char, 18> kProtocols = {8, 'h', 't', 't', 'p', '/', '1', '.', '1',
                                                      8, 'h', 't', 't', 'p', '/', '1', '.', '0'};
constexpr std::size_t kOffered = 9;  // bytes

/// RFC 7301 §3.2: a client that asks for protocols and for none of these is refused.
int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* length,
                    const unsigned char* offered, unsigned offered_length, void*) {
  unsigned char* out = nullptr;
  const int outcome = SSL_select_next_proto(&out, length, kProtocols.data(), kProtocols.size(),
                                            offered, offered_length);
  *chosen = out;
  return outcome == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

/// A key that needs a password is an error: OpenSSL would ask for it on the terminal.
int no_password(char*, int, int, void*) { return -1; }

}  // namespace

TlsContext::TlsContext(Role role, SSL_CTX* context)
    : role_(role), memory_(TlsSession::make_memory()), context_(context) {
  if (memory_ == nullptr) throw std::bad_alloc();
}

Result<std::unique_ptr<TlsContext>> TlsContext::make(Role role) {
  ERR_clear_error();
  SSL_CTX* context = SSL_CTX_new(role == Role::server ? TLS_server_method() : TLS_client_method());
  if (context == nullptr) return failure("TLS", openssl_reason());
  std::unique_ptr<TlsContext> made(new TlsContext(role, context));
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);  // what is idle holds no record buffers
  if (role == Role::server) {
    made->set_up_server();
  } else {
    made->set_up_client();
  }
  return made;
}

/// Sessions are resumed from tickets, which the clients keep: the server's memory stays flat.
void TlsContext::set_up_server() {
  static constexpr std::array<unsigned char, 9> kScope = {'p', 'u', 's', 'h', 'b',
                                                          'e', 'n', 'c', 'h'};
  SSL_CTX_set_session_cache_mode(context_.get(), SSL_SESS_CACHE_OFF);
  SSL_CTX_set_session_id_context(context_.get(), kScope.data(), kScope.size());
  SSL_CTX_set_alpn_select_cb(context_.get(), choose_protocol, nullptr);
  SSL_CTX_set_default_passwd_cb(context_.get(), no_password);
}

void TlsContext::set_up_client() {
  SSL_CTX_set_session_cache_mode(context_.get(),
                                 SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  SSL_CTX_sess_set_new_cb(context_.get(), TlsSession::keep_session);
  SSL_CTX_set_alpn_protos(context_.get(), kProtocols.data(), kOffered);
  SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_cert_verify_callback(context_.get(), TlsSession::check_pin, nullptr);
}

Result<std::unique_ptr<TlsContext>> TlsContext::from_files(const std::string& certificate_path,
                                                           const std::string& key_path) {
  auto made = make(Role::server);
  if (!made) return made;
  SSL_CTX* context = (*made)->context_.get();
  if (SSL_CTX_use_certificate_chain_file(context, certificate_path.c_str()) != 1) {
    return failure(certificate_path, fmt::format("cannot be used: {}; it must be a certificate in "
                                                 "PEM, followed by those that vouch for it",
                                                 openssl_reason()));
  }
  (*made)->fingerprint_ = fingerprint_of(*SSL_CTX_get0_certificate(context));
  // The first finds a key of another pair, the second one of another kind.
  if (SSL_CTX_use_PrivateKey_file(context, key_path.c_str(), SSL_FILETYPE_PEM) != 1 ||
      SSL_CTX_check_private_key(context) != 1) {
    return failure(key_path,
                   fmt::format("cannot be used: {}; it must be the key of the certificate in {}, "
                               "in PEM and without a password",
                               openssl_reason(), certificate_path));
  }
  return made;
}

Result<std::unique_ptr<TlsContext>> TlsContext::self_signed() {
  auto made = make(Role::server);
  if (!made) return made;
  const auto identity = make_self_signed();
  if (!identity) return tl::unexpected(identity.error());
  SSL_CTX* context = (*made)->context_.get();
  if (SSL_CTX_use_certificate(context, identity->certificate.get()) != 1 ||
      SSL_CTX_use_PrivateKey(context, identity->key.get()) != 1) {
    return failure("self-signed certificate", openssl_reason());
  }
  (*made)->fingerprint_ = fingerprint_of(*identity->certificate);
  return made;
}

Result<std::unique_ptr<TlsContext>> TlsContext::client(const std::string& pinned_fingerprint) {
  auto pin = read_fingerprint(pinned_fingerprint);
  if (!pin) return tl::unexpected(pin.error());
  auto made = make(Role::client);
  if (made) (*made)->fingerprint_ = std::move(*pin);
  return made;
}

Result<std::unique_ptr<TlsContext>> TlsContext::unverified_client(const std::string& server_name) {
  auto made = make(Role::client);
  if (made) (*made)->server_name_ = server_name;
  return made;
}

std::unique_ptr<TlsContext> TlsContext::another_client() const {
  SSL_CTX_up_ref(context_.get());
  std::unique_ptr<TlsContext> another(new TlsContext(role_, context_.get()));
  another->fingerprint_ = fingerprint_;
  another->server_name_ = server_name_;
  return another;
}

}  // namespace pushbench::net

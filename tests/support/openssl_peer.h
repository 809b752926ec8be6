#pragma once

#include <gtest/gtest.h>
#include <openssl/err.h>

#include <array>
#include <string>

#include "net/certificate.h"
#include "net/openssl.h"
#include "tests/support/stream_pair.h"

namespace pushbench::test {

/// How an OpenSslPeer differs from what OpenSSL does by itself.
struct PeerSetup {
  int min_version = TLS1_VERSION;
  int max_version = TLS1_3_VERSION;
  std::string alpn;  // as on the wire: "\x02h2"
};

/// TLS without any of net's code: OpenSSL between its own memory BIOs.
class OpenSslPeer {
 public:
  static OpenSslPeer client(const PeerSetup& setup = {}) {
    return OpenSslPeer(TLS_client_method(), setup);
  }
  static OpenSslPeer server(const PeerSetup& setup = {}) {
    return OpenSslPeer(TLS_server_method(), setup);
  }

  /// A new connection, with the session of the one before if there was one.
  void begin() {
    net::OpenSsl<SSL_SESSION> before(ssl_ != nullptr ? SSL_get1_session(ssl_.get()) : nullptr);
    // Else OpenSSL spoils the session of a connection that was cut.
    if (ssl_ != nullptr) SSL_set_shutdown(ssl_.get(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
    ssl_.reset(SSL_new(context_.get()));
    SSL_set_bio(ssl_.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    if (server_) {
      SSL_set_accept_state(ssl_.get());
    } else {
      SSL_set_connect_state(ssl_.get());
      if (before != nullptr) SSL_set_session(ssl_.get(), before.get());
    }
    received.clear();
    error.clear();
    closed = false;
    step();
  }

  void feed(const std::string& cipher) {
    BIO_write(SSL_get_rbio(ssl_.get()), cipher.data(), static_cast<int>(cipher.size()));
    step();
  }
  void write(const std::string& text) {
    EXPECT_EQ(SSL_write(ssl_.get(), text.data(), static_cast<int>(text.size())),
              static_cast<int>(text.size()));
  }
  void close() { SSL_shutdown(ssl_.get()); }  // sends close_notify

  /// What has to go to the other side, once.
  std::string take() {
    std::string out(BIO_ctrl_pending(SSL_get_wbio(ssl_.get())), '\0');
    if (!out.empty()) BIO_read(SSL_get_wbio(ssl_.get()), out.data(), static_cast<int>(out.size()));
    return out;
  }

  bool open() const { return SSL_is_init_finished(ssl_.get()) == 1; }
  bool resumed() const { return SSL_session_reused(ssl_.get()) == 1; }
  std::string alpn() const {
    const unsigned char* chosen = nullptr;
    unsigned size = 0;
    SSL_get0_alpn_selected(ssl_.get(), &chosen, &size);
    return {reinterpret_cast<const char*>(chosen), size};
  }
  std::string fingerprint() const {
    return net::fingerprint_of(*SSL_CTX_get0_certificate(context_.get()));
  }
  SSL* ssl() { return ssl_.get(); }

  std::string received;
  std::string error;    // why it failed
  bool closed = false;  // close_notify came

 private:
  OpenSslPeer(const SSL_METHOD* method, const PeerSetup& setup)
      : server_(method == TLS_server_method()), context_(SSL_CTX_new(method)) {
    SSL_CTX_set_cipher_list(context_.get(), "DEFAULT:@SECLEVEL=0");  // else nothing below 1.2
    SSL_CTX_set_min_proto_version(context_.get(), setup.min_version);
    SSL_CTX_set_max_proto_version(context_.get(), setup.max_version);
    SSL_CTX_set_alpn_protos(context_.get(),
                            reinterpret_cast<const unsigned char*>(setup.alpn.data()),
                            static_cast<unsigned>(setup.alpn.size()));
    if (!server_) return;
    const auto identity = net::make_self_signed().value();
    SSL_CTX_use_certificate(context_.get(), identity.certificate.get());
    SSL_CTX_use_PrivateKey(context_.get(), identity.key.get());
  }

  void step() {
    ERR_clear_error();
    int result = open() ? 1 : SSL_do_handshake(ssl_.get());
    std::array<char, 16384> buffer{};
    while (result > 0) {
      result = SSL_read(ssl_.get(), buffer.data(), buffer.size());
      if (result > 0) received.append(buffer.data(), static_cast<std::size_t>(result));
    }
    const int what = SSL_get_error(ssl_.get(), result);
    closed = what == SSL_ERROR_ZERO_RETURN;
    if (what == SSL_ERROR_SSL) error = net::openssl_reason();
  }

  bool server_;
  net::OpenSsl<SSL_CTX> context_;
  net::OpenSsl<SSL> ssl_;
};

/// Which side is ours, and the one version that the peer speaks: for tests that go over all four.
struct TlsSide {
  bool we_serve;
  int version;

  OpenSslPeer peer() const {
    const PeerSetup setup{version, version, {}};
    return we_serve ? OpenSslPeer::client(setup) : OpenSslPeer::server(setup);
  }
};

inline const TlsSide kServerTls12{true, TLS1_2_VERSION};
inline const TlsSide kServerTls13{true, TLS1_3_VERSION};
inline const TlsSide kClientTls12{false, TLS1_2_VERSION};
inline const TlsSide kClientTls13{false, TLS1_3_VERSION};

inline std::string side_name(const testing::TestParamInfo<TlsSide>& info) {
  return std::string(info.param.we_serve ? "Server" : "Client") +
         (info.param.version == TLS1_2_VERSION ? "Tls12" : "Tls13");
}

/// Ties an OpenSslPeer to a stream without TLS, so that it meets one of net's with TLS.
class TiedPeer {
 public:
  TiedPeer(OpenSslPeer& tls, Peer& tcp) : tls_(tls), tcp_(tcp) {
    tcp.when_open = [this] { send(); };
    tcp.when_bytes = [this] {
      tls_.feed(std::exchange(tcp_.received, {}));
      if (answers) send();
    };
    tls.begin();
  }
  void send() {
    if (tcp_.stream != nullptr) tcp_.stream->write(tls_.take());
  }
  void send(const std::string& text) {
    tls_.write(text);
    send();
  }

  bool answers = true;  // sends at once what TLS answers

 private:
  OpenSslPeer& tls_;
  Peer& tcp_;
};

}  // namespace pushbench::test

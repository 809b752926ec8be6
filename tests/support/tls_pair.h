#pragma once

#include <gtest/gtest.h>

#include <memory>

#include "net/tls.h"
#include "tests/support/stream_pair.h"

namespace pushbench::test {

/// A server's context with a certificate of its own. One for all tests of a program: keys cost
/// time.
inline net::TlsContext& server_tls() {
  static const auto context = net::TlsContext::self_signed().value();
  return *context;
}

/// A client's context that accepts the certificate of server_tls() and has no session yet.
inline std::unique_ptr<net::TlsContext> client_tls() {
  return net::TlsContext::client(server_tls().fingerprint()).value();
}

/// A fixture: two ends of a TLS connection over loopback, whose handshake is done.
class TlsPair : public testing::Test {
 protected:
  void SetUp() override {
    listener = listen_on_loopback(loop, acceptor, &server_tls());
    ASSERT_NE(listener, nullptr);
    ASSERT_TRUE(client.connect(loop, listener->address(), client_context.get()));
    ASSERT_TRUE(run_until(loop, [this] {
      return client.ends + server.ends > 0 || (client.opened && server.stream->ready());
    }));
    ASSERT_EQ(client.reason + server.reason, "");
  }

  const std::unique_ptr<net::TlsContext> client_context = client_tls();
  net::Loop loop;
  SingleAcceptor acceptor;
  std::unique_ptr<net::Listener> listener;
  Peer client;
  Peer& server = acceptor.peer;
};

}  // namespace pushbench::test

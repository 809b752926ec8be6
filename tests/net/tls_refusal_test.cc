// Peers with whom no TLS comes about, and what is said of it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>

#include "net/stream.h"
#include "tests/support/openssl_peer.h"
#include "tests/support/raw_socket.h"
#include "tests/support/tls_pair.h"
#include "tests/support/turns.h"

namespace pushbench::net {
namespace {

using test::OpenSslPeer;
using test::Peer;
using test::PeerSetup;
using test::RawSocket;
using test::run_until;
using testing::HasSubstr;

/// A TLS server of ours, and sockets that say what the test wants.
class TlsServerRefusals : public testing::Test {
 protected:
  void SetUp() override { ASSERT_NE(listener, nullptr); }

  std::string reason_for(const std::string& bytes) {
    RawSocket other = RawSocket::connected_to(listener->address());
    other.send(bytes);
    EXPECT_TRUE(run_until(loop, [this] { return server.ends > 0; }));
    answer = other.take_to_end();
    return server.reason;
  }

  /// Lets OpenSSL be the client, and says why it or the server failed.
  void meet(const PeerSetup& setup) {
    OpenSslPeer peer = OpenSslPeer::client(setup);
    Peer tcp;
    test::TiedPeer tied(peer, tcp);
    ASSERT_TRUE(tcp.connect(loop, listener->address()));
    ASSERT_TRUE(run_until(loop, [&] { return server.ends > 0 && tcp.ends > 0; }));
    peer_error = peer.error;
  }

  Loop loop;
  test::SingleAcceptor acceptor;
  const std::unique_ptr<Listener> listener =
      test::listen_on_loopback(loop, acceptor, &test::server_tls());
  Peer& server = acceptor.peer;
  std::string answer;
  std::string peer_error;
};

TEST_F(TlsServerRefusals, OfPlainHttpSayWhatToUse) {
  EXPECT_EQ(reason_for("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"),
            "the peer speaks plain HTTP where TLS is spoken: use https and wss");
  EXPECT_EQ(server.received, "");
  EXPECT_EQ(server.traffic.read, 0u);
  EXPECT_EQ(server.traffic.tls_read, 42u);
}

TEST_F(TlsServerRefusals, OfPlainPostToo) {
  EXPECT_EQ(reason_for("POST /rooms/r/messages HTTP/1.1\r\nHost: localhost\r\n\r\n"),
            "the peer speaks plain HTTP where TLS is spoken: use https and wss");
}

TEST_F(TlsServerRefusals, OfSomethingElse) {
  EXPECT_EQ(reason_for("SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n"), "the peer does not speak TLS");
}

TEST_F(TlsServerRefusals, OfARecordThatIsTooLongToBeTrue) {
  EXPECT_THAT(reason_for(std::string("\x16\x03\x01\xff\xff", 5) + std::string(100, 'x')),
              testing::AnyOf("the peer does not speak TLS", HasSubstr("TLS: ")));
}

TEST_F(TlsServerRefusals, OfApplicationDataBeforeTheHandshake) {
  EXPECT_THAT(reason_for(std::string("\x17\x03\x03\x00\x05hello", 10)), HasSubstr("TLS"));
  EXPECT_EQ(server.received, "");
}

TEST_F(TlsServerRefusals, OfAPeerThatEndsInTheHandshake) {
  RawSocket other = RawSocket::connected_to(listener->address());
  other.send(std::string("\x16\x03\x01", 3));
  other.shut_write();
  ASSERT_TRUE(run_until(loop, [this] { return server.ends > 0; }));
  EXPECT_EQ(server.reason, "the peer ended the connection during TLS's handshake");
  EXPECT_EQ(server.peer_dones, 0);
}

TEST_F(TlsServerRefusals, DoNotComeWhileThePeerIsSilent) {
  RawSocket other = RawSocket::connected_to(listener->address());
  other.send(std::string("\x16\x03\x01", 3));
  ASSERT_TRUE(run_until(loop, [this] { return server.traffic.tls_read == 3; }));
  server.stream->write("waits for the handshake");
  EXPECT_LT(test::turns_in(loop, std::chrono::milliseconds(50)), 50) << "it spins";
  EXPECT_EQ(server.ends, 0);
  EXPECT_EQ(server.stream->queued(), 23u);
  EXPECT_EQ(server.flushes, 0);
  EXPECT_EQ(other.take(), "");
}

TEST_F(TlsServerRefusals, OfOldVersionsSendAnAlertFirst) {
  for (const int version : {TLS1_VERSION, TLS1_1_VERSION}) {
    server.ends = 0;
    meet({version, version, {}});
    EXPECT_EQ(server.reason,
              "the peer speaks no version of TLS in common with us, who speak 1.2 and 1.3");
    EXPECT_EQ(peer_error, "tlsv1 alert protocol version");
    EXPECT_GT(server.traffic.tls_written, 0u);
  }
}

TEST_F(TlsServerRefusals, OfOtherProtocolsSendAnAlertFirst) {
  meet({TLS1_2_VERSION, TLS1_3_VERSION, "\x02h2"});
  EXPECT_EQ(server.reason, "TLS: the peer wants to speak something else than http/1.1");
  EXPECT_EQ(peer_error, "tlsv1 alert no application protocol");
}

TEST_F(TlsServerRefusals, DoNotMeetAClientThatOffersHttpAmongOthers) {
  for (const auto& [offer, chosen] :
       {std::pair{"\x08http/1.1", "http/1.1"}, std::pair{"\x02h2\x08http/1.1", "http/1.1"},
        std::pair{"\x08http/1.0", "http/1.0"}, std::pair{"\x08http/1.0\x08http/1.1", "http/1.1"},
        std::pair{"", ""}}) {
    OpenSslPeer peer = OpenSslPeer::client({TLS1_2_VERSION, TLS1_3_VERSION, offer});
    Peer tcp;
    test::TiedPeer tied(peer, tcp);
    ASSERT_TRUE(tcp.connect(loop, listener->address()));
    ASSERT_TRUE(run_until(loop, [&] { return tcp.ends > 0 || peer.open(); }));
    EXPECT_EQ(peer.error, "");
    EXPECT_EQ(peer.alpn(), chosen);
  }
}

/// A TLS client of ours that pins the certificate of server_tls().
class TlsClientRefusals : public testing::Test {
 protected:
  /// Connects to a server that is OpenSSL.
  void meet(const PeerSetup& setup) {
    OpenSslPeer peer = OpenSslPeer::server(setup);
    test::SingleAcceptor acceptor;
    const auto listener = test::listen_on_loopback(loop, acceptor);
    test::TiedPeer tied(peer, acceptor.peer);
    ASSERT_TRUE(client.connect(loop, listener->address(), context.get()));
    client.stream->write("a secret");
    ASSERT_TRUE(run_until(loop, [&] { return client.ends > 0 && acceptor.peer.ends > 0; }));
    EXPECT_FALSE(client.opened);
    EXPECT_EQ(peer.received, "");
    EXPECT_EQ(client.traffic.written, 0u);
    peer_error = peer.error;
    fingerprint = peer.fingerprint();
  }

  const std::unique_ptr<TlsContext> context = test::client_tls();
  Loop loop;
  Peer client;
  std::string peer_error;
  std::string fingerprint;
};

TEST_F(TlsClientRefusals, OfAnotherCertificateShowWhichItWas) {
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    client.ends = 0;
    meet({version, version, {}});
    EXPECT_EQ(client.reason,
              "the server's certificate is not the one expected: its SHA-256 is " + fingerprint);
    EXPECT_EQ(peer_error, "sslv3 alert bad certificate");
  }
}

TEST_F(TlsClientRefusals, OfOldVersionsSayWhich) {
  meet({TLS1_VERSION, TLS1_1_VERSION, {}});
  EXPECT_EQ(client.reason,
            "the peer speaks no version of TLS in common with us, who speak 1.2 and 1.3");
}

TEST_F(TlsClientRefusals, OfAServerWithoutTls) {
  test::SingleAcceptor acceptor;
  acceptor.peer.when_bytes = [&] {
    acceptor.peer.stream->write("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
  };
  const auto listener = test::listen_on_loopback(loop, acceptor);
  ASSERT_TRUE(client.connect(loop, listener->address(), context.get()));
  ASSERT_TRUE(run_until(loop, [&] { return client.ends > 0; }));
  EXPECT_EQ(client.reason, "the peer does not speak TLS");
  EXPECT_FALSE(client.opened);
}

TEST_F(TlsClientRefusals, OfAServerThatEndsInTheHandshake) {
  test::SingleAcceptor acceptor;
  acceptor.peer.when_bytes = [&] { acceptor.peer.stream->end_after_flush(); };
  const auto listener = test::listen_on_loopback(loop, acceptor);
  ASSERT_TRUE(client.connect(loop, listener->address(), context.get()));
  ASSERT_TRUE(run_until(loop, [&] { return client.ends > 0; }));
  EXPECT_EQ(client.reason, "the peer ended the connection during TLS's handshake");
}

TEST_F(TlsClientRefusals, OfAPortThatNobodyListensOn) {
  Address address = test::loopback();
  {
    test::SingleAcceptor acceptor;
    const auto listener = test::listen_on_loopback(loop, acceptor);
    address = listener->address();
  }
  ASSERT_TRUE(client.connect(loop, address, context.get()));
  ASSERT_TRUE(run_until(loop, [&] { return client.ends > 0; }));
  EXPECT_EQ(client.reason, "connection refused");
}

TEST_F(TlsClientRefusals, OfOurOwnServerAreSeenThere) {
  const auto other_server = TlsContext::self_signed().value();
  test::SingleAcceptor acceptor;
  const auto listener = test::listen_on_loopback(loop, acceptor, other_server.get());
  ASSERT_TRUE(client.connect(loop, listener->address(), context.get()));
  ASSERT_TRUE(run_until(loop, [&] { return client.ends > 0 && acceptor.peer.ends > 0; }));
  EXPECT_THAT(client.reason, HasSubstr(other_server->fingerprint()));
  EXPECT_EQ(acceptor.peer.reason, "TLS: sslv3 alert bad certificate");
}

}  // namespace
}  // namespace pushbench::net

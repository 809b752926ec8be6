// Our TLS streams against OpenSSL by itself, as client and as server, with TLS 1.2 and 1.3.

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>

#include "net/stream.h"
#include "tests/support/openssl_peer.h"
#include "tests/support/tls_pair.h"

namespace pushbench::net {
namespace {

using test::numbered_bytes;
using test::OpenSslPeer;
using test::Peer;
using test::run_one_turn;
using test::run_until;

class TlsPeers : public testing::TestWithParam<test::TlsSide> {
 protected:
  void SetUp() override {
    listener_ =
        test::listen_on_loopback(loop, acceptor_, we_serve() ? &test::server_tls() : nullptr);
    ASSERT_NE(listener_, nullptr);
    connect();
  }

  /// A new connection, in place of the one before.
  void connect() {
    connecting_.opened = false;
    acceptor_.peer.stream.reset();
    tied.emplace(peer, theirs);
    TlsContext* tls = we_serve() ? nullptr : client_context_.get();
    ASSERT_TRUE(connecting_.connect(loop, listener_->address(), tls));
    ASSERT_TRUE(run_until(loop, [this] {
      return ours.ends > 0 || (ours.stream && ours.stream->ready() && peer.open());
    }));
    ASSERT_EQ(ours.reason, "");
    ASSERT_EQ(peer.error, "");
  }

  bool we_serve() const { return GetParam().we_serve; }
  bool tls13() const { return GetParam().version == TLS1_3_VERSION; }

  std::uint64_t wire_read() const { return ours.traffic.read + ours.traffic.tls_read; }
  std::uint64_t wire_written() const { return ours.traffic.written + ours.traffic.tls_written; }

  OpenSslPeer peer = GetParam().peer();
  Loop loop;

 private:
  const std::unique_ptr<TlsContext> client_context_ =
      we_serve() ? nullptr : TlsContext::client(peer.fingerprint()).value();
  test::SingleAcceptor acceptor_;
  std::unique_ptr<Listener> listener_;
  Peer connecting_;

 protected:
  Peer& ours = we_serve() ? acceptor_.peer : connecting_;
  Peer& theirs = we_serve() ? connecting_ : acceptor_.peer;
  std::optional<test::TiedPeer> tied;
};

INSTANTIATE_TEST_SUITE_P(Both, TlsPeers,
                         testing::Values(test::kServerTls12, test::kServerTls13, test::kClientTls12,
                                         test::kClientTls13),
                         test::side_name);

class Tls12Peers : public TlsPeers {};
INSTANTIATE_TEST_SUITE_P(Both, Tls12Peers, testing::Values(test::kServerTls12, test::kClientTls12),
                         test::side_name);

class Tls13Peers : public TlsPeers {};
INSTANTIATE_TEST_SUITE_P(Both, Tls13Peers, testing::Values(test::kServerTls13, test::kClientTls13),
                         test::side_name);

TEST_P(TlsPeers, ExchangeBytesAndCountEachOnTheWireOnce) {
  EXPECT_TRUE(ours.stream->secure());
  EXPECT_EQ(ours.stream->tls_version(), tls13() ? "TLSv1.3" : "TLSv1.2");
  EXPECT_FALSE(ours.stream->session_resumed());
  ours.stream->write(numbered_bytes(40'000));
  tied->send(numbered_bytes(1'000));
  ASSERT_TRUE(run_until(loop, [this] {
    return wire_read() == theirs.traffic.written && wire_written() == theirs.traffic.read &&
           ours.received.size() == 1'000 && peer.received.size() == 40'000;
  }));
  EXPECT_TRUE(ours.received == numbered_bytes(1'000));
  EXPECT_TRUE(peer.received == numbered_bytes(40'000));
  EXPECT_EQ(ours.traffic.read, 1'000u);
  EXPECT_EQ(ours.traffic.written, 40'000u);
  EXPECT_GT(ours.traffic.tls_read, 200u) << "the handshake";
  EXPECT_GT(ours.traffic.tls_written, 200u);
}

TEST_P(TlsPeers, CarryMuchBothWaysAtOnce) {
  const std::string text = numbered_bytes(8 * 1024 * 1024);
  for (std::size_t at = 0; at < text.size(); at += 50'000) {
    ours.stream->write(text.substr(at, 50'000));
  }
  tied->send(text);
  ASSERT_TRUE(run_until(loop, [&] {
    return ours.received.size() >= text.size() && peer.received.size() >= text.size() &&
           ours.stream->queued() == 0;
  }));
  EXPECT_TRUE(ours.received == text);
  EXPECT_TRUE(peer.received == text);
  EXPECT_EQ(ours.traffic.written, text.size());
  EXPECT_EQ(ours.traffic.read, text.size());
  EXPECT_EQ(wire_written(), theirs.traffic.read);
  EXPECT_EQ(wire_read(), theirs.traffic.written);
}

TEST_P(TlsPeers, EndCleanlyAfterCloseNotify) {
  tied->send("the last");
  peer.close();
  tied->send();
  theirs.stream->end_after_flush();
  ASSERT_TRUE(run_until(loop, [this] { return ours.ends > 0 && theirs.ends > 0; }));
  EXPECT_EQ(ours.received, "the last");
  EXPECT_EQ(ours.reason, "");
  EXPECT_EQ(ours.peer_dones, 1);
  EXPECT_FALSE(ours.stream->open());
}

TEST_P(TlsPeers, AnswerCloseNotifyWithTheirOwn) {
  theirs.owes = true;
  peer.close();
  tied->send();
  ASSERT_TRUE(run_until(loop, [this] { return ours.ends > 0 && peer.closed; }));
  EXPECT_EQ(ours.reason, "");
  EXPECT_EQ(peer.error, "");
}

TEST_P(TlsPeers, SayThatAnEndWithoutCloseNotifyMayHideALoss) {
  tied->send("half of");
  theirs.stream->end_after_flush();
  ASSERT_TRUE(run_until(loop, [this] { return ours.ends > 0; }));
  EXPECT_EQ(ours.received, "half of");
  EXPECT_EQ(ours.reason,
            "the peer ended the connection without TLS's close_notify: the end may be missing");
  EXPECT_EQ(ours.peer_dones, 0);
}

TEST_P(TlsPeers, SendWhatTheyOweToAPeerThatHasEnded) {
  ours.owes = true;
  theirs.owes = true;
  peer.close();
  tied->send();
  theirs.stream->end_after_flush();
  ASSERT_TRUE(run_until(loop, [this] { return ours.peer_dones > 0; }));
  const std::string answer = numbered_bytes(300'000);
  tied->answers = false;  // it has ended
  ours.stream->write(answer);
  run_one_turn(loop);
  EXPECT_EQ(ours.ends, 0);
  ours.stream->end_after_flush();
  ASSERT_TRUE(run_until(loop, [this] { return ours.ends > 0; }));
  EXPECT_EQ(ours.reason, "");
  EXPECT_EQ(ours.traffic.written, answer.size());
}

TEST_P(TlsPeers, SendWhatTheyOweToAPeerThatHasEndedOnlyTls) {
  ours.owes = true;
  theirs.owes = true;
  peer.close();
  tied->send();  // no FIN: it reads on
  ASSERT_TRUE(run_until(loop, [this] { return ours.peer_dones > 0; }));
  tied->answers = false;
  const std::string answer = numbered_bytes(300'000);
  ours.stream->write(answer);
  ours.stream->end_after_flush();
  ASSERT_TRUE(run_until(loop, [this] { return ours.ends > 0 && peer.closed; }));
  EXPECT_EQ(ours.reason, "");
  EXPECT_TRUE(peer.received == answer);
}

TEST_P(TlsPeers, DropWhatComesInAfterTheirOwnEnd) {
  theirs.owes = true;
  ours.stream->write("the last answer");
  ours.stream->end_after_flush();
  ASSERT_TRUE(run_until(loop, [this] { return theirs.peer_dones > 0; }));
  EXPECT_EQ(peer.received, "the last answer");
  EXPECT_TRUE(peer.closed);
  const std::uint64_t before = ours.traffic.read;
  tied->send("too late");
  ASSERT_TRUE(run_until(loop, [&] { return ours.traffic.read == before + 8; }));
  EXPECT_EQ(ours.ends, 0);
  EXPECT_EQ(ours.received, "");
  peer.close();
  tied->send();
  ASSERT_TRUE(run_until(loop, [this] { return ours.ends > 0; }));
  EXPECT_EQ(ours.reason, "");
  EXPECT_EQ(ours.peer_dones, 0);
}

// Nothing can be missing that is not dropped anyway.
TEST_P(TlsPeers, TakeABareEndAsCleanAfterTheirOwn) {
  theirs.owes = true;
  ours.stream->end_after_flush();
  ASSERT_TRUE(run_until(loop, [this] { return theirs.peer_dones > 0; }));
  theirs.stream->end_after_flush();
  ASSERT_TRUE(run_until(loop, [this] { return ours.ends > 0; }));
  EXPECT_EQ(ours.reason, "");
}

TEST_P(TlsPeers, DeliverTheLastAnswerToAPeerThatStillSends) {
  const std::string answer = numbered_bytes(100'000);
  int deliveries = 0;
  ours.when_bytes = [&] {
    ++deliveries;
    ours.stream->write(answer);
    ours.stream->end_after_flush();
  };
  theirs.owes = true;
  const std::string upload = numbered_bytes(3'000'000);
  tied->send(upload);
  ASSERT_TRUE(run_until(loop, [this] { return theirs.peer_dones > 0 || theirs.ends > 0; }));
  EXPECT_TRUE(peer.received == answer);
  EXPECT_EQ(theirs.reason, "");
  theirs.stream->end_after_flush();
  ASSERT_TRUE(run_until(loop, [this] { return ours.ends > 0 && theirs.ends > 0; }));
  EXPECT_EQ(ours.reason, "");
  EXPECT_EQ(theirs.reason, "");
  EXPECT_EQ(ours.traffic.read, upload.size());
  EXPECT_EQ(deliveries, 1);
}

TEST_P(TlsPeers, DeliverAllRecordsOfOneReadAtOnce) {
  int deliveries = 0;
  ours.when_bytes = [&] {
    ++deliveries;
    ours.stream->pause_reading();
  };
  for (const char* record : {"one ", "two ", "three"}) peer.write(record);
  tied->send();
  ASSERT_TRUE(run_until(loop, [this] { return !ours.received.empty(); }));
  EXPECT_EQ(ours.received, "one two three");
  tied->send("held back by the kernel");
  run_one_turn(loop);
  run_one_turn(loop);
  EXPECT_EQ(deliveries, 1);
  ours.stream->resume_reading();
  EXPECT_EQ(deliveries, 1) << "not from within";
  ASSERT_TRUE(run_until(loop, [&] { return deliveries == 2; }));
  EXPECT_EQ(ours.received, "one two threeheld back by the kernel");
}

TEST_P(TlsPeers, DoNotTellTheEndWhilePaused) {
  ours.when_bytes = [this] { ours.stream->pause_reading(); };
  peer.write("then the end");
  peer.close();
  tied->send();
  ASSERT_TRUE(run_until(loop, [this] { return !ours.received.empty(); }));
  run_one_turn(loop);
  EXPECT_EQ(ours.peer_dones, 0);
  EXPECT_EQ(ours.ends, 0);
  ours.stream->resume_reading();
  EXPECT_EQ(ours.peer_dones, 0) << "not from within";
  ASSERT_TRUE(run_until(loop, [this] { return ours.ends > 0; }));
  EXPECT_EQ(ours.peer_dones, 1);
  EXPECT_EQ(ours.reason, "");
}

TEST_P(TlsPeers, EndPausedStreamsThatAreToldTo) {
  ours.when_bytes = [this] { ours.stream->pause_reading(); };
  peer.write("then the end");
  peer.close();
  tied->send();
  ASSERT_TRUE(run_until(loop, [this] { return !ours.received.empty(); }));
  ours.stream->end_after_flush();
  ASSERT_TRUE(run_until(loop, [this] { return ours.ends > 0; }));
  EXPECT_EQ(ours.peer_dones, 0);
  EXPECT_EQ(ours.reason, "");
}

TEST_P(TlsPeers, MayBeAbortedInOnBytes) {
  ours.when_bytes = [this] { ours.stream->abort(); };
  peer.write("one");
  peer.close();
  tied->send();
  ASSERT_TRUE(run_until(loop, [this] { return theirs.ends > 0; }));
  EXPECT_EQ(ours.received, "one");
  EXPECT_EQ(ours.ends + ours.peer_dones, 0);
}

TEST_P(TlsPeers, IgnoreWhatFollowsCloseNotify) {
  ours.owes = true;
  peer.close();
  tied->send();
  theirs.stream->write("not even TLS");
  ASSERT_TRUE(run_until(loop, [this] { return wire_read() == theirs.traffic.written; }));
  EXPECT_EQ(ours.ends, 0);
  EXPECT_EQ(ours.peer_dones, 1);
  EXPECT_EQ(ours.received, "");
}

TEST_P(TlsPeers, RefuseForgedRecordsWithAnAlert) {
  tied->send("good");
  peer.write("bad");
  std::string forged = peer.take();
  forged.back() ^= 1;
  theirs.stream->write(forged);
  ASSERT_TRUE(run_until(loop, [this] { return ours.ends > 0 && !peer.error.empty(); }));
  EXPECT_EQ(ours.received, "good");
  EXPECT_EQ(ours.reason, "TLS: decryption failed or bad record mac");
  EXPECT_EQ(peer.error, "sslv3 alert bad record mac");
}

TEST_P(TlsPeers, ResumeTheSessionAfterACut) {
  tied->send("x");  // behind the tickets
  ours.stream->write("y");
  ASSERT_TRUE(run_until(loop, [this] { return ours.received == "x" && peer.received == "y"; }));
  ours.stream->abort();
  ASSERT_TRUE(run_until(loop, [this] { return theirs.ends > 0; }));
  ours.received.clear();
  const Traffic before = ours.traffic;
  connect();
  EXPECT_TRUE(ours.stream->session_resumed());
  EXPECT_TRUE(peer.resumed());
  tied->send("again");
  ours.stream->write("and again");
  ASSERT_TRUE(
      run_until(loop, [this] { return ours.received == "again" && peer.received == "and again"; }));
  EXPECT_LT(we_serve() ? ours.traffic.tls_written - before.tls_written
                       : ours.traffic.tls_read - before.tls_read,
            we_serve() ? before.tls_written : before.tls_read)
      << "the certificate is not sent again";
}

TEST_P(Tls12Peers, RefuseToRenegotiate) {
  ASSERT_EQ(SSL_renegotiate(peer.ssl()), 1);
  SSL_do_handshake(peer.ssl());
  tied->send();
  tied->answers = false;  // OpenSSL gives up; a kinder client would go on
  ASSERT_TRUE(run_until(loop, [this] { return !peer.error.empty(); }));
  EXPECT_EQ(peer.error, "no renegotiation");
  run_one_turn(loop);
  EXPECT_EQ(ours.ends, 0);
}

TEST_P(Tls13Peers, UpdateTheirKeys) {
  for (int i = 0; i < 3; ++i) {
    const std::uint64_t before = ours.traffic.tls_read;
    ASSERT_EQ(SSL_key_update(peer.ssl(), SSL_KEY_UPDATE_REQUESTED), 1);
    tied->send("under new keys;");
    ours.stream->write("and so are these;");
    const auto times = static_cast<std::size_t>(i + 1);
    ASSERT_TRUE(run_until(loop, [&] {
      return ours.received.size() == 15 * times && peer.received.size() == 17 * times;
    }));
    EXPECT_GT(ours.traffic.tls_read - before, 40u) << "two records' frames and a key update";
  }
  EXPECT_EQ(ours.traffic.read, 45u);
  EXPECT_EQ(ours.traffic.written, 51u);
  EXPECT_EQ(ours.ends, 0);
}

}  // namespace
}  // namespace pushbench::net

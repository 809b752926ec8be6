// TLS streams at both ends: what holds for streams holds for these.

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "net/stream.h"
#include "tests/support/raw_socket.h"
#include "tests/support/tls_pair.h"
#include "tests/support/turns.h"

namespace pushbench::net {
namespace {

using test::numbered_bytes;
using test::Peer;
using test::RawSocket;
using test::run_one_turn;
using test::run_until;

// More than the buffers of two sockets hold, whose reader does not read.
constexpr std::size_t kMuch = 32 * 1024 * 1024;
constexpr std::size_t kFrame = 22;  // what TLS 1.3 adds to a record (RFC 8446 §5.2)

using TlsStreams = test::TlsPair;

TEST_F(TlsStreams, CarryBytesBothWaysAndCountThemOnceOnEachSide) {
  client.stream->write("a question");
  server.when_bytes = [this] {
    if (server.received == "a question") server.stream->write("an answer!!");
  };
  ASSERT_TRUE(run_until(loop, [this] { return client.received.size() == 11; }));
  EXPECT_EQ(server.received, "a question");
  EXPECT_EQ(client.received, "an answer!!");
  EXPECT_EQ(client.traffic.written, 10u);
  EXPECT_EQ(server.traffic.read, 10u);
  EXPECT_EQ(server.traffic.written, 11u);
  EXPECT_EQ(client.traffic.read, 11u);
  EXPECT_EQ(client.traffic.tls_written, server.traffic.tls_read);
  EXPECT_EQ(client.traffic.tls_read, server.traffic.tls_written);
  EXPECT_EQ(client.ends + server.ends, 0);
}

TEST_F(TlsStreams, SendAllThatATurnQueuesInOneWriteAndOneRecord) {
  run_one_turn(loop);
  const Traffic before = client.traffic;
  std::string expected;
  for (int i = 0; i < 100; ++i) {
    const std::string piece = "piece " + std::to_string(i) + ";";
    client.stream->write(piece);
    expected += piece;
  }
  EXPECT_EQ(client.stream->queued(), expected.size());
  ASSERT_TRUE(run_until(loop, [&] { return server.received.size() >= expected.size(); }));
  EXPECT_EQ(server.received, expected);
  EXPECT_EQ(client.traffic.writes - before.writes, 1u);
  EXPECT_EQ(client.traffic.written, expected.size());
  EXPECT_EQ(client.traffic.tls_written - before.tls_written, kFrame);
  EXPECT_EQ(client.stream->queued(), 0u);
  EXPECT_EQ(client.flushes, 1);
}

TEST_F(TlsStreams, ShareThePiecesTheyHaveQueued) {
  const Bytes shared = make_bytes("the same for all");
  client.stream->write(shared);
  server.stream->write(shared);
  EXPECT_EQ(shared.use_count(), 3);
  ASSERT_TRUE(
      run_until(loop, [&] { return client.received == *shared && server.received == *shared; }));
  EXPECT_EQ(shared.use_count(), 1);
}

TEST_F(TlsStreams, EndAfterFlushDeliversAllAndThenTheEnd) {
  client.stream->write("last ");
  client.stream->write("words");
  client.stream->end_after_flush();
  client.stream->write(" too late");
  client.stream->end_after_flush();
  EXPECT_TRUE(client.stream->open());
  ASSERT_TRUE(run_until(loop, [this] { return server.ends > 0 && client.ends > 0; }));
  EXPECT_EQ(server.received, "last words");
  EXPECT_EQ(server.peer_dones, 1);
  EXPECT_EQ(server.reason, "");
  EXPECT_EQ(client.reason, "");
  run_one_turn(loop);
  EXPECT_EQ(server.ends, 1);
  EXPECT_EQ(client.ends, 1);
}

TEST_F(TlsStreams, AbortIsNoCleanEnd) {
  client.stream->write("never");
  client.stream->abort();
  EXPECT_EQ(client.stream->queued(), 0u);
  ASSERT_TRUE(run_until(loop, [this] { return server.ends > 0; }));
  EXPECT_EQ(server.received, "");
  EXPECT_NE(server.reason, "");
  EXPECT_EQ(client.ends, 0);
  EXPECT_EQ(client.traffic.written, 0u);
}

TEST_F(TlsStreams, DestroyedWithBytesQueuedSendNothing) {
  client.stream->write("never");
  client.stream.reset();
  ASSERT_TRUE(run_until(loop, [this] { return server.ends > 0; }));
  EXPECT_EQ(server.received, "");
}

TEST_F(TlsStreams, PausedDoNotReadUntilTheyResume) {
  server.stream->pause_reading();
  client.stream->write("wait");
  ASSERT_TRUE(run_until(loop, [this] { return client.traffic.written == 4; }));
  EXPECT_LT(test::turns_in(loop, std::chrono::milliseconds(50)), 50) << "it spins";
  EXPECT_EQ(server.received, "");
  server.stream->resume_reading();
  ASSERT_TRUE(run_until(loop, [this] { return server.received == "wait"; }));
}

TEST_F(TlsStreams, ThatAreIdleDoNotTurnTheLoop) {
  EXPECT_LT(test::turns_in(loop, std::chrono::milliseconds(50)), 50) << "it spins";
}

/// A pair whose server does not read until it is told to.
class SlowTlsReader : public test::TlsPair {
 protected:
  void SetUp() override {
    TlsPair::SetUp();
    server.stream->pause_reading();
  }
  void queue(const std::string& text) {
    constexpr std::size_t kPiece = 50'000;
    for (std::size_t at = 0; at < text.size(); at += kPiece) {
      client.stream->write(text.substr(at, kPiece));
    }
  }
};

TEST_F(SlowTlsReader, LetsTheQueueGrowAndThenGetsItAll) {
  const std::string text = numbered_bytes(kMuch);
  queue(text.substr(0, kMuch / 2));
  run_one_turn(loop);
  const std::size_t first = client.stream->queued();
  EXPECT_GT(first, 0u);
  EXPECT_GE(client.traffic.written + first, kMuch / 2);
  EXPECT_LT(client.traffic.written + first, kMuch / 2 + 10 * kFrame) << "TLS's share of a stretch";
  queue(text.substr(kMuch / 2));
  run_one_turn(loop);
  EXPECT_GT(client.stream->queued(), first);
  EXPECT_EQ(server.received, "");
  EXPECT_EQ(client.flushes, 0);

  server.stream->resume_reading();
  ASSERT_TRUE(run_until(
      loop, [&] { return server.received.size() >= text.size() && client.stream->queued() == 0; }));
  EXPECT_TRUE(server.received == text) << "the bytes came in another order";
  EXPECT_EQ(client.traffic.written, text.size());
  EXPECT_EQ(server.traffic.read, text.size());
  EXPECT_EQ(client.traffic.tls_written, server.traffic.tls_read);
}

// A batch that waits for many slow readers must not be held once for each of them.
TEST_F(SlowTlsReader, SharesWhatWaits) {
  queue(numbered_bytes(kMuch));
  run_one_turn(loop);
  const Bytes shared = make_bytes(numbered_bytes(100'000));
  client.stream->write(shared);
  run_one_turn(loop);
  EXPECT_EQ(shared.use_count(), 2) << "it was encrypted before its time";
  client.stream->abort();
  EXPECT_EQ(shared.use_count(), 1);
}

TEST_F(SlowTlsReader, MayPauseAgainAndAgain) {
  const std::string text = numbered_bytes(kMuch / 4);
  queue(text);
  server.when_bytes = [&] {
    server.stream->pause_reading();
    server.stream->resume_reading();
  };
  server.stream->resume_reading();
  ASSERT_TRUE(run_until(loop, [&] { return server.received.size() >= text.size(); }));
  EXPECT_TRUE(server.received == text);
}

TEST_F(SlowTlsReader, GetsAllThatWasQueuedBeforeTheEnd) {
  const std::string text = numbered_bytes(kMuch);
  queue(text);
  client.stream->end_after_flush();
  run_one_turn(loop);
  EXPECT_TRUE(client.stream->open());
  server.stream->resume_reading();
  ASSERT_TRUE(run_until(loop, [this] { return server.ends > 0 && client.ends > 0; }));
  EXPECT_TRUE(server.received == text);
  EXPECT_EQ(server.reason, "");
  EXPECT_EQ(client.reason, "");
  EXPECT_EQ(client.traffic.written, text.size());
}

TEST_F(SlowTlsReader, GetsTheEndThatIsAskedForWhileAWriteIsInFlight) {
  const std::string text = numbered_bytes(kMuch);
  queue(text);
  run_one_turn(loop);
  ASSERT_GT(client.stream->queued(), 0u);
  client.stream->write("and this");
  client.stream->end_after_flush();
  run_one_turn(loop);
  server.stream->resume_reading();
  ASSERT_TRUE(run_until(loop, [this] { return server.ends > 0; }));
  EXPECT_TRUE(server.received == text + "and this");
  EXPECT_EQ(server.reason, "");
}

TEST_F(SlowTlsReader, MayBeAbandonedWithAWriteInFlight) {
  queue(numbered_bytes(kMuch));
  run_one_turn(loop);
  client.stream->abort();
  server.stream->resume_reading();
  ASSERT_TRUE(run_until(loop, [this] { return server.ends > 0; }));
  EXPECT_NE(server.reason, "") << "it is cut off";
  EXPECT_EQ(client.ends, 0);
  EXPECT_LE(server.traffic.read, client.traffic.written);
  EXPECT_EQ(server.traffic.read + server.traffic.tls_read,
            client.traffic.written + client.traffic.tls_written);
}

TEST_F(SlowTlsReader, ThatGoesAwayEndsTheWriterWithAReason) {
  queue(numbered_bytes(kMuch));
  run_one_turn(loop);
  server.stream->abort();
  ASSERT_TRUE(run_until(loop, [this] { return client.ends > 0; }));
  EXPECT_NE(client.reason, "");
  EXPECT_EQ(client.stream->queued(), 0u);
}

/// Streams before and in their handshake.
class TlsStreamsOpening : public testing::Test {
 protected:
  const std::unique_ptr<TlsContext> context = test::client_tls();
  Loop loop;
  test::SingleAcceptor acceptor;
  const std::unique_ptr<Listener> listener =
      test::listen_on_loopback(loop, acceptor, &test::server_tls());
  Peer client;
  Peer& server = acceptor.peer;
};

TEST_F(TlsStreamsOpening, SendWhatWasQueuedBeforeTheyWereOpen) {
  ASSERT_TRUE(client.connect(loop, listener->address(), context.get()));
  EXPECT_FALSE(client.stream->ready());
  client.stream->write("early ");
  client.when_open = [this] { client.stream->write("and late"); };
  ASSERT_TRUE(run_until(loop, [&] { return server.received.size() == 14; }));
  EXPECT_EQ(server.received, "early and late");
  EXPECT_EQ(client.traffic.written, 14u);
  EXPECT_TRUE(client.opened);
  EXPECT_TRUE(client.stream->ready());
}

TEST_F(TlsStreamsOpening, EndAfterFlushWaitsForTheHandshake) {
  ASSERT_TRUE(client.connect(loop, listener->address(), context.get()));
  client.stream->write("all of it");
  client.stream->end_after_flush();
  ASSERT_TRUE(run_until(loop, [&] { return client.ends > 0 && server.ends > 0; }));
  EXPECT_EQ(server.received, "all of it");
  EXPECT_EQ(client.reason, "");
  EXPECT_EQ(server.reason, "");
}

TEST_F(TlsStreamsOpening, MayBePausedFromTheBeginning) {
  ASSERT_TRUE(client.connect(loop, listener->address(), context.get()));
  client.stream->pause_reading();
  ASSERT_TRUE(run_until(loop, [&] { return client.opened && server.stream->ready(); }));
  server.stream->write("not yet");
  ASSERT_TRUE(run_until(loop, [&] { return server.flushes > 0; }));
  EXPECT_LT(test::turns_in(loop, std::chrono::milliseconds(50)), 50) << "it spins";
  EXPECT_EQ(client.received, "");
  client.stream->resume_reading();
  ASSERT_TRUE(run_until(loop, [&] { return client.received == "not yet"; }));
}

TEST_F(TlsStreamsOpening, MayBeAbortedInOnOpen) {
  client.when_open = [this] { client.stream->abort(); };
  ASSERT_TRUE(client.connect(loop, listener->address(), context.get()));
  ASSERT_TRUE(run_until(loop, [&] { return server.ends > 0; }));
  EXPECT_EQ(client.ends, 0);
}

TEST_F(TlsStreamsOpening, MayBeAbortedOrDestroyedAfterEachTurn) {
  for (int turns = 0; turns < 12; ++turns) {
    Peer victim;
    ASSERT_TRUE(victim.connect(loop, listener->address(), context.get()));
    victim.stream->write("x");
    for (int i = 0; i < turns; ++i) run_one_turn(loop);
    if (turns % 2 == 0) {
      victim.stream->abort();
    } else {
      victim.stream.reset();
    }
    run_one_turn(loop);
    EXPECT_EQ(victim.ends, 0);
  }
}

TEST_F(TlsStreamsOpening, MayBeAbortedByTheServerAfterEachTurn) {
  for (int turns = 0; turns < 12; ++turns) {
    Peer other;
    server.stream.reset();
    ASSERT_TRUE(other.connect(loop, listener->address(), context.get()));
    ASSERT_TRUE(run_until(loop, [&] { return server.stream != nullptr; }));
    for (int i = 0; i < turns; ++i) run_one_turn(loop);
    server.stream->abort();
    ASSERT_TRUE(run_until(loop, [&] { return other.ends > 0; }));
    EXPECT_NE(other.reason, "");
  }
}

TEST_F(TlsStreamsOpening, ResumeTheSessionOfTheConnectionBefore) {
  std::uint64_t first_handshake = 0;
  for (int i = 0; i < 3; ++i) {
    Peer next;
    ASSERT_TRUE(next.connect(loop, listener->address(), context.get()));
    next.stream->write("hello");
    server.when_bytes = [this] { server.stream->write("tickets come before this"); };
    ASSERT_TRUE(run_until(loop, [&] { return !next.received.empty() || next.ends > 0; }));
    EXPECT_EQ(next.stream->session_resumed(), i > 0);
    EXPECT_EQ(server.stream->session_resumed(), i > 0);
    if (i == 0) first_handshake = next.traffic.tls_read;
    if (i > 0) {
      EXPECT_LT(next.traffic.tls_read, first_handshake);
    }
    next.stream->abort();
  }
}

TEST_F(TlsStreamsOpening, DoNotResumeTheSessionsOfOthers) {
  const auto connect = [&](TlsContext& whose) {
    Peer next;
    EXPECT_TRUE(next.connect(loop, listener->address(), &whose));
    server.when_bytes = [this] { server.stream->write("x"); };
    next.stream->write("hello");
    EXPECT_TRUE(run_until(loop, [&] { return !next.received.empty() || next.ends > 0; }));
    EXPECT_EQ(next.reason, "");
    return next.stream->session_resumed();
  };
  EXPECT_FALSE(connect(*context));
  const auto another = context->another_client();
  EXPECT_FALSE(connect(*another));
  EXPECT_TRUE(connect(*another));
  EXPECT_TRUE(connect(*context));
}

TEST(PlainStreams, SayThatTheyAreNotSecure) {
  Loop loop;
  test::SingleAcceptor acceptor;
  const auto listener = test::listen_on_loopback(loop, acceptor);
  Peer client;
  ASSERT_TRUE(client.connect(loop, listener->address()));
  EXPECT_FALSE(client.stream->ready());
  ASSERT_TRUE(run_until(loop, [&] { return client.opened; }));
  EXPECT_TRUE(client.stream->ready());
  EXPECT_FALSE(client.stream->secure());
  EXPECT_EQ(client.stream->tls_version(), "");
  EXPECT_FALSE(client.stream->session_resumed());
}

}  // namespace
}  // namespace pushbench::net

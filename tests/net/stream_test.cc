#include "net/stream.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/support/raw_socket.h"
#include "tests/support/stream_pair.h"

namespace pushbench::net {
namespace {

using test::Peer;
using test::RawSocket;
using test::run_one_turn;
using test::run_until;

using Streams = test::StreamPair;

TEST_F(Streams, CarryBytesBothWaysAndCountThemOnceOnEachSide) {
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
  EXPECT_EQ(client.ends + server.ends, 0);
}

TEST_F(Streams, SendAllThatATurnQueuesInOneWrite) {
  std::string expected;
  for (int i = 0; i < 100; ++i) {
    const std::string piece = "piece " + std::to_string(i) + ";";
    client.stream->write(piece);
    expected += piece;
  }
  EXPECT_EQ(client.stream->queued(), expected.size());
  EXPECT_EQ(client.traffic.writes, 0u);
  ASSERT_TRUE(run_until(loop, [&] { return server.received.size() >= expected.size(); }));
  EXPECT_EQ(server.received, expected);
  EXPECT_EQ(client.traffic.writes, 1u);
  EXPECT_EQ(client.traffic.written, expected.size());
  EXPECT_EQ(client.stream->queued(), 0u);
}

TEST_F(Streams, WriteOnceInEachTurn) {
  for (std::uint64_t turn = 1; turn <= 3; ++turn) {
    client.stream->write("one");
    client.stream->write("two");
    run_one_turn(loop);
    EXPECT_EQ(client.traffic.writes, turn);
    EXPECT_EQ(client.traffic.written, 6 * turn);
  }
}

TEST_F(Streams, DoNotWriteWhereNothingIsQueued) {
  client.stream->write("");
  run_one_turn(loop);
  EXPECT_EQ(client.traffic.writes, 0u);
  EXPECT_EQ(client.stream->queued(), 0u);
}

TEST_F(Streams, SendMorePiecesThanOneSystemCallTakes) {
  std::string expected;
  for (int i = 0; i < 3000; ++i) {
    const std::string piece = std::to_string(i) + ",";
    client.stream->write(piece);
    expected += piece;
  }
  ASSERT_TRUE(run_until(loop, [&] {
    return server.received.size() >= expected.size() && client.stream->queued() == 0;
  }));
  EXPECT_EQ(server.received, expected);
  EXPECT_EQ(client.traffic.written, expected.size());
}

TEST_F(Streams, ShareThePiecesTheyHaveQueued) {
  const Bytes shared = make_bytes("the same for all");
  client.stream->write(shared);
  server.stream->write(shared);
  EXPECT_EQ(shared.use_count(), 3);
  ASSERT_TRUE(
      run_until(loop, [&] { return client.received == *shared && server.received == *shared; }));
  EXPECT_EQ(shared.use_count(), 1);
}

TEST_F(Streams, ChangeTheirListener) {
  Peer other;
  server.stream->set_listener(other);
  client.stream->write("for the other");
  ASSERT_TRUE(run_until(loop, [&] { return other.received.size() == 13; }));
  EXPECT_EQ(server.received, "");
  EXPECT_EQ(server.traffic.read, 13u);  // who counts stays
}

TEST_F(Streams, EndAfterFlushDeliversAllAndThenTheEnd) {
  client.stream->write("last ");
  client.stream->write("words");
  client.stream->end_after_flush();
  client.stream->write(" too late");
  client.stream->end_after_flush();
  EXPECT_TRUE(client.stream->open());
  ASSERT_TRUE(run_until(loop, [this] { return server.ends > 0 && client.ends > 0; }));
  EXPECT_EQ(server.received, "last words");
  EXPECT_EQ(server.reason, "");
  EXPECT_EQ(client.reason, "");
  EXPECT_FALSE(client.stream->open());
  EXPECT_FALSE(server.stream->open());
  run_one_turn(loop);
  EXPECT_EQ(server.ends, 1);
  EXPECT_EQ(client.ends, 1);
}

TEST_F(Streams, EndAfterFlushOfNothingEnds) {
  client.stream->end_after_flush();
  EXPECT_EQ(client.ends, 0) << "on_end comes when the turn ends, not from within";
  ASSERT_TRUE(run_until(loop, [this] { return server.ends > 0 && client.ends > 0; }));
  EXPECT_EQ(server.received, "");
}

TEST_F(Streams, AbortDropsWhatIsQueuedAndTellsTheOtherSideOnly) {
  client.stream->write("never");
  client.stream->abort();
  EXPECT_FALSE(client.stream->open());
  EXPECT_EQ(client.stream->queued(), 0u);
  ASSERT_TRUE(run_until(loop, [this] { return server.ends > 0; }));
  EXPECT_EQ(server.received, "");
  EXPECT_EQ(client.ends, 0);
  EXPECT_EQ(client.traffic.written, 0u);
}

TEST_F(Streams, ThatAreNotOpenIgnoreWhatIsAskedOfThem) {
  client.stream->abort();
  client.stream->abort();
  client.stream->write("x");
  client.stream->end_after_flush();
  client.stream->pause_reading();
  client.stream->resume_reading();
  run_one_turn(loop);
  EXPECT_EQ(client.stream->queued(), 0u);
  EXPECT_EQ(client.ends, 0);
}

TEST_F(Streams, MayBeAbortedWithinTheirCallback) {
  server.when_bytes = [this] { server.stream->abort(); };
  client.stream->write("x");
  ASSERT_TRUE(run_until(loop, [this] { return client.ends > 0; }));
  EXPECT_EQ(server.ends, 0);
}

TEST_F(Streams, DestroyedWithBytesQueuedSendNothing) {
  client.stream->write("never");
  client.stream.reset();
  ASSERT_TRUE(run_until(loop, [this] { return server.ends > 0; }));
  EXPECT_EQ(server.received, "");
}

TEST_F(Streams, PausedDoNotReadUntilTheyResume) {
  server.stream->pause_reading();
  client.stream->write("wait");
  ASSERT_TRUE(run_until(loop, [this] { return client.traffic.written == 4; }));
  run_one_turn(loop);
  EXPECT_EQ(server.received, "");
  server.stream->resume_reading();
  ASSERT_TRUE(run_until(loop, [this] { return server.received == "wait"; }));
}

TEST(StreamsConnecting, ThatAreRefusedEndWithTheReason) {
  Loop loop;
  test::SingleAcceptor acceptor;
  Address address = test::loopback();
  {
    const auto listener = test::listen_on_loopback(loop, acceptor);
    address = listener->address();
  }
  run_one_turn(loop);  // the listener's socket is closed now
  Peer client;
  ASSERT_TRUE(client.connect(loop, address));
  EXPECT_EQ(client.ends, 0);
  ASSERT_TRUE(run_until(loop, [&] { return client.ends > 0; }));
  EXPECT_EQ(client.reason, "connection refused");
  EXPECT_FALSE(client.opened);
  EXPECT_FALSE(client.stream->open());
}

TEST(StreamsConnecting, SendWhatWasQueuedBeforeTheyWereOpen) {
  Loop loop;
  test::SingleAcceptor acceptor;
  const auto listener = test::listen_on_loopback(loop, acceptor);
  Peer client;
  ASSERT_TRUE(client.connect(loop, listener->address()));
  client.stream->write("early");
  ASSERT_TRUE(run_until(loop, [&] { return acceptor.peer.received == "early"; }));
  EXPECT_TRUE(client.opened);
  EXPECT_EQ(client.traffic.written, 5u);
}

TEST(StreamsConnecting, MayBeDestroyedBeforeTheyAreOpen) {
  const RawSocket listening = RawSocket::listening();
  Loop loop;
  Peer client;
  ASSERT_TRUE(client.connect(loop, listening.address()));
  client.stream->write("never");
  client.stream.reset();
  test::run_out(loop);
  EXPECT_FALSE(client.opened);
  EXPECT_EQ(client.ends, 0);
}

TEST(StreamsConnecting, ThatAreResetEndWithTheReason) {
  const RawSocket listening = RawSocket::listening();
  Loop loop;
  Peer client;
  ASSERT_TRUE(client.connect(loop, listening.address()));
  {
    const RawSocket other = listening.accept();
    client.stream->write("unread");
    ASSERT_TRUE(run_until(loop, [&] { return client.traffic.written == 6; }));
  }  // closing a socket with unread bytes resets the connection
  ASSERT_TRUE(run_until(loop, [&] { return client.ends > 0; }));
  EXPECT_EQ(client.reason, "connection reset by peer");
}

}  // namespace
}  // namespace pushbench::net

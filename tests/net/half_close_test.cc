// One side of a stream ends before the other.

#include <gtest/gtest.h>

#include <string>

#include "net/stream.h"
#include "net/timer.h"
#include "tests/support/raw_socket.h"
#include "tests/support/stream_pair.h"
#include "tests/support/turns.h"

namespace pushbench::net {
namespace {

using test::numbered_bytes;
using test::RawSocket;
using test::run_one_turn;
using test::run_until;

// More than the buffers of two sockets hold, whose reader does not read.
constexpr std::size_t kMuch = 32 * 1024 * 1024;

/// A stream of ours whose peer is a socket that only does what the test says.
class HalfClosedStreams : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(run_until(loop, [this] { return server.stream != nullptr; }));
  }

  Loop loop;
  test::SingleAcceptor acceptor;
  const std::unique_ptr<Listener> listener = test::listen_on_loopback(loop, acceptor);
  RawSocket other = RawSocket::connected_to(listener->address());
  test::Peer& server = acceptor.peer;
};

TEST_F(HalfClosedStreams, StillDeliverWhatTheyHaveQueued) {
  const std::string text = numbered_bytes(kMuch);
  server.stream->write(text);
  run_one_turn(loop);
  ASSERT_GT(server.stream->queued(), 0u);
  other.send("that is all");
  other.shut_write();
  ASSERT_TRUE(run_until(loop, [&] { return server.received == "that is all"; }));
  EXPECT_EQ(server.ends, 0);
  std::string received;
  ASSERT_TRUE(run_until(loop, [&] {
    received += other.take();
    return server.ends > 0;
  }));
  received += other.take_to_end();
  EXPECT_TRUE(received == text);
  EXPECT_EQ(server.reason, "");
  EXPECT_EQ(server.ends, 1);
  EXPECT_EQ(server.traffic.written, text.size());
}

TEST_F(HalfClosedStreams, EndAtOnceIfTheyOweNothing) {
  other.send("that is all");
  other.shut_write();
  ASSERT_TRUE(run_until(loop, [&] { return server.ends > 0; }));
  EXPECT_EQ(server.received, "that is all");
  EXPECT_EQ(server.peer_dones, 1);
  EXPECT_EQ(server.reason, "");
  EXPECT_EQ(other.take_to_end(), "");
}

TEST_F(HalfClosedStreams, AnswerTheLastRequestIfItIsQueuedBeforeTheEndIsSeen) {
  server.when_bytes = [&] { server.stream->write("the answer"); };
  other.send("the question");
  other.shut_write();
  ASSERT_TRUE(run_until(loop, [&] { return server.ends > 0; }));
  EXPECT_EQ(other.take_to_end(), "the answer");
}

TEST_F(HalfClosedStreams, SendWhatTheListenerQueuesWhenItIsTold) {
  server.when_peer_done = [&] { server.stream->write("good-bye"); };
  other.shut_write();
  ASSERT_TRUE(run_until(loop, [&] { return server.ends > 0; }));
  EXPECT_EQ(server.reason, "");
  EXPECT_EQ(other.take_to_end(), "good-bye");
}

TEST_F(HalfClosedStreams, WaitForAListenerThatOwesSomething) {
  server.owes = true;
  other.send("a question that takes time");
  other.shut_write();
  ASSERT_TRUE(run_until(loop, [&] { return server.peer_dones > 0; }));
  EXPECT_LT(test::turns_in(loop, std::chrono::milliseconds(50)), 50) << "it spins";
  EXPECT_EQ(server.ends, 0);
  server.stream->write("the answer, ");
  ASSERT_TRUE(run_until(loop, [&] { return server.flushes == 1; }));
  EXPECT_EQ(server.ends, 0) << "the listener ends it";
  server.stream->write("all of it");
  server.stream->end_after_flush();
  ASSERT_TRUE(run_until(loop, [&] { return server.ends > 0; }));
  EXPECT_EQ(server.reason, "");
  EXPECT_EQ(server.peer_dones, 1);
  EXPECT_EQ(other.take_to_end(), "the answer, all of it");
}

TEST_F(HalfClosedStreams, TellTheirListenerOnceThoughItResumesReading) {
  server.owes = true;
  other.shut_write();
  ASSERT_TRUE(run_until(loop, [&] { return server.peer_dones > 0; }));
  for (int i = 0; i < 3; ++i) {
    server.stream->pause_reading();
    server.stream->resume_reading();
    run_one_turn(loop);
  }
  EXPECT_LT(test::turns_in(loop, std::chrono::milliseconds(50)), 50) << "it spins";
  EXPECT_EQ(server.peer_dones, 1);
  EXPECT_EQ(server.ends, 0);
}

TEST_F(HalfClosedStreams, MayBeAbortedWhenTheListenerIsTold) {
  server.owes = true;
  server.when_peer_done = [&] { server.stream->abort(); };
  other.shut_write();
  ASSERT_TRUE(run_until(loop, [&] { return server.peer_dones > 0; }));
  EXPECT_EQ(server.ends, 0);
  EXPECT_EQ(other.take_to_end(), "");
}

TEST_F(HalfClosedStreams, MayBeToldToEndWhenTheListenerIsTold) {
  server.when_peer_done = [&] {
    server.stream->write("last");
    server.stream->end_after_flush();
  };
  other.shut_write();
  ASSERT_TRUE(run_until(loop, [&] { return server.ends > 0; }));
  run_one_turn(loop);
  EXPECT_EQ(server.ends, 1);
  EXPECT_EQ(server.peer_dones, 1);
  EXPECT_EQ(other.take_to_end(), "last");
}

TEST_F(HalfClosedStreams, EndTheirOwnSideFirstAndWaitForTheOther) {
  server.stream->write("my last words");
  server.stream->end_after_flush();
  ASSERT_TRUE(run_until(loop, [&] { return server.stream->queued() == 0; }));
  EXPECT_EQ(other.take_to_end(), "my last words") << "the end is seen while the stream is open";
  EXPECT_TRUE(server.stream->open());
  other.send("and mine");
  ASSERT_TRUE(run_until(loop, [&] { return server.traffic.read == 8; }));
  EXPECT_EQ(server.received, "") << "what comes after the end is dropped";
  EXPECT_LT(test::turns_in(loop, std::chrono::milliseconds(50)), 50) << "it spins";
  EXPECT_EQ(server.ends, 0);
  other.shut_write();
  ASSERT_TRUE(run_until(loop, [&] { return server.ends > 0; }));
  EXPECT_EQ(server.reason, "");
  EXPECT_EQ(server.peer_dones, 0);
}

// Closing a socket with unread bytes resets the connection, and what the peer has not read by then
// is lost to it (RFC 9112 §9.6).
TEST_F(HalfClosedStreams, DoNotResetAPeerThatStillSends) {
  const std::string answer = numbered_bytes(1'000'000);
  int deliveries = 0;
  server.when_bytes = [&] {
    ++deliveries;
    server.stream->write(answer);
    server.stream->end_after_flush();
  };
  std::size_t sent = 0;
  std::string received;
  ASSERT_TRUE(run_until(loop, [&] {
    other.send(std::string(10'000, '?'));
    ++sent;
    if (sent > 50) received += other.take();
    return received.size() >= answer.size();
  }));
  other.send("one more");
  received += other.take_to_end();
  EXPECT_TRUE(received == answer);
  other.shut_write();
  ASSERT_TRUE(run_until(loop, [&] { return server.ends > 0; }));
  EXPECT_EQ(server.reason, "");
  EXPECT_EQ(deliveries, 1);
  EXPECT_EQ(server.traffic.read, sent * 10'000 + 8);
}

TEST_F(HalfClosedStreams, EndTheirSideThoughTheyArePaused) {
  server.stream->pause_reading();
  other.send("unread");
  server.stream->write("last");
  server.stream->end_after_flush();
  ASSERT_TRUE(run_until(loop, [&] { return server.traffic.read == 6; }));
  EXPECT_EQ(server.received, "");
  EXPECT_EQ(other.take_to_end(), "last");
  other.shut_write();
  ASSERT_TRUE(run_until(loop, [&] { return server.ends > 0; }));
  EXPECT_EQ(server.reason, "");
}

TEST_F(HalfClosedStreams, MayBeAbortedWhileTheyWaitForTheOtherSide) {
  server.stream->end_after_flush();
  run_one_turn(loop);
  EXPECT_EQ(other.take_to_end(), "");
  EXPECT_TRUE(server.stream->open());
  server.stream->abort();
  run_one_turn(loop);
  EXPECT_EQ(server.ends, 0);
}

TEST_F(HalfClosedStreams, DoNotEndOnTheirOwnBeforeTheOtherSideDoes) {
  server.stream->end_after_flush();
  EXPECT_LT(test::turns_in(loop, std::chrono::milliseconds(50)), 50) << "it spins";
  EXPECT_EQ(server.ends, 0) << "whoever ends a stream bounds the time";
  EXPECT_TRUE(server.stream->open());
}

}  // namespace
}  // namespace pushbench::net

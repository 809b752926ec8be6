#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <string>

#include "net/stream.h"
#include "tests/support/stream_pair.h"

namespace {
std::uint64_t system_calls = 0;
}

/// In the C library's place: what writes to sockets is counted.
extern "C" ssize_t send(int fd, const void* bytes, size_t size, int flags) {
  ++system_calls;
  return syscall(SYS_sendto, fd, bytes, size, flags, nullptr, 0);
}
extern "C" ssize_t sendmsg(int fd, const msghdr* message, int flags) {
  ++system_calls;
  return syscall(SYS_sendmsg, fd, message, flags);
}

namespace pushbench::net {
namespace {

using test::numbered_bytes;
using test::run_one_turn;
using test::run_until;

// More than the buffers of two sockets hold, whose reader does not read.
constexpr std::size_t kMuch = 32 * 1024 * 1024;

/// A pair whose server does not read until it is told to.
class SlowReader : public test::StreamPair {
 protected:
  void SetUp() override {
    StreamPair::SetUp();
    server.stream->pause_reading();
  }

  /// Queues text in pieces of 64 KiB, which is how a batch of deliveries looks.
  void queue(const std::string& text) {
    constexpr std::size_t kPiece = 64 * 1024;
    for (std::size_t at = 0; at < text.size(); at += kPiece) {
      client.stream->write(text.substr(at, kPiece));
    }
  }
};

TEST_F(SlowReader, LetsTheQueueGrowAndThenGetsItAll) {
  const std::string text = numbered_bytes(kMuch);
  queue(text.substr(0, kMuch / 2));
  run_one_turn(loop);
  const std::size_t first = client.stream->queued();
  EXPECT_GT(first, 0u);
  EXPECT_EQ(client.traffic.written, kMuch / 2 - first);
  queue(text.substr(kMuch / 2));
  run_one_turn(loop);
  EXPECT_GT(client.stream->queued(), first);
  EXPECT_EQ(server.received, "");

  server.stream->resume_reading();
  ASSERT_TRUE(run_until(
      loop, [&] { return server.received.size() >= text.size() && client.stream->queued() == 0; }));
  EXPECT_TRUE(server.received == text) << "the bytes came in another order";
  EXPECT_EQ(client.traffic.written, text.size());
  EXPECT_EQ(server.traffic.read, text.size());
  EXPECT_GE(client.traffic.writes, 2u);
}

TEST_F(SlowReader, IsWrittenToOnlyWhenThereIsRoom) {
  const std::string text = numbered_bytes(kMuch);
  const std::uint64_t before = system_calls;
  queue(text);
  run_one_turn(loop);
  run_one_turn(loop);
  EXPECT_EQ(system_calls - before, 1U);
  server.stream->resume_reading();
  ASSERT_TRUE(run_until(loop, [&] { return server.received.size() >= text.size(); }));
  EXPECT_GT(client.traffic.writes, 10U);
  EXPECT_EQ(client.traffic.writes, system_calls - before);
}

TEST_F(SlowReader, GetsMorePiecesThanFitIntoOneCall) {
  constexpr std::size_t kPieces = 3000;
  for (std::size_t i = 0; i < kPieces; ++i) client.stream->write("piece");
  run_one_turn(loop);
  EXPECT_EQ(client.traffic.written, 1024 * 5U);
  server.stream->resume_reading();
  ASSERT_TRUE(run_until(loop, [&] { return server.received.size() == 5 * kPieces; }));
  EXPECT_EQ(client.traffic.writes, 3U);
}

TEST_F(SlowReader, MayPauseAgainAndAgain) {
  const std::string text = numbered_bytes(kMuch);
  queue(text);
  std::size_t next_pause = 0;
  server.when_bytes = [&] {
    if (server.received.size() < next_pause) return;
    next_pause = server.received.size() + kMuch / 8;
    server.stream->pause_reading();
    server.stream->resume_reading();
  };
  server.stream->resume_reading();
  ASSERT_TRUE(run_until(loop, [&] { return server.received.size() >= text.size(); }));
  EXPECT_TRUE(server.received == text);
}

TEST_F(SlowReader, GetsAllThatWasQueuedBeforeTheEnd) {
  const std::string text = numbered_bytes(kMuch);
  queue(text);
  client.stream->end_after_flush();
  run_one_turn(loop);
  EXPECT_TRUE(client.stream->open());
  EXPECT_EQ(client.ends, 0);
  server.stream->resume_reading();
  ASSERT_TRUE(run_until(loop, [this] { return server.ends > 0 && client.ends > 0; }));
  EXPECT_TRUE(server.received == text);
  EXPECT_EQ(server.reason, "");
  EXPECT_EQ(client.reason, "");
  EXPECT_EQ(client.traffic.written, text.size());
}

TEST_F(SlowReader, GetsTheEndThatIsAskedForWhileAWriteIsInFlight) {
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
}

// What the kernel took of a write in flight still arrives, so it must be in the count.
class SlowReaderOfAWriteInFlight : public SlowReader {
 protected:
  void SetUp() override {
    SlowReader::SetUp();
    text = numbered_bytes(2 * kMuch);  // while it is read the sockets' buffers grow further
    queue(text);
    run_one_turn(loop);
    const std::uint64_t taken = client.traffic.written;
    server.stream->resume_reading();
    ASSERT_TRUE(run_until(loop, [&] { return server.received.size() > taken; }));
    ASSERT_GT(client.stream->queued(), 0u) << "no write is in flight, so this tests nothing";
    ASSERT_GT(client.traffic.written, taken);
  }

  void expect_all_counted() {
    ASSERT_TRUE(run_until(loop, [this] { return server.ends > 0; }));
    EXPECT_EQ(client.ends, 0);
    EXPECT_EQ(server.traffic.read, client.traffic.written);
    EXPECT_LT(client.traffic.written, text.size());
    EXPECT_TRUE(text.starts_with(server.received));
  }

  std::string text;
};

TEST_F(SlowReaderOfAWriteInFlight, GetsWhatTheWriterCountedWhenItAborted) {
  client.stream->abort();
  expect_all_counted();
}

TEST_F(SlowReaderOfAWriteInFlight, GetsWhatTheWriterCountedWhenItWasDestroyed) {
  client.stream.reset();
  expect_all_counted();
}

TEST_F(SlowReader, ThatGoesAwayEndsTheWriterWithAReason) {
  queue(numbered_bytes(kMuch));
  run_one_turn(loop);
  server.stream->abort();
  ASSERT_TRUE(run_until(loop, [this] { return client.ends > 0; }));
  EXPECT_NE(client.reason, "");
  EXPECT_EQ(client.ends, 1);
  EXPECT_EQ(client.stream->queued(), 0u);
  EXPECT_FALSE(client.stream->open());
}

}  // namespace
}  // namespace pushbench::net

// Which sockets are told that they can go on, and which are not: with socket pairs, whose other end
// only does what the test says.

#include "net/readiness.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "net/socket.h"
#include "tests/support/run_until.h"

namespace pushbench::net {
namespace {

constexpr std::size_t kReadBuffer = 64 * 1024;  // Loop's

/// One end is a Socket that reads, the other a descriptor.
class Pair final : public ChannelUser {
 public:
  explicit Pair(Loop& loop) : socket(std::make_unique<Socket>(loop, *this)) {
    std::array<int, 2> ends{};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data()), 0);
    EXPECT_EQ(socket->take(ends[0]), 0);
    socket->start_reading();
    other = ends[1];
    const int room = 1024 * 1024;  // for all that a test sends
    ::setsockopt(other, SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
  }
  ~Pair() { hang_up(); }
  Pair(const Pair&) = delete;
  Pair& operator=(const Pair&) = delete;

  void send(std::size_t bytes) const {
    const std::string text(bytes, 'x');
    EXPECT_EQ(::send(other, text.data(), text.size(), 0), static_cast<ssize_t>(bytes));
  }
  void hang_up() {
    if (other >= 0) ::close(std::exchange(other, -1));
  }

  std::unique_ptr<Socket> socket;
  int other = -1;
  std::size_t received = 0;
  int ended = 0;  // UV_EOF or an error
  std::function<void()> when_told;

 private:
  void on_connected(int) override {}
  void on_input(std::span<char> bytes) override {
    received += bytes.size();
    if (when_told) when_told();
  }
  void on_input_end(int code) override { ended = code; }
  void on_taken(std::size_t) override {}
  void on_drained(int) override {}
};

TEST(Readiness, TellsAllHoweverManyAreReadyAtOnce) {
  Loop loop;
  std::vector<std::unique_ptr<Pair>> pairs;
  for (int i = 0; i < 2500; ++i) pairs.push_back(std::make_unique<Pair>(loop));
  for (const auto& pair : pairs) pair->send(1);
  EXPECT_TRUE(test::run_until(loop, [&] {
    return std::all_of(pairs.begin(), pairs.end(), [](const auto& p) { return p->received == 1; });
  }));
}

TEST(Readiness, DoesNotTellOneThatAnotherHasClosedInTheSameTurn) {
  Loop loop;
  Pair one(loop);
  Pair other(loop);
  one.when_told = [&other] { other.socket->close(); };
  other.when_told = [&one] { one.socket->close(); };
  one.send(1);
  other.send(1);
  test::run_one_turn(loop);
  EXPECT_EQ(one.received + other.received, 1U);
}

TEST(Readiness, DoesNotTellOneThatAnotherHasDestroyedThoughItAskedToBeTold) {
  Loop loop;
  Pair one(loop);
  Pair other(loop);
  one.socket->stop_reading();
  other.socket->stop_reading();
  one.send(1);
  other.send(1);
  test::run_one_turn(loop);
  one.when_told = [&other] { other.socket.reset(); };
  other.when_told = [&one] { one.socket.reset(); };
  one.socket->start_reading();
  other.socket->start_reading();
  test::run_one_turn(loop);
  EXPECT_EQ(one.received + other.received, 1U);
}

class ReadsOfWholeBuffers : public testing::TestWithParam<std::size_t> {};

// The edge has passed when the rest is read, and the end of it may have come with it or later.
TEST_P(ReadsOfWholeBuffers, LoseNeitherTheRestNorTheEnd) {
  for (const bool ends_at_once : {true, false}) {
    Loop loop;
    Pair pair(loop);
    pair.send(GetParam());
    if (ends_at_once) pair.hang_up();
    ASSERT_TRUE(test::run_until(loop, [&] { return pair.received == GetParam(); }));
    if (!ends_at_once) {
      test::run_one_turn(loop);
      EXPECT_EQ(pair.ended, 0);
      pair.hang_up();
    }
    ASSERT_TRUE(test::run_until(loop, [&] { return pair.ended != 0; }));
    EXPECT_EQ(pair.ended, UV_EOF);
  }
}

INSTANTIATE_TEST_SUITE_P(Sizes, ReadsOfWholeBuffers,
                         testing::Values(kReadBuffer - 1, kReadBuffer, kReadBuffer + 1,
                                         2 * kReadBuffer));

TEST(Readiness, KeepsTheEndForOneThatIsNotReading) {
  Loop loop;
  Pair pair(loop);
  pair.socket->stop_reading();
  pair.send(3);
  pair.hang_up();
  test::run_one_turn(loop);
  test::run_one_turn(loop);
  EXPECT_EQ(pair.received, 0U);
  EXPECT_EQ(pair.ended, 0);
  pair.socket->start_reading();
  ASSERT_TRUE(test::run_until(loop, [&] { return pair.ended != 0; }));
  EXPECT_EQ(pair.received, 3U);
  EXPECT_EQ(pair.ended, UV_EOF);
}

TEST(Readiness, LetsTheLoopEndWhenNobodyWaits) {
  Loop loop;
  Pair pair(loop);
  pair.socket->stop_reading();
  test::run_out(loop);
  EXPECT_FALSE(loop.readiness().empty());
}

}  // namespace
}  // namespace pushbench::net

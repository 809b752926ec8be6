// How connections over a link end: in order behind their bytes, or cut.

#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "net/stream.h"
#include "tests/support/linked_pair.h"
#include "tests/support/raw_socket.h"

namespace pushbench::net {
namespace {

using std::chrono::milliseconds;
using test::numbered_bytes;
using test::Peer;
using test::run_one_turn;
using test::run_until;

constexpr milliseconds kDelay{20};
constexpr std::size_t kText = 5000;
constexpr LinkProfile kSlow{.delay = kDelay, .jitter = milliseconds(3), .up = 2e6, .down = 2e6};

class EndsOverALink : public test::LinkedPair, public testing::WithParamInterface<bool> {};
std::string name_of(const testing::TestParamInfo<bool>& tls) { return tls.param ? "Tls" : "Plain"; }
INSTANTIATE_TEST_SUITE_P(Both, EndsOverALink, testing::Bool(), name_of);

TEST_P(EndsOverALink, FollowTheClientsBytes) {
  open(kSlow, GetParam());
  const std::string text = numbered_bytes(kText);
  std::size_t had_at_the_end = 0;
  Time ended{};
  server.when_peer_done = [&] {
    had_at_the_end = server.received.size();
    ended = now();
  };
  const Time start = now();
  client.stream->write(text);
  client.stream->end_after_flush();
  ASSERT_TRUE(run_until(loop, [this] { return client.ends > 0 && server.ends > 0; }));
  EXPECT_EQ(had_at_the_end, kText);
  EXPECT_TRUE(server.received == text);
  EXPECT_GE(ended - start, kDelay);
  EXPECT_GE(now() - ended, kDelay) << "the server's end has the way back before it";
  EXPECT_EQ(server.reason, "");
  EXPECT_EQ(client.reason, "");
}

TEST_P(EndsOverALink, FollowTheServersBytes) {
  open(kSlow, GetParam());
  const std::string text = numbered_bytes(kText);
  std::size_t had_at_the_end = 0;
  client.when_peer_done = [&] { had_at_the_end = client.received.size(); };
  const Time start = now();
  server.stream->write(text);
  server.stream->end_after_flush();
  ASSERT_TRUE(run_until(loop, [this] { return client.ends > 0 && server.ends > 0; }));
  EXPECT_GE(now() - start, kDelay);
  EXPECT_EQ(had_at_the_end, kText);
  EXPECT_TRUE(client.received == text);
  EXPECT_EQ(server.reason, "");
  EXPECT_EQ(client.reason, "");
}

TEST_P(EndsOverALink, LetTheLastWordsArriveThoughThePeerHasEnded) {
  open(kSlow, GetParam());
  const std::string text = numbered_bytes(kText);
  client.when_peer_done = [&] { client.stream->write(text); };
  server.stream->end_after_flush();
  ASSERT_TRUE(run_until(loop, [this] { return client.ends > 0 && server.ends > 0; }));
  EXPECT_EQ(client.traffic.written, kText);
  EXPECT_EQ(server.traffic.read, kText);
  EXPECT_EQ(client.reason, "");
  EXPECT_EQ(server.reason, "");
}

TEST_P(EndsOverALink, MayComeFromBothSidesAtOnce) {
  open(kSlow, GetParam());
  client.stream->write(numbered_bytes(kText));
  client.stream->end_after_flush();
  server.stream->write(numbered_bytes(kText));
  server.stream->end_after_flush();
  ASSERT_TRUE(run_until(loop, [this] { return client.ends > 0 && server.ends > 0; }));
  EXPECT_EQ(client.traffic.written, kText);
  EXPECT_EQ(server.traffic.read, kText);
  EXPECT_EQ(client.traffic.read, kText);
  EXPECT_EQ(client.reason, "");
  EXPECT_EQ(server.reason, "");
}

TEST_P(EndsOverALink, AreCutAtOnceAndLoseWhatIsOnTheWay) {
  constexpr milliseconds kLong{300};
  open({.delay = kLong});
  client.stream->write("never");
  server.stream->write("never");
  ASSERT_TRUE(run_until(loop, [this] { return server.flushes > 0; }));
  const Time start = now();
  if (GetParam()) {
    client.stream->abort();
  } else {
    client.stream.reset();
  }
  ASSERT_TRUE(run_until(loop, [this] { return server.ends > 0; }));
  EXPECT_LT(now() - start, kLong) << "a cut has no way to go";
  EXPECT_EQ(server.received, "");
  EXPECT_EQ(client.received, "");
  EXPECT_EQ(client.traffic.written, 0u);
  EXPECT_EQ(client.ends, 0);
}

class CutsOverALink : public test::LinkedPair {};

TEST_F(CutsOverALink, MayHappenAfterEachTurn) {
  for (int turns = 0; turns < 30; ++turns) {
    Peer victim;
    link = std::make_unique<Link>(LinkProfile{.jitter = std::chrono::microseconds(50)}, 1);
    listener = test::listen_on_loopback(loop, acceptor, &test::server_tls());
    ASSERT_TRUE(victim.connect(loop, listener->address(), context.get(), link.get()));
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

TEST_F(CutsOverALink, MayHappenInTheListenersCalls) {
  open({.delay = milliseconds(1), .down = 1e6});
  client.when_bytes = [this] { client.stream->abort(); };
  server.stream->write(numbered_bytes(kText));
  ASSERT_TRUE(run_until(loop, [this] { return server.ends > 0; }));
  EXPECT_GT(client.received.size(), 0u);
  EXPECT_LT(client.received.size(), kText);
  EXPECT_EQ(client.ends, 0);
}

// A socket that breaks at the far end is no news here before the way back is over.
TEST_F(CutsOverALink, ByTheServerAreHeardOfWithAReasonAfterTheWayBack) {
  link = std::make_unique<Link>(LinkProfile{.delay = kDelay}, 1);
  test::RawSocket raw = test::RawSocket::listening();
  ASSERT_TRUE(client.connect(loop, raw.address(), nullptr, link.get()));
  ASSERT_TRUE(run_until(loop, [this] { return client.opened; }));
  client.stream->pause_reading();
  test::RawSocket other = raw.accept();
  other.reset();
  const Time start = now();
  client.stream->write("to nobody");
  ASSERT_TRUE(run_until(loop, [this] { return client.ends > 0; }));
  EXPECT_NE(client.reason, "");
  EXPECT_GE(now() - start, 2 * kDelay);
  EXPECT_EQ(client.traffic.written, 0u);
}

}  // namespace
}  // namespace pushbench::net

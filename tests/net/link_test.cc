// What a link does to what passes over it: never early, in order, shared, bounded.

#include "net/link.h"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "net/stream.h"
#include "net/timer.h"
#include "tests/support/linked_pair.h"
#include "tests/support/megabit.h"

namespace pushbench::net {
namespace {

using std::chrono::milliseconds;
using test::at_a_megabit;
using test::kMegabit;
using test::numbered_bytes;
using test::Peer;
using test::run_one_turn;
using test::run_until;

constexpr milliseconds kDelay{20};
constexpr LinkProfile kDelayed{.delay = kDelay};

TEST(Links, ThatDoNothingAreIdeal) {
  EXPECT_TRUE(LinkProfile{}.ideal());
  EXPECT_TRUE(Link({}, 1).ideal());
  EXPECT_FALSE(LinkProfile{.delay = Duration(1)}.ideal());
  EXPECT_FALSE(LinkProfile{.jitter = Duration(1)}.ideal());
  EXPECT_FALSE(LinkProfile{.up = 1}.ideal());
  EXPECT_FALSE(LinkProfile{.down = 1}.ideal());
}

TEST(Links, DrawTheirJitterUniformlyFromTheSeed) {
  constexpr Duration kJitter = milliseconds(10);
  LinkDirection one(kDelay, kJitter, 0, 42);
  LinkDirection same(kDelay, kJitter, 0, 42);
  LinkDirection other(kDelay, kJitter, 0, 43);
  constexpr int kDraws = 10'000;
  Duration sum{};
  int as_other = 0;
  for (int i = 0; i < kDraws; ++i) {
    const Duration drawn = one.draw_delay();
    EXPECT_GE(drawn, kDelay);
    EXPECT_LE(drawn, kDelay + kJitter);
    EXPECT_EQ(drawn, same.draw_delay());
    as_other += drawn == other.draw_delay() ? 1 : 0;
    sum += drawn - kDelay;
  }
  EXPECT_LT(as_other, 10);
  // The mean of so many uniform draws has a standard deviation of 0.29 % of the range.
  EXPECT_NEAR(static_cast<double>((sum / kDraws).count()), kJitter.count() / 2.0,
              0.012 * kJitter.count());
  // The first draw from this seed, on every machine: SplitMix64's first number is this.
  EXPECT_EQ(LinkDirection({}, Duration(999'999), 0, 0).draw_delay(),
            Duration(0xe220a8397b1dcdafu % 1'000'000));
}

TEST(Links, TakeTurnsOnTheirBandwidth) {
  LinkDirection direction({}, {}, kMegabit, 1);
  const Time start = now();
  const Time first = direction.occupy(1448, start);
  EXPECT_GE(first - start, milliseconds(12));  // 1500 bytes
  EXPECT_LT(first - start, milliseconds(12) + Duration(10));
  const Time second = direction.occupy(1449, start);
  EXPECT_GE(second - first, std::chrono::microseconds(8 * (1449 + 2 * 52)));
  EXPECT_EQ(direction.occupy(0, start) - second, Duration(8 * 52 * 1000 + 1));
  const Time later = start + std::chrono::seconds(9);
  EXPECT_GE(direction.occupy(1448, later) - later, milliseconds(12)) << "an idle time is no credit";
  EXPECT_EQ(direction.stretch(), 1448u);
  EXPECT_EQ(LinkDirection({}, {}, 1e9, 1).stretch() % 1448, 0u);
}

class StreamsOverALink : public test::LinkedPair {};

TEST_F(StreamsOverALink, OpenOneRoundTripLater) {
  open(kDelayed);
  EXPECT_GE(opened_at - begun_at, 2 * kDelay);
  EXPECT_TRUE(client.stream->ready());
}

TEST_F(StreamsOverALink, AreRefusedOneRoundTripLater) {
  link = std::make_unique<Link>(kDelayed, 1);
  const Address nobody = [this] {
    test::SingleAcceptor none;
    return test::listen_on_loopback(loop, none)->address();
  }();
  const Time start = now();
  ASSERT_TRUE(client.connect(loop, nobody, nullptr, link.get()));
  ASSERT_TRUE(run_until(loop, [this] { return client.ends > 0; }));
  EXPECT_GE(now() - start, 2 * kDelay);
  EXPECT_NE(client.reason, "");
  EXPECT_FALSE(client.opened);
}

TEST_F(StreamsOverALink, DelayWhatTheyCarryBothWays) {
  open(kDelayed);
  const Time asked = now();
  client.stream->write("a question");
  const Time heard = when_received(server, 10);
  EXPECT_GE(heard - asked, kDelay);
  const Time answered = now();
  server.stream->write("an answer!!");
  EXPECT_GE(when_received(client, 11) - answered, kDelay);
  EXPECT_EQ(server.received, "a question");
  EXPECT_EQ(client.received, "an answer!!");
  EXPECT_EQ(client.traffic.written, 10u);
  EXPECT_EQ(client.traffic.read, 11u);
}

TEST_F(StreamsOverALink, SendWhatWasQueuedBeforeTheyWereOpen) {
  link = std::make_unique<Link>(kDelayed, 1);
  begin(false);
  client.stream->write("early");
  EXPECT_GE(when_received(server, 5) - begun_at, 3 * kDelay);
  EXPECT_EQ(server.received, "early");
}

TEST_F(StreamsOverALink, CountAsQueuedWhatIsOnTheWay) {
  open(kDelayed);
  client.stream->write("on the way");
  run_one_turn(loop);
  EXPECT_EQ(client.stream->queued(), 10u);
  EXPECT_GE(client.stream->queue_memory(), 10u);
  EXPECT_EQ(client.stream->sent(), 0u);
  EXPECT_EQ(client.traffic.written, 0u);
  EXPECT_EQ(client.flushes, 0);
  ASSERT_TRUE(run_until(loop, [this] { return client.flushes > 0; }));
  EXPECT_EQ(client.stream->queued(), 0u);
  EXPECT_EQ(client.stream->sent(), 10u);
  EXPECT_EQ(client.traffic.written, 10u);
  when_received(server, 10);
  EXPECT_EQ(client.flushes, 1);
}

TEST_F(StreamsOverALink, HandOverInOneWriteWhatArrivesInOneTurn) {
  open(kDelayed);
  std::string expected;
  for (int i = 0; i < 100; ++i) {
    client.stream->write(std::to_string(i));
    expected += std::to_string(i);
  }
  when_received(server, expected.size());
  EXPECT_EQ(server.received, expected);
  EXPECT_EQ(client.traffic.writes, 1u);
}

TEST_F(StreamsOverALink, KeepTheOrderWhateverTheJitter) {
  open({.delay = milliseconds(2), .jitter = milliseconds(10)});
  std::vector<Time> written;
  struct Writer {
    void write() {
      at.push_back(now());
      client.stream->write(std::string(1, static_cast<char>('0' + at.size() % 10)));
      if (at.size() < 60) timer.start_in(std::chrono::microseconds(500));
    }
    Peer& client;
    std::vector<Time>& at;
    Timer timer;
  } writer{client, written, Timer(loop, Callback::to<&Writer::write>(&writer))};
  std::vector<Time> arrived;
  server.when_bytes = [&] { arrived.resize(server.received.size(), now()); };
  writer.write();
  when_received(server, 60);
  std::string expected;
  for (int i = 1; i <= 60; ++i) expected += static_cast<char>('0' + i % 10);
  EXPECT_EQ(server.received, expected);
  for (std::size_t i = 0; i < 60; ++i) EXPECT_GE(arrived[i] - written[i], milliseconds(2)) << i;
}

constexpr std::size_t kBurst = 10'000;

TEST_F(StreamsOverALink, TakeTheTimeThatTheirBandwidthGives) {
  open({.up = kMegabit, .down = kMegabit});
  const std::string text = numbered_bytes(kBurst);
  std::size_t pieces = 0;
  server.when_bytes = client.when_bytes = [&] { ++pieces; };
  const Time asked = now();
  client.stream->write(text);
  EXPECT_GE(when_received(server, kBurst) - asked, at_a_megabit(kBurst));
  EXPECT_TRUE(server.received == text);
  EXPECT_GT(pieces, 1u) << "the first bytes do not wait for the last";
  pieces = 0;
  const Time answered = now();
  server.stream->write(text);
  EXPECT_GE(when_received(client, kBurst) - answered, at_a_megabit(kBurst));
  EXPECT_TRUE(client.received == text);
  EXPECT_GT(pieces, 1u);
}

TEST_F(StreamsOverALink, LimitEachDirectionForItself) {
  open({.down = kMegabit});
  client.stream->write(numbered_bytes(50 * kBurst));
  server.stream->write("x");
  const Time start = now();
  when_received(server, 50 * kBurst);
  EXPECT_LT(now() - start, at_a_megabit(50 * kBurst) / 2) << "up has no limit";
}

/// Takes two connections and keeps both.
struct TwoAcceptor final : Acceptor {
  std::array<Peer, 2> peers;
  std::size_t accepted = 0;

  void on_accept(std::unique_ptr<Stream> stream) override {
    Peer& peer = peers.at(accepted++);
    peer.stream = std::move(stream);
    peer.stream->start(peer, peer.traffic);
  }
};

TEST_F(StreamsOverALink, ShareTheBandwidthOfOneUser) {
  TwoAcceptor servers;
  const auto both = test::listen_on_loopback(loop, servers);
  Link shared({.up = kMegabit}, 1);
  std::array<Peer, 2> clients;
  for (Peer& one : clients) {
    ASSERT_TRUE(one.connect(loop, both->address(), nullptr, &shared));
  }
  ASSERT_TRUE(run_until(loop, [&] { return clients[0].opened && clients[1].opened; }));
  const Time start = now();
  for (const Peer& one : clients) one.stream->write(numbered_bytes(kBurst));
  for (Peer& one : servers.peers) when_received(one, kBurst);
  EXPECT_GE(now() - start, 2 * at_a_megabit(kBurst));
}

TEST_F(StreamsOverALink, CostTlsItsRoundTrips) {
  open(kDelayed, true);
  EXPECT_GE(opened_at - begun_at, 4 * kDelay) << "TCP's and TLS 1.3's";
  const Time asked = now();
  client.stream->write("a question");
  EXPECT_GE(when_received(server, 10) - asked, kDelay);
  const Time answered = now();
  server.stream->write("an answer!!");
  EXPECT_GE(when_received(client, 11) - answered, kDelay);
  EXPECT_EQ(client.traffic.tls_written, server.traffic.tls_read);
  EXPECT_EQ(client.traffic.tls_read, server.traffic.tls_written);
}

TEST_F(StreamsOverALink, ThatAreIdealWriteAtTheTurnsEnd) {
  open({});
  client.stream->write("at once");
  run_one_turn(loop);
  EXPECT_EQ(client.traffic.written, 7u);
  EXPECT_EQ(client.stream->queued(), 0u);
}

constexpr std::size_t kMuch = 32 * 1024 * 1024;

TEST_F(StreamsOverALink, HoldBackAPeerWhenTheyArePaused) {
  open({.delay = milliseconds(1)});
  const std::string text = numbered_bytes(kMuch);
  client.stream->pause_reading();
  server.stream->write(text);
  ASSERT_TRUE(run_until(loop, [this] { return server.stream->sent() > 0; }));
  for (int i = 0; i < 100; ++i) run_one_turn(loop);
  EXPECT_EQ(client.received, "");
  EXPECT_GT(server.stream->queued(), 0u);
  int pauses = 0;
  client.when_bytes = [&] {
    if (++pauses % 10 != 0) return;
    client.stream->pause_reading();
    client.stream->resume_reading();
  };
  client.stream->resume_reading();
  EXPECT_EQ(client.received, "") << "not from within the call";
  when_received(client, kMuch);
  EXPECT_TRUE(client.received == text);
}

TEST_F(StreamsOverALink, DeliverWhatArrivedWhileTheyWerePaused) {
  open(kDelayed);
  server.stream->write("sent ");
  ASSERT_TRUE(run_until(loop, [this] { return server.flushes > 0; }));
  for (int i = 0; i < 10; ++i) run_one_turn(loop);
  client.stream->pause_reading();
  std::this_thread::sleep_for(2 * kDelay);
  run_one_turn(loop);
  EXPECT_EQ(client.received, "");
  server.stream->write("later");
  client.stream->resume_reading();
  when_received(client, 10);
  EXPECT_EQ(client.received, "sent later");
}

// A server that writes more than the link carries must notice, as over a real one.
TEST_F(StreamsOverALink, HoldBackAPeerThatSendsMoreThanPasses) {
  open({.down = kMegabit});
  server.stream->write(numbered_bytes(kMuch));
  when_received(client, kBurst);
  EXPECT_GT(server.stream->queued(), 0u);
}

}  // namespace
}  // namespace pushbench::net

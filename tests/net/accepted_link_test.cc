// A link on the side of who accepts: what it does to what passes, and to the start and the end.

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>

#include "tests/support/megabit.h"
#include "tests/support/tls_pair.h"

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
constexpr std::size_t kBurst = 10'000;

/// Puts a link of its own before each connection.
struct LinkingAcceptor final : Acceptor {
  LinkProfile profile;
  Peer peer;

  void on_accept(std::unique_ptr<Stream> stream) override {
    peer.stream = std::move(stream);
    peer.stream->start(peer, peer.traffic);
  }
  std::unique_ptr<Link> next_link() override { return std::make_unique<Link>(profile, 7); }
};

class AcceptedOverALink : public testing::Test {
 protected:
  /// Connects a client that knows of no link, and waits until the server has accepted it.
  void open(const LinkProfile& profile, bool tls = false) {
    acceptor_.profile = profile;
    listener_ = test::listen_on_loopback(loop, acceptor_, tls ? &test::server_tls() : nullptr);
    ASSERT_NE(listener_, nullptr);
    begun_at = now();
    client.when_open = [this] { opened_at = now(); };
    ASSERT_TRUE(client.connect(loop, listener_->address(), tls ? context_.get() : nullptr));
    ASSERT_TRUE(run_until(loop, [this] { return client.opened && server.stream; }));
  }
  Time when_received(Peer& peer, std::size_t size) {
    EXPECT_TRUE(run_until(loop, [&] { return peer.received.size() >= size; }));
    return now();
  }

  net::Loop loop;

 private:
  const std::unique_ptr<TlsContext> context_ = test::client_tls();
  LinkingAcceptor acceptor_;
  std::unique_ptr<Listener> listener_;

 protected:
  Peer client;
  Peer& server = acceptor_.peer;
  Time begun_at{};
  Time opened_at{};
};

TEST_F(AcceptedOverALink, TheFirstBytesHaveTheHandshakesRoundTripBeforeThem) {
  open({.delay = kDelay});
  client.stream->write("a question");
  EXPECT_GE(when_received(server, 10) - begun_at, 3 * kDelay);
  const Time answered = now();
  server.stream->write("an answer!!");
  EXPECT_GE(when_received(client, 11) - answered, kDelay);
  const Time asked = now();
  client.stream->write("and another");
  EXPECT_GE(when_received(server, 21) - asked, kDelay);
  EXPECT_EQ(server.received, "a questionand another");
  EXPECT_EQ(client.received, "an answer!!");
  EXPECT_EQ(server.traffic.read, 21u);
  EXPECT_EQ(server.traffic.written, 11u);
}

TEST_F(AcceptedOverALink, TlsCostsItsRoundTrips) {
  open({.delay = kDelay}, true);
  EXPECT_GE(opened_at - begun_at, 4 * kDelay) << "TCP's and TLS 1.3's";
  client.stream->write("a question");
  EXPECT_GE(when_received(server, 10) - opened_at, kDelay);
  EXPECT_EQ(client.traffic.tls_written, server.traffic.tls_read);
}

TEST_F(AcceptedOverALink, UpIsWhatTheServerReadsAndDownWhatItWrites) {
  open({.up = kMegabit});
  const std::string text = numbered_bytes(kBurst);
  const Time asked = now();
  client.stream->write(text);
  EXPECT_GE(when_received(server, kBurst) - asked, at_a_megabit(kBurst));
  const Time answered = now();
  server.stream->write(numbered_bytes(50 * kBurst));
  EXPECT_LT(when_received(client, 50 * kBurst) - answered, at_a_megabit(50 * kBurst) / 2);
  EXPECT_TRUE(server.received == text);
  EXPECT_TRUE(client.received == numbered_bytes(50 * kBurst));
}

TEST_F(AcceptedOverALink, DownTakesItsTime) {
  open({.down = kMegabit});
  const Time answered = now();
  server.stream->write(numbered_bytes(kBurst));
  EXPECT_GE(when_received(client, kBurst) - answered, at_a_megabit(kBurst));
}

TEST_F(AcceptedOverALink, TheEndFollowsTheBytes) {
  open({.delay = kDelay});
  std::size_t had_at_the_end = 0;
  server.when_peer_done = [&] { had_at_the_end = server.received.size(); };
  client.stream->write(numbered_bytes(kBurst));
  client.stream->end_after_flush();
  ASSERT_TRUE(run_until(loop, [this] { return client.ends > 0 && server.ends > 0; }));
  EXPECT_EQ(had_at_the_end, kBurst);
  EXPECT_GE(now() - begun_at, 3 * kDelay);
  EXPECT_EQ(client.reason, "");
  EXPECT_EQ(server.reason, "");
}

TEST_F(AcceptedOverALink, ReadingMayPauseWhileItOpens) {
  open({.delay = kDelay});
  client.stream->write("early");
  server.stream->pause_reading();
  server.stream->resume_reading();
  EXPECT_GE(when_received(server, 5) - begun_at, 3 * kDelay);
  EXPECT_EQ(server.received, "early");
}

TEST_F(AcceptedOverALink, ItMayBeCutWhileItOpens) {
  open({.delay = std::chrono::seconds(300)});
  client.stream->write("never");
  for (int i = 0; i < 5; ++i) run_one_turn(loop);
  server.stream.reset();
  ASSERT_TRUE(run_until(loop, [this] { return client.ends > 0; }));
  EXPECT_EQ(server.received, "");
}

TEST_F(AcceptedOverALink, OneThatIsIdealWritesAtTheTurnsEnd) {
  open({});
  server.stream->write("at once");
  run_one_turn(loop);
  EXPECT_EQ(server.traffic.written, 7u);
  EXPECT_EQ(server.stream->queued(), 0u);
}

}  // namespace
}  // namespace pushbench::net

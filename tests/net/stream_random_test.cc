// Two ends of a stream whose listeners write, pause, resume and end at random, with TLS and
// without, over a link and without: whatever they do, every byte arrives once and in order.

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <random>
#include <string>

#include "net/link.h"
#include "net/stream.h"
#include "net/timer.h"
#include "tests/support/tls_pair.h"

namespace pushbench::net {
namespace {

using test::numbered_bytes;
using test::Peer;
using test::run_until;

constexpr std::size_t kText = 1'000'000;

/// Lets one end do something at random in each turn, until its text is queued.
class Player final : public TurnHook {
 public:
  Player(Loop& loop, Peer& peer, const std::string& text, unsigned seed)
      : loop_(loop),
        peer_(peer),
        text_(text),
        random_(seed),
        tick_(loop, Callback::to<&Player::tick>(this)) {
    loop_.add_hook(*this);
    tick();
    peer_.when_bytes = [this] {
      if (chance(4)) peer_.stream->pause_reading();
      if (chance(4)) write_some();
      if (chance(4)) peer_.stream->resume_reading();
    };
    peer_.when_flushed = [this] { write_some(); };
  }
  ~Player() override { loop_.remove_hook(*this); }
  Player(const Player&) = delete;
  Player& operator=(const Player&) = delete;

 private:
  void before_flush() override {
    if (chance(3)) peer_.stream->pause_reading();
    write_some();
    if (chance(2)) peer_.stream->resume_reading();
  }
  void after_flush() override {}

  void tick() { tick_.start_in(std::chrono::microseconds(200)); }  // turns come though both pause

  void write_some() {
    for (int i = 0; i < 5 && chance(2) && at_ < text_.size(); ++i) {
      const std::size_t size = chance(4) ? random_() % 100'000 : random_() % 200;
      peer_.stream->write(text_.substr(at_, size));
      at_ = std::min(text_.size(), at_ + size);
    }
  }
  bool chance(unsigned one_in) { return random_() % one_in == 0; }

  Loop& loop_;
  Peer& peer_;
  const std::string& text_;
  std::mt19937 random_;
  std::size_t at_ = 0;
  Timer tick_;
};

struct Way {
  const char* name;
  bool tls;
  LinkProfile link;
};
constexpr std::chrono::microseconds kDelay{700};
constexpr double kBandwidth = 400e6;

class RandomStreams : public testing::TestWithParam<Way> {};
std::string name_of(const testing::TestParamInfo<Way>& way) { return way.param.name; }
INSTANTIATE_TEST_SUITE_P(
    Ways, RandomStreams,
    testing::Values(Way{"Plain", false, {}}, Way{"Tls", true, {}},
                    Way{"Delayed", false, {kDelay, 2 * kDelay, 0, 0}},
                    Way{"Narrow", false, {{}, {}, kBandwidth, kBandwidth}},
                    Way{"TlsOverALink", true, {kDelay, 2 * kDelay, kBandwidth, 2 * kBandwidth}}),
    name_of);

TEST_P(RandomStreams, DeliverEveryByteOnceAndInOrder) {
  const std::string text = numbered_bytes(kText);
  for (unsigned seed = 1; seed <= 12; ++seed) {
    SCOPED_TRACE(seed);
    const auto context = test::client_tls();
    Loop loop;
    test::SingleAcceptor acceptor;
    const auto listener =
        test::listen_on_loopback(loop, acceptor, GetParam().tls ? &test::server_tls() : nullptr);
    Link link(GetParam().link, seed);
    Peer client;
    Peer& server = acceptor.peer;
    ASSERT_TRUE(
        client.connect(loop, listener->address(), GetParam().tls ? context.get() : nullptr, &link));
    ASSERT_TRUE(run_until(loop, [&] { return server.stream != nullptr; }));
    {
      const Player one(loop, client, text, seed);
      const Player other(loop, server, text, seed + 1000);
      ASSERT_TRUE(run_until(loop, [&] {
        return (client.received.size() >= kText && server.received.size() >= kText) ||
               client.ends + server.ends > 0;
      }));
    }
    EXPECT_EQ(client.reason + server.reason, "");
    EXPECT_TRUE(client.received == text);
    EXPECT_TRUE(server.received == text);
    client.when_bytes = server.when_bytes = client.when_flushed = server.when_flushed = [] {};
    client.stream->end_after_flush();
    server.stream->resume_reading();
    ASSERT_TRUE(run_until(loop, [&] { return client.ends > 0 && server.ends > 0; }));
    EXPECT_EQ(client.reason + server.reason, "");
    EXPECT_EQ(client.traffic.written, kText);
    EXPECT_EQ(client.traffic.read, kText);
    EXPECT_EQ(client.traffic.tls_written, server.traffic.tls_read);
    EXPECT_EQ(server.traffic.tls_written, client.traffic.tls_read);
  }
}

}  // namespace
}  // namespace pushbench::net

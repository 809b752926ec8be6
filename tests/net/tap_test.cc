#include "net/tap.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "net/stream.h"
#include "tests/servers/counting_new.h"
#include "tests/support/tls_pair.h"

namespace pushbench::net {
namespace {

using test::Peer;
using test::run_until;

struct Keeping final : Tap {
  std::uint32_t on_connect() override { return ++streams; }
  void on_bytes(std::uint32_t stream, bool is_up, std::string_view bytes) override {
    names.push_back(stream);
    (is_up ? up : down) += bytes;
  }

  std::uint32_t streams = 0;
  std::vector<std::uint32_t> names;
  std::string up;
  std::string down;
};

/// A client with a tap, or without, whose peer answers all that it says with one word.
class Tapped : public testing::TestWithParam<bool> {
 protected:
  void connect(Tap* tap) {
    TlsContext* accepting = GetParam() ? &test::server_tls() : nullptr;
    if (GetParam()) client_context = test::client_tls();
    listener = test::listen_on_loopback(loop, acceptor, accepting);
    ASSERT_NE(listener, nullptr);
    client.stream = *Stream::connect(loop, listener->address(), client, client.traffic,
                                     client_context.get(), nullptr, nullptr, tap);
    ASSERT_TRUE(run_until(loop, [this] {
      return client.opened && server.stream != nullptr && server.stream->ready();
    }));
  }

  std::unique_ptr<TlsContext> client_context;
  Loop loop;
  test::SingleAcceptor acceptor;
  std::unique_ptr<Listener> listener;
  Peer client;
  Peer& server = acceptor.peer;
};

TEST_P(Tapped, StreamsShowTheirBytesPlainAndInOrder) {
  Keeping tap;
  connect(&tap);
  server.when_bytes = [this] { server.stream->write("pong"); };
  std::string said;
  for (const char* text : {"one ", "two ", "three"}) {
    client.stream->write(text);
    said += text;
    ASSERT_TRUE(run_until(loop, [&] { return server.received == said; }));
  }
  ASSERT_TRUE(run_until(loop, [this] { return client.received == "pongpongpong"; }));
  EXPECT_EQ(tap.up, said);
  EXPECT_EQ(tap.down, client.received);
  EXPECT_EQ(tap.up.size(), client.traffic.written);
  EXPECT_EQ(tap.down.size(), client.traffic.read);
  EXPECT_EQ(tap.names, std::vector<std::uint32_t>(tap.names.size(), 1));
  EXPECT_EQ(tap.streams, 1U);  // not the one that was accepted
}

TEST_P(Tapped, StreamsShowNothingThatIsNotSentAnyMore) {
  Keeping tap;
  connect(&tap);
  client.stream->end_after_flush();
  client.stream->write("too late");
  EXPECT_EQ(tap.up, "");
}

/// A message to and fro without an allocation: so a tap that is not there costs none.
TEST_P(Tapped, StreamsWithoutATapAllocateNothingForAMessage) {
  connect(nullptr);
  constexpr int kRounds = 300;
  const Bytes ping = make_bytes("ping");
  const Bytes pong = make_bytes("pong");
  client.received.reserve(5 * kRounds);
  server.received.reserve(5 * kRounds);
  int rounds = 0;
  test::Allocations before;
  test::Allocations after;
  server.when_bytes = [&] { server.stream->write(pong); };
  client.when_bytes = [&] {
    if (++rounds == 10) before = test::allocations();  // all buffers have their size by then
    if (rounds == kRounds) after = test::allocations();
    client.stream->write(ping);
  };
  client.stream->write(ping);
  ASSERT_TRUE(run_until(loop, [&] { return rounds >= kRounds; }));
  EXPECT_EQ(after.count - before.count, 0U);
}

INSTANTIATE_TEST_SUITE_P(PlainAndTls, Tapped, testing::Bool(),
                         [](const auto& is_tls) { return is_tls.param ? "Tls" : "Plain"; });

}  // namespace
}  // namespace pushbench::net

#include "net/listener.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "tests/support/raw_socket.h"
#include "tests/support/stream_pair.h"

namespace pushbench::net {
namespace {

using test::RawSocket;

struct Gatherer final : Acceptor {
  std::vector<std::unique_ptr<Stream>> streams;
  void on_accept(std::unique_ptr<Stream> stream) override { streams.push_back(std::move(stream)); }
};

TEST(Listeners, PickAFreePort) {
  Loop loop;
  Gatherer gatherer;
  const auto first = test::listen_on_loopback(loop, gatherer);
  const auto second = test::listen_on_loopback(loop, gatherer);
  EXPECT_NE(first->address().port(), 0);
  EXPECT_NE(first->address().port(), second->address().port());
  EXPECT_EQ(first->address().text(), fmt::format("127.0.0.1:{}", first->address().port()));
}

TEST(Listeners, SayThatAPortIsTaken) {
  Loop loop;
  Gatherer gatherer;
  const auto first = test::listen_on_loopback(loop, gatherer);
  const auto second = Listener::listen(loop, first->address(), gatherer);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().line(),
            first->address().text() +
                ": is taken by another program; choose another port, or 0 to have one picked");
}

TEST(Listeners, SayThatAnAddressIsNotThisMachines) {
  Loop loop;
  Gatherer gatherer;
  // TEST-NET-1 (RFC 5737), which nobody has.
  const auto listener = Listener::listen(loop, *Address::parse("192.0.2.1", 0), gatherer);
  ASSERT_FALSE(listener);
  EXPECT_EQ(listener.error().line(), "192.0.2.1:0: cannot listen: address not available");
}

TEST(Listeners, AcceptAllWhoWait) {
  Loop loop;
  Gatherer gatherer;
  const auto listener = test::listen_on_loopback(loop, gatherer);
  std::vector<RawSocket> others;
  for (int i = 0; i < 50; ++i) others.push_back(RawSocket::connected_to(listener->address()));
  ASSERT_TRUE(test::run_until(loop, [&] { return gatherer.streams.size() == 50; }));
  for (const auto& stream : gatherer.streams) EXPECT_TRUE(stream->open());
}

TEST(Listeners, HandOnStreamsThatDoNotReadYet) {
  Loop loop;
  Gatherer gatherer;
  const auto listener = test::listen_on_loopback(loop, gatherer);
  RawSocket other = RawSocket::connected_to(listener->address());
  other.send("patience");
  ASSERT_TRUE(test::run_until(loop, [&] { return !gatherer.streams.empty(); }));
  test::run_one_turn(loop);
  test::Peer peer;
  gatherer.streams.front()->start(peer, peer.traffic);
  ASSERT_TRUE(test::run_until(loop, [&] { return peer.received == "patience"; }));
  EXPECT_EQ(peer.traffic.read, 8u);
}

TEST(Listeners, DestroyedLetTheLoopEndAndFreeTheirPort) {
  Loop loop;
  Gatherer gatherer;
  auto listener = test::listen_on_loopback(loop, gatherer);
  const Address address = listener->address();
  listener.reset();
  test::run_out(loop);
  const auto again = Listener::listen(loop, address, gatherer);
  ASSERT_TRUE(again) << again.error().line();
  EXPECT_EQ((*again)->address().port(), address.port());
}

TEST(Listeners, MayBeDestroyedWhileTheyAccept) {
  struct OnlyOne final : Acceptor {
    std::unique_ptr<Listener> listener;
    std::unique_ptr<Stream> stream;
    void on_accept(std::unique_ptr<Stream> accepted) override {
      stream = std::move(accepted);
      listener.reset();
    }
  } only_one;
  Loop loop;
  only_one.listener = test::listen_on_loopback(loop, only_one);
  const RawSocket first = RawSocket::connected_to(only_one.listener->address());
  const RawSocket second = RawSocket::connected_to(only_one.listener->address());
  test::run_out(loop);  // the stream does not read, so nothing keeps the loop
  EXPECT_TRUE(only_one.stream->open());
  only_one.stream.reset();
}

}  // namespace
}  // namespace pushbench::net

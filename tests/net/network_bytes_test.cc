// What connections cost on the network: the kernel's counts, and the rules for a 1500-byte path.

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <utility>

#include "net/network_count.h"
#include "net/segments.h"
#include "net/stream.h"
#include "net/tcp_info.h"
#include "tests/support/linked_pair.h"
#include "tests/support/raw_socket.h"

namespace pushbench::net {
namespace {

using test::numbered_bytes;
using test::Peer;
using test::run_one_turn;
using test::run_until;

TEST(Segments, TakeTheirHeadersAndAcks) {
  static_assert(segments_of(0) == 1);
  static_assert(segments_of(1) == 1);
  static_assert(segments_of(1448) == 1);
  static_assert(segments_of(1449) == 2);
  static_assert(header_bytes(300) == 52);
  static_assert(header_bytes(15'000) == 11 * 52);
  static_assert(ack_bytes(100) == 52);
  static_assert(ack_bytes(2896) == 52);
  static_assert(ack_bytes(2897) == 2 * 52);
  static_assert(ack_bytes_if_answered(300) == 0);
  static_assert(ack_bytes_if_answered(1449) == 52);
  static_assert(kOpening.out == 112 && kOpening.in == 60);
  static_assert(kClosing.out == kClosingByPeer.in && kClosing.in == kClosingByPeer.out);
}

class NetworkBytes : public test::LinkedPair {
 protected:
  void SetUp() override {
    if (!tcp_info_available()) GTEST_SKIP() << "this system cannot tell";
  }
  void exchange(std::size_t request, std::size_t response) {
    const std::size_t heard = server.received.size() + request;
    const std::size_t answered = client.received.size() + response;
    client.stream->write(numbered_bytes(request));
    ASSERT_TRUE(run_until(loop, [&] { return server.received.size() == heard; }));
    server.stream->write(numbered_bytes(response));
    ASSERT_TRUE(run_until(loop, [&] { return client.received.size() == answered; }));
  }
  void end_both() {
    ASSERT_TRUE(run_until(loop, [this] { return client.ends > 0 && server.ends > 0; }));
    EXPECT_EQ(client.reason + server.reason, "");
  }
};

/// Between what cannot be missing and that with some bare ACKs more.
void expect_near(std::uint64_t counted, std::uint64_t by_rule, const char* what) {
  EXPECT_GE(counted + 2 * kSegmentHeader, by_rule) << what;
  EXPECT_LE(counted, by_rule + 3 * kSegmentHeader) << what;
}

TEST_F(NetworkBytes, AreThoseOfAConnectionThatTheClientEnds) {
  open({});
  exchange(400, 300);
  client.stream->end_after_flush();
  end_both();
  const Traffic& t = client.traffic;
  EXPECT_GE(t.segments_out, 4u);
  EXPECT_GE(t.segments_in, 3u);
  expect_near(t.header_bytes_out, kOpening.out + header_bytes(400) + kFirstAcks.out + kClosing.out,
              "out");
  expect_near(t.header_bytes_in, kOpening.in + header_bytes(300) + kFirstAcks.in + kClosing.in,
              "in");
  EXPECT_EQ(t.header_bytes_out, 52 * t.segments_out + 8) << "SYN has 8 bytes more";
  EXPECT_EQ(t.header_bytes_in, 52 * t.segments_in + 8);
  EXPECT_EQ(t.network_out(), 400 + t.header_bytes_out);
  EXPECT_EQ(t.network_in(), 300 + t.header_bytes_in);
  EXPECT_EQ(t.unread + t.retransmitted, 0u);
}

TEST_F(NetworkBytes, AreThoseOfAConnectionThatTheServerEnds) {
  open({});
  exchange(400, 300);
  server.stream->end_after_flush();
  end_both();
  expect_near(client.traffic.header_bytes_out,
              kOpening.out + header_bytes(400) + kFirstAcks.out + kClosingByPeer.out, "out");
  expect_near(client.traffic.header_bytes_in,
              kOpening.in + header_bytes(300) + kFirstAcks.in + kClosingByPeer.in, "in");
}

TEST_F(NetworkBytes, AreUpToDateAfterASample) {
  open({});
  EXPECT_EQ(client.traffic.segments_out, 0u);
  loop.sample_network();
  const Traffic opened = client.traffic;
  EXPECT_GE(opened.segments_out, 2u);
  EXPECT_EQ(opened.segments_in, 1u);
  EXPECT_EQ(opened.header_bytes_in, 60u);
  loop.sample_network();
  EXPECT_EQ(client.traffic.segments_out, opened.segments_out) << "nothing is added twice";
  EXPECT_EQ(client.traffic.header_bytes_out, opened.header_bytes_out);
  EXPECT_EQ(client.traffic.header_bytes_in, opened.header_bytes_in);
  for (unsigned i = 1; i <= 20; ++i) {
    exchange(400, 300);
    loop.sample_network();
    EXPECT_GE(client.traffic.segments_out, opened.segments_out + i);
    EXPECT_GE(client.traffic.segments_in, opened.segments_in + i);
  }
  const Traffic before_end = client.traffic;
  client.stream->end_after_flush();
  end_both();
  EXPECT_GE(client.traffic.segments_out, before_end.segments_out + 2);
  EXPECT_LE(client.traffic.segments_out, before_end.segments_out + 4);
  const Traffic ended = client.traffic;
  loop.sample_network();
  EXPECT_EQ(client.traffic.segments_out, ended.segments_out) << "an ended stream has no more";
  EXPECT_EQ(server.traffic.segments_out, 0u) << "accepted streams are not counted";
}

TEST_F(NetworkBytes, AreSampledOfEachStreamThatIsOpen) {
  listener = test::listen_on_loopback(loop, acceptor);
  std::array<Peer, 5> clients;
  for (Peer& one : clients) ASSERT_TRUE(one.connect(loop, listener->address()));
  ASSERT_TRUE(run_until(loop, [&] {
    return std::all_of(clients.begin(), clients.end(), [](const Peer& one) { return one.opened; });
  }));
  clients[0].stream->abort();
  clients[2].stream.reset();
  const std::array<std::uint64_t, 2> cut{clients[0].traffic.segments_out,
                                         clients[2].traffic.segments_out};
  EXPECT_GE(cut[0], 3u);
  EXPECT_GE(cut[1], 3u);
  loop.sample_network();
  EXPECT_EQ(clients[0].traffic.segments_out, cut[0]);
  EXPECT_EQ(clients[2].traffic.segments_out, cut[1]);
  for (const std::size_t i : {1, 3, 4}) EXPECT_GE(clients[i].traffic.segments_out, 2u) << i;
  clients[4].stream->abort();
  loop.sample_network();
  EXPECT_GE(clients[4].traffic.segments_out, 3u);
}

TEST_F(NetworkBytes, HaveWhatCameAndWasNotReadBeforeACut) {
  open({});
  client.stream->pause_reading();
  server.stream->write(numbered_bytes(5000));
  ASSERT_TRUE(run_until(loop, [this] { return server.flushes > 0; }));
  loop.sample_network();
  const Traffic before = client.traffic;
  client.stream->abort();
  EXPECT_EQ(client.traffic.read, 0u);
  EXPECT_EQ(client.traffic.unread, 5000u);
  EXPECT_EQ(client.traffic.segments_out, before.segments_out + 1) << "a reset";
  EXPECT_EQ(client.traffic.segments_in, before.segments_in);
  EXPECT_EQ(client.traffic.network_in(), 5000 + client.traffic.header_bytes_in);
}

TEST_F(NetworkBytes, HaveWhatWasOnTheLinkWhenItWasCut) {
  open({.delay = std::chrono::milliseconds(200)});
  server.stream->write(numbered_bytes(5000));
  client.stream->write("lost before the kernel had it");
  ASSERT_TRUE(run_until(loop, [this] { return server.flushes > 0; }));
  for (int i = 0; i < 10; ++i) run_one_turn(loop);  // the client takes it from the socket
  client.stream->abort();
  EXPECT_EQ(client.traffic.unread, 5000u);
  EXPECT_EQ(client.traffic.read + client.traffic.written, 0u);
}

TEST_F(NetworkBytes, OfTlsAddUpToWhatTheServerHasCounted) {
  open({}, true);
  exchange(400, 300);
  client.stream->pause_reading();
  server.stream->write(numbered_bytes(5000));
  ASSERT_TRUE(run_until(loop, [this] { return server.flushes > 0; }));
  client.stream->abort();
  const Traffic& t = client.traffic;
  EXPECT_EQ(t.read + t.tls_read + t.unread, server.traffic.written + server.traffic.tls_written);
  EXPECT_GE(t.unread, 5000u);
}

/// A connection without a loop, and two who count it.
class NetworkCounts : public NetworkBytes {
 protected:
  void exchange_raw() {
    char buffer[1000];
    ours.send(std::string(400, '?'));
    ASSERT_EQ(theirs.receive(buffer).size(), 400u);
    theirs.send(std::string(300, '!'));
    ASSERT_EQ(ours.receive(buffer).size(), 300u);
  }

  test::RawSocket listening = test::RawSocket::listening();
  test::RawSocket ours = test::RawSocket::connected_to(listening.address());
  test::RawSocket theirs = listening.accept();
};

TEST_F(NetworkCounts, AreTheSameWithSamplesAndWithout) {
  NetworkCount often(listening.address());
  NetworkCount once(listening.address());
  Traffic by_often;
  Traffic by_once;
  for (int i = 0; i < 10; ++i) {
    exchange_raw();
    often.sample(ours.descriptor(), by_often);
  }
  theirs.shut_write();
  EXPECT_EQ(ours.take_to_end(), "");
  often.finish(ours.descriptor(), false, by_often);
  once.finish(ours.descriptor(), false, by_once);
  EXPECT_GE(by_once.segments_out, 13u);
  EXPECT_EQ(by_often.segments_out, by_once.segments_out);
  EXPECT_EQ(by_often.segments_in, by_once.segments_in);
  EXPECT_EQ(by_often.header_bytes_out, by_once.header_bytes_out);
  EXPECT_EQ(by_often.header_bytes_in, by_once.header_bytes_in);
}

TEST_F(NetworkCounts, HaveTwentyBytesMoreForEachSegmentOverIpv6) {
  exchange_raw();
  NetworkCount ipv4(listening.address());
  NetworkCount ipv6(Address::parse("::1", 1).value());
  NetworkCount mapped(Address::parse("::ffff:127.0.0.1", 1).value());
  std::array<Traffic, 3> traffic;
  ipv4.sample(ours.descriptor(), traffic[0]);
  ipv6.sample(ours.descriptor(), traffic[1]);
  mapped.sample(ours.descriptor(), traffic[2]);
  EXPECT_EQ(traffic[1].header_bytes_out,
            traffic[0].header_bytes_out + 20 * traffic[0].segments_out);
  EXPECT_EQ(traffic[2].header_bytes_out, traffic[0].header_bytes_out);
}

TEST_F(NetworkCounts, ForeseeTheSegmentsThatFollowAnEnd) {
  exchange_raw();
  const auto now = tcp_info(ours.descriptor());
  ASSERT_TRUE(now);
  const auto foreseen = [&](bool unread) {
    Traffic traffic;
    NetworkCount(listening.address()).finish(ours.descriptor(), unread, traffic);
    return std::pair(traffic.segments_out - now->segments_out,
                     traffic.segments_in - now->segments_in);
  };
  using Segments = std::pair<std::uint64_t, std::uint64_t>;
  EXPECT_EQ(foreseen(true), Segments(1, 0)) << "a reset";
  EXPECT_EQ(foreseen(false), Segments(2, 1)) << "FIN, their FIN, ACK";
}

TEST(TcpInfos, AreOfTcpSocketsOnly) {
  const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  EXPECT_FALSE(tcp_info(socket));
  ::close(socket);
  EXPECT_FALSE(tcp_info(-1));
}

}  // namespace
}  // namespace pushbench::net

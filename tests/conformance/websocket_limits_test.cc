#include "tests/conformance/websocket_cases.h"

namespace pushbench::test {
namespace {

constexpr std::size_t kKiB = 1024;
constexpr std::size_t kMiB = 1024 * kKiB;

class Limits : public Cases {};

TEST_P(Limits, TextFrom1KiBTo16MiBInOneFrame) {
  for (std::size_t size = kKiB; size <= 16 * kMiB; size *= 4) {
    const std::string payload(size, '*');
    expect({text(payload)}, {"text " + payload});
  }
  const std::string largest(16 * kMiB, '*');
  expect({text(largest)}, {"text " + largest});
}

TEST_P(Limits, BinaryFrom1KiBTo16MiBInOneFrame) {
  for (std::size_t size = kKiB; size <= 16 * kMiB; size *= 4) {
    const std::string payload(size, '\xFE');
    expect({binary(payload)}, {"binary " + payload});
  }
  const std::string largest(16 * kMiB, '\xFE');
  expect({binary(largest)}, {"binary " + largest});
}

TEST_P(Limits, AByteOver16MiBIs1009) {
  const std::string payload(16 * kMiB + 1, '*');
  expect({text(payload)}, {"error 1009"});
  expect(in_fragments(0x02, payload, kMiB), {"error 1009"});
}

TEST_P(Limits, FourMiBInFragmentsOf64BytesTo1MiB) {
  for (const int opcode : {0x01, 0x02}) {
    const std::string payload(4 * kMiB, opcode == 0x01 ? '*' : '\xFE');
    const std::string kind = opcode == 0x01 ? "text " : "binary ";
    for (std::size_t size = 64; size <= kMiB; size *= 4) {
      expect(in_fragments(opcode, payload, size), {kind + payload});
    }
    expect(in_fragments(opcode, payload, kMiB), {kind + payload});
  }
}

TEST_P(Limits, OneMiBInPiecesOfTcpFrom64BytesTo2KiB) {
  const std::string payload(kMiB, '*');
  for (std::size_t piece = 64; piece <= 2 * kKiB; piece *= 2) {
    expect({text(payload)}, {"text " + payload}, piece);
  }
}

TEST_P(Limits, ThousandsOfMessagesInARow) {
  for (const std::size_t size : {0u, 16u, 64u, 256u, 1024u, 4096u, 16384u}) {
    const std::string payload(size, 'm');
    const std::size_t count = size > 4096 ? 250 : 1000;
    expect(Frames(count, text(payload)), Events(count, "text " + payload));
    expect(Frames(count, binary(payload)), Events(count, "binary " + payload));
  }
}

PUSHBENCH_BOTH_SIDES(Limits);

class ServerLimits : public ServerCases {};

TEST_F(ServerLimits, AThousandMessagesEachAfterTheEchoOfTheOneBefore) {
  const auto peer = open_peer();
  for (std::size_t i = 1; i <= 1000; ++i) {
    peer->send(on_the_wire({text(fmt::format("message {}", i))}, true));
    ASSERT_TRUE(run_until([&] { return peer->events().size() == i; })) << i;
  }
  EXPECT_EQ(peer->events().back(), "text message 1000");
}

TEST_F(ServerLimits, TheFragmentAfterTheLastAllowedIs1008) {
  options_.transports.message = {kMiB, 100};
  expect_answers(*open_peer(), in_fragments(0x01, std::string(100, 'f'), 1),
                 {"text " + std::string(100, 'f')});
  expect_answers(*open_peer(), in_fragments(0x01, std::string(101, 'f'), 1), {"error 1008"});
  Frames empty = {first_of_text("")};
  for (int i = 0; i < 1000; ++i) empty.push_back(next(""));
  expect_answers(*open_peer(), empty, {"error 1008"});
}

TEST_F(ServerLimits, FramesInThePacketOfTheHandshakeAreRead) {
  start();
  Peer peer(loop_, server_->address(), {}, on_the_wire({text("early"), ping("bird")}, true));
  EXPECT_TRUE(run_until([&] { return peer.events().size() == 2; }));
  EXPECT_EQ(peer.events(), (Events{"text early", "pong bird"}));
}

TEST_F(ServerLimits, AMaskOfZerosIsAMask) {
  const auto peer = open_peer();
  peer->send(bytes({0x81, 0x85, 0, 0, 0, 0}) + "Hello");
  EXPECT_TRUE(run_until([&] { return !peer->events().empty(); }));
  EXPECT_EQ(peer->events(), Events{"text Hello"});
}

}  // namespace
}  // namespace pushbench::test

#include <gtest/gtest.h>

#include <optional>
#include <random>
#include <string>

#include "tests/support/frames.h"
#include "wire/websocket.h"

namespace pushbench::wire {
namespace {

using test::any_frame;
using test::bytes;
using test::Events;
using Role = WebSocketDecoder::Role;

constexpr Mask kMask = {0x37, 0xfa, 0x21, 0x3d};
constexpr DeflateParameters kDefault;
constexpr DeflateParameters kNoContext{true, true, 15, 15};

/// As a client that has agreed on compression reads it.
Events decode(std::string_view all, MessageLimits limits = {test::kRoomy},
              const DeflateParameters& parameters = kDefault) {
  return test::decode(Role::client, all, limits, parameters);
}

/// However the bytes are cut, the events are these.
void expect_events(std::string_view all, const Events& expected,
                   MessageLimits limits = {test::kRoomy},
                   const DeflateParameters& parameters = kDefault) {
  ASSERT_EQ(decode(all, limits, parameters), expected);
  for (std::size_t cut = 0; cut <= all.size(); ++cut) {
    ASSERT_EQ(test::decode_in_two(Role::client, all, cut, limits, parameters), expected)
        << "cut at byte " << cut;
  }
  ASSERT_EQ(test::decode_in_pieces_of(Role::client, all, 1, limits, parameters), expected);
}

std::string compressed(std::string_view payload) {
  return any_frame({.opcode = Opcode::text, .compressed = true}, payload);
}

std::string deflated(std::string_view message) {
  std::string out;
  Deflater(15, false).compress(message, out);
  return out;
}

// The frames of RFC 7692 §7.2.3, each with Hello in it.
TEST(WebSocketCompression, ReadsTheCompressedHelloOfTheRfc) {
  expect_events(bytes({0xc1, 0x07, 0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00}), {"text Hello"});
}

TEST(WebSocketCompression, ReadsTheFragmentedHelloOfTheRfc) {
  expect_events(bytes({0x41, 0x03, 0xf2, 0x48, 0xcd, 0x80, 0x04, 0xc9, 0xc9, 0x07, 0x00}),
                {"text Hello"});
}

TEST(WebSocketCompression, TellsWhatAMessageTookOnTheWire) {
  class Quiet final : public FrameSink {
    void on_message(Opcode, std::string_view) override {}
    void on_ping(std::string_view) override {}
    void on_pong(std::string_view) override {}
    void on_close(CloseCode, std::string_view) override {}
  };
  Quiet sink;
  WebSocketDecoder decoder(Role::client, {test::kRoomy});
  decoder.set_compression(kDefault);
  // Two frames with a ping between them.
  std::string fragmented =
      bytes({0x41, 0x03, 0xf2, 0x48, 0xcd, 0x89, 0x01, 0x61, 0x80, 0x04, 0xc9, 0xc9, 0x07, 0x00});
  std::string plain = bytes({0x81, 0x05}) + "Hello";
  EXPECT_EQ(decoder.payload_size(), 0U);
  ASSERT_FALSE(decoder.feed(fragmented, sink));
  EXPECT_EQ(decoder.payload_size(), 7U);
  ASSERT_FALSE(decoder.feed(plain, sink));
  EXPECT_EQ(decoder.payload_size(), 5U);
}

TEST(WebSocketCompression, ReadsASecondHelloThatRefersToTheFirst) {
  const std::string both = bytes({0xc1, 0x07, 0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00}) +
                           bytes({0xc1, 0x05, 0xf2, 0x00, 0x11, 0x00, 0x00});
  expect_events(both, {"text Hello", "text Hello"});
  expect_events(both, {"text Hello", "error 1007"}, {test::kRoomy}, kNoContext);
}

TEST(WebSocketCompression, ReadsTheUncompressedBlockOfTheRfc) {
  expect_events(
      bytes({0xc1, 0x0b, 0x00, 0x05, 0x00, 0xfa, 0xff, 0x48, 0x65, 0x6c, 0x6c, 0x6f, 0x00}),
      {"text Hello"});
}

TEST(WebSocketCompression, ReadsTheLastBlockOfTheRfc) {
  expect_events(bytes({0xc1, 0x08, 0xf3, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00, 0x00}),
                {"text Hello"});
}

TEST(WebSocketCompression, ReadsTheTwoBlocksOfTheRfc) {
  expect_events(bytes({0xc1, 0x0d, 0xf2, 0x48, 0x05, 0x00, 0x00, 0x00, 0xff, 0xff, 0xca, 0xc9, 0xc9,
                       0x07, 0x00}),
                {"text Hello"});
}

TEST(WebSocketCompression, ReadsAnEmptyMessage) {
  expect_events(bytes({0xc1, 0x01, 0x00}), {"text "});
  expect_events(bytes({0x42, 0x00, 0x00, 0x00, 0x80, 0x01, 0x00}), {"binary "});
}

TEST(WebSocketCompression, WritesTheHelloOfTheRfc) {
  Deflater deflater(15, true);
  EXPECT_EQ(encode_compressed_frame(deflater, Opcode::text, "Hello", {}),
            bytes({0xc1, 0x07, 0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00}));
  EXPECT_EQ(encode_compressed_frame(deflater, Opcode::text, "Hello", {}),
            bytes({0xc1, 0x05, 0xf2, 0x00, 0x11, 0x00, 0x00}));
}

TEST(WebSocketCompression, WritesAMaskedFrameThatAServerReads) {
  Deflater deflater(15, true);
  const std::string frame = encode_compressed_frame(deflater, Opcode::binary, "Hello", kMask);
  EXPECT_EQ(frame.substr(0, 6), bytes({0xc2, 0x87, 0x37, 0xfa, 0x21, 0x3d}));
  EXPECT_EQ(test::decode(Role::server, frame, {test::kRoomy}, kDefault), Events{"binary Hello"});
}

TEST(WebSocketCompression, LeavesMessagesThatAreNotCompressedAsTheyAre) {
  expect_events(encode_frame(Opcode::text, "plain", {}) + compressed(deflated("packed")) +
                    encode_frame(Opcode::binary, "plain", {}),
                {"text plain", "text packed", "binary plain"});
}

TEST(WebSocketCompression, AnUncompressedMessageDoesNotEnterTheContext) {
  expect_events(bytes({0xc1, 0x07, 0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00}) +
                    encode_frame(Opcode::text, "something else", {}) +
                    bytes({0xc1, 0x05, 0xf2, 0x00, 0x11, 0x00, 0x00}),
                {"text Hello", "text something else", "text Hello"});
}

TEST(WebSocketCompression, TakesControlFramesBetweenFragments) {
  expect_events(bytes({0x41, 0x02, 0xf2, 0x48}) + encode_frame(Opcode::ping, "1", {}) +
                    bytes({0x00, 0x00}) + encode_frame(Opcode::pong, "2", {}) +
                    bytes({0x00, 0x01, 0xcd}) + encode_frame(Opcode::ping, "3", {}) +
                    bytes({0x80, 0x04, 0xc9, 0xc9, 0x07, 0x00}),
                {"ping 1", "pong 2", "ping 3", "text Hello"});
  expect_events(bytes({0x41, 0x02, 0xf2, 0x48}) + encode_close(CloseCode::going_away, "", {}),
                {"close 1001 "});
}

TEST(WebSocketCompression, EachRoleReadsWithTheWindowOfTheOther) {
  // Noise, the beginning of which the next message repeats: within 9 bits of window, not within 8.
  std::string noise(400, '\0');
  std::mt19937 random(7);
  for (char& c : noise) c = static_cast<char>(random());
  const DeflateParameters server_small{false, false, 8, 9};
  const DeflateParameters client_small{false, false, 9, 8};
  for (const Role role : {Role::server, Role::client}) {
    const std::optional<Mask> mask = role == Role::server ? std::optional(kMask) : std::nullopt;
    Deflater deflater(10, true);
    std::string frames = encode_compressed_frame(deflater, Opcode::binary, noise, mask);
    frames += encode_compressed_frame(deflater, Opcode::binary, noise.substr(0, 30), mask);
    const Events all = {"binary " + noise, "binary " + noise.substr(0, 30)};
    const Events too_far = {"binary " + noise, "error 1007"};
    const bool is_server = role == Role::server;
    EXPECT_TRUE(test::decode(role, frames, {test::kRoomy}, server_small) ==
                (is_server ? all : too_far));
    EXPECT_TRUE(test::decode(role, frames, {test::kRoomy}, client_small) ==
                (is_server ? too_far : all));
  }
}

TEST(WebSocketCompression, EachRoleForgetsAsTheOtherPromised) {
  const DeflateParameters server_forgets{true, false, 15, 15};
  const DeflateParameters client_forgets{false, true, 15, 15};
  for (const Role role : {Role::server, Role::client}) {
    const std::optional<Mask> mask = role == Role::server ? std::optional(kMask) : std::nullopt;
    Deflater deflater(15, true);
    std::string frames = encode_compressed_frame(deflater, Opcode::text, "Hello", mask);
    frames += encode_compressed_frame(deflater, Opcode::text, "Hello", mask);
    const Events both = {"text Hello", "text Hello"};
    const Events one = {"text Hello", "error 1007"};
    const bool is_server = role == Role::server;
    EXPECT_EQ(test::decode(role, frames, {test::kRoomy}, server_forgets), is_server ? both : one);
    EXPECT_EQ(test::decode(role, frames, {test::kRoomy}, client_forgets), is_server ? one : both);
  }
}

// RFC 7692 §6: only the first frame of a message tells, and never a control frame.
TEST(WebSocketCompression, Rsv1OnAContinuationIsAProtocolError) {
  expect_events(bytes({0x41, 0x03, 0xf2, 0x48, 0xcd, 0xc0, 0x04, 0xc9, 0xc9, 0x07, 0x00}),
                {"error 1002"});
  expect_events(bytes({0x01, 0x01, 0x48, 0xc0, 0x00}), {"error 1002"});
}

TEST(WebSocketCompression, Rsv1OnAControlFrameIsAProtocolError) {
  for (const int opcode : {8, 9, 10}) expect_events(bytes({0xc0 | opcode, 0}), {"error 1002"});
}

TEST(WebSocketCompression, TheOtherReservedBitsStayProtocolErrors) {
  for (const int bits : {0x10, 0x20, 0x30, 0x50, 0x60, 0x70}) {
    expect_events(bytes({0x81 | bits, 0x00}), {"error 1002"});
  }
}

TEST(WebSocketCompression, Rsv1WithoutAnAgreementIsAProtocolError) {
  EXPECT_EQ(test::decode(Role::client, compressed(deflated("Hello"))), Events{"error 1002"});
}

TEST(WebSocketCompression, WhatCannotBeInflatedIs1007) {
  expect_events(compressed(bytes({0x06})), {"error 1007"});
  expect_events(compressed(bytes({0xf2, 0x48, 0xcd, 0xc9})), {"error 1007"});  // cut short
  expect_events(compressed(""), {"error 1007"});  // an empty message is one byte (§7.2.3.6)
}

TEST(WebSocketCompression, InflatedTextThatIsNotUtf8Is1007) {
  expect_events(compressed(deflated("good \xED\xA0\x80 bad")), {"error 1007"});
  expect_events(compressed(deflated("cut off \xF0\x9F\x98")), {"error 1007"});
  expect_events(compressed(deflated("gr\xC3\xBC\xC3\x9F dich \xF0\x9F\x98\x80")),
                {"text gr\xC3\xBC\xC3\x9F dich \xF0\x9F\x98\x80"});
  expect_events(any_frame({.opcode = Opcode::binary, .compressed = true}, deflated("\xFF")),
                {"binary \xFF"});
}

TEST(WebSocketCompression, TheLimitCountsInflatedBytes) {
  const std::string message(1000, 'x');
  expect_events(compressed(deflated(message)), {"text " + message}, {1000});
  expect_events(compressed(deflated(message)), {"error 1009"}, {999});
  for (const std::size_t size : {1u, 3u, 7u}) {
    const std::string frames = test::fragments(Opcode::text, deflated(message), size, {}, true);
    expect_events(frames, {"text " + message}, {1000});
    expect_events(frames, {"error 1009"}, {999});
  }
}

TEST(WebSocketCompression, ABombIs1009BeforeItHasComeWhole) {
  const std::string bomb = deflated(std::string(10 * 1024 * 1024, '\0'));
  const std::string frame = any_frame({.opcode = Opcode::binary, .compressed = true}, bomb);
  test::Decoding decoding(Role::client, {16 * 1024}, kDefault);
  decoding.feed(frame.substr(0, 100));
  EXPECT_EQ(decoding.events(), Events{"error 1009"});
}

// Noise is longer compressed than not, and a message may be as long as the limit.
TEST(WebSocketCompression, WhatGrowsByBeingCompressedIsTaken) {
  std::mt19937 random(3);
  for (const std::size_t size : {1u, 10u, 1000u, 100000u}) {
    std::string noise(size, '\0');
    for (char& c : noise) c = static_cast<char>(random());
    for (const int bits : {9, 15}) {
      Deflater deflater(bits, true);
      const std::string frame = encode_compressed_frame(deflater, Opcode::binary, noise, {});
      EXPECT_GT(frame.size(), size);
      EXPECT_TRUE(decode(frame, {size}) == Events{"binary " + noise}) << size;
    }
  }
}

TEST(WebSocketCompression, AFarTooLongFrameIs1009WithItsHeader) {
  EXPECT_EQ(decode(bytes({0xc2, 127, 0x7f, 255, 255, 255, 255, 255, 255, 255})),
            Events{"error 1009"});
  EXPECT_EQ(decode(bytes({0xc2, 127, 0, 0, 0, 0, 0x80, 0, 0, 0})), Events{"error 1009"});
  EXPECT_EQ(decode(bytes({0xc2, 126, 0x0c, 0x01}), {1024}),
            Events{"error 1009"});  // 2 * 1024 + 1025
  EXPECT_EQ(decode(bytes({0xc2, 126, 0x0c, 0x00}), {1024}), Events{});
  EXPECT_EQ(decode(bytes({0xc2, 127, 0x7f, 255, 255, 255, 255, 255, 255, 255}), {~std::size_t{0}}),
            Events{});
}

}  // namespace
}  // namespace pushbench::wire

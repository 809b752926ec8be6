#include <gtest/gtest.h>

#include <string>

#include "tests/support/frames.h"
#include "wire/websocket.h"

namespace pushbench::wire {
namespace {

using test::bytes;
using test::decode;
using test::Events;
using test::fragment;
using Role = WebSocketDecoder::Role;

constexpr Mask kMask = {0x37, 0xfa, 0x21, 0x3d};

/// However the bytes are cut, the events are these.
void expect_events(Role role, const std::string& all, const Events& expected) {
  ASSERT_EQ(decode(role, all), expected);
  for (std::size_t cut = 0; cut <= all.size(); ++cut) {
    ASSERT_EQ(test::decode_in_two(role, all, cut), expected) << "cut at byte " << cut;
  }
  ASSERT_EQ(test::decode_in_pieces_of(role, all, 1), expected);
  ASSERT_EQ(test::decode_in_pieces_of(role, all, 3), expected);
}

// The frames of RFC 6455 §5.7.
TEST(WebSocketDecoding, ReadsTheUnmaskedHelloOfTheRfc) {
  expect_events(Role::client, bytes({0x81, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f}), {"text Hello"});
}

TEST(WebSocketDecoding, ReadsTheMaskedHelloOfTheRfc) {
  expect_events(Role::server,
                bytes({0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58}),
                {"text Hello"});
}

TEST(WebSocketDecoding, ReadsTheFragmentedHelloOfTheRfc) {
  expect_events(Role::client, bytes({0x01, 0x03, 0x48, 0x65, 0x6c, 0x80, 0x02, 0x6c, 0x6f}),
                {"text Hello"});
}

TEST(WebSocketDecoding, ReadsThePingOfTheRfc) {
  expect_events(Role::client, bytes({0x89, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f}), {"ping Hello"});
}

TEST(WebSocketDecoding, ReadsTheMaskedPongOfTheRfc) {
  expect_events(Role::server,
                bytes({0x8a, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58}),
                {"pong Hello"});
}

TEST(WebSocketDecoding, ReadsThe256ByteMessageOfTheRfc) {
  std::string payload;
  for (int i = 0; i < 256; ++i) payload += static_cast<char>(i);
  expect_events(Role::client, bytes({0x82, 0x7e, 0x01, 0x00}) + payload, {"binary " + payload});
}

TEST(WebSocketDecoding, ReadsThe64KibibyteMessageOfTheRfc) {
  std::string payload;
  for (int i = 0; i < 65536; ++i) payload += static_cast<char>(i % 251);
  const std::string all = bytes({0x82, 0x7f, 0, 0, 0, 0, 0, 1, 0, 0}) + payload;
  const Events expected = {"binary " + payload};
  // Every cut would be four gigabytes: those around the header and the end must do, and some more.
  for (std::size_t cut = 0; cut <= all.size(); cut += cut < 32 ? 1 : 997) {
    ASSERT_TRUE(test::decode_in_two(Role::client, all, cut) == expected) << "cut at byte " << cut;
  }
  for (std::size_t cut = all.size() - 32; cut <= all.size(); ++cut) {
    ASSERT_TRUE(test::decode_in_two(Role::client, all, cut) == expected) << "cut at byte " << cut;
  }
  ASSERT_TRUE(test::decode_in_pieces_of(Role::client, all, 1) == expected);
}

TEST(WebSocketDecoding, ReadsEachFormOfTheLengthMasked) {
  for (const std::size_t length : {0u, 1u, 125u, 126u, 127u, 65535u, 65536u}) {
    const std::string payload(length, 'p');
    const std::string frame = encode_frame(Opcode::binary, payload, kMask);
    const Events expected = {"binary " + payload};
    ASSERT_TRUE(decode(Role::server, frame) == expected) << length;
    for (std::size_t cut = 0; cut <= std::min<std::size_t>(frame.size(), 20); ++cut) {
      ASSERT_TRUE(test::decode_in_two(Role::server, frame, cut) == expected)
          << length << " bytes cut at " << cut;
    }
  }
}

TEST(WebSocketDecoding, ReadsALongConversationHoweverItIsCut) {
  const std::string all =
      encode_frame(Opcode::text, "", kMask) + encode_frame(Opcode::ping, "", kMask) +
      fragment(Opcode::text, false, "Grü", kMask) + encode_frame(Opcode::ping, "are you?", kMask) +
      fragment(Opcode::continuation, false, "", kMask) + encode_frame(Opcode::pong, "I am", kMask) +
      fragment(Opcode::continuation, true, "ße 😀", kMask) +
      encode_frame(Opcode::binary, bytes({0, 0xff, 0x80}) + std::string(130, 'b'), kMask) +
      fragment(Opcode::binary, false, "", kMask) + fragment(Opcode::continuation, true, "", kMask) +
      encode_frame(Opcode::text, std::string(126, 't'), kMask) +
      encode_close(CloseCode::going_away, "für heute", kMask);
  expect_events(Role::server, all,
                {"text ", "ping ", "ping are you?", "pong I am", "text Grüße 😀",
                 "binary " + bytes({0, 0xff, 0x80}) + std::string(130, 'b'), "binary ",
                 "text " + std::string(126, 't'), "close 1001 für heute"});
}

TEST(WebSocketDecoding, ReadsTheSameConversationFromAServer) {
  const std::string all =
      fragment(Opcode::binary, false, "ab", {}) + encode_frame(Opcode::ping, "1", {}) +
      fragment(Opcode::continuation, false, "cd", {}) + encode_frame(Opcode::ping, "2", {}) +
      fragment(Opcode::continuation, true, "ef", {}) + encode_frame(Opcode::text, "next", {}) +
      bytes({0x88, 0x00});
  expect_events(Role::client, all,
                {"ping 1", "ping 2", "binary abcdef", "text next", "close 1005 "});
}

TEST(WebSocketDecoding, JoinsACharacterThatTwoFragmentsShare) {
  expect_events(Role::client,
                fragment(Opcode::text, false, "\xF0\x9F", {}) +
                    fragment(Opcode::continuation, true, "\x98\x80", {}),
                {"text 😀"});
}

TEST(WebSocketDecoding, ReadsAControlFrameOf125Bytes) {
  const std::string payload(125, 'c');
  expect_events(Role::client, encode_frame(Opcode::ping, payload, {}), {"ping " + payload});
}

TEST(WebSocketDecoding, TellsNothingBeforeAFrameIsWhole) {
  const std::string frame = encode_frame(Opcode::text, "Hello", kMask);
  test::Decoding decoding(Role::server);
  decoding.feed(frame.substr(0, frame.size() - 1));
  EXPECT_EQ(decoding.events(), Events{});
  decoding.feed(frame.substr(frame.size() - 1));
  EXPECT_EQ(decoding.events(), Events{"text Hello"});
}

TEST(WebSocketDecoding, AcceptsEveryCloseCodeThatMayBeSent) {
  for (const int code : {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014,
                         3000, 3999, 4000, 4999}) {
    const std::string frame = encode_close(static_cast<CloseCode>(code), "", {});
    EXPECT_EQ(decode(Role::client, frame), Events{fmt::format("close {} ", code)});
  }
}

TEST(WebSocketDecoding, IgnoresWhatFollowsACloseFrame) {
  const std::string close = encode_close(CloseCode::normal, "done", {});
  const std::string more = encode_frame(Opcode::text, "late", {});
  EXPECT_EQ(decode(Role::client, close + more), Events{"close 1000 done"});
  EXPECT_EQ(test::Decoding(Role::client).feed(close).feed(more).feed(close).events(),
            Events{"close 1000 done"});
  // Not even what would be an error counts.
  EXPECT_EQ(decode(Role::client, close + bytes({0xff, 0xff})), Events{"close 1000 done"});
}

TEST(WebSocketDecoding, IgnoresWhatFollowsAnError) {
  const std::string more = encode_frame(Opcode::text, "late", {});
  EXPECT_EQ(decode(Role::client, bytes({0x83, 0x00}) + more), Events{"error 1002"});
  EXPECT_EQ(test::Decoding(Role::client).feed(bytes({0x83, 0x00})).feed(more).events(),
            Events{"error 1002"});
}

TEST(WebSocketDecoding, HandsOnWhatCameBeforeAnError) {
  const std::string good = encode_frame(Opcode::text, "fine", {});
  EXPECT_EQ(decode(Role::client, good + bytes({0x83, 0x00})), (Events{"text fine", "error 1002"}));
}

}  // namespace
}  // namespace pushbench::wire

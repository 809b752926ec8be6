#include <gtest/gtest.h>

#include <string>

#include "tests/support/frames.h"
#include "wire/websocket.h"

namespace pushbench::wire {
namespace {

using test::bytes;
using test::Events;
using test::fragment;
using Role = WebSocketDecoder::Role;

constexpr Mask kMask = {0x37, 0xfa, 0x21, 0x3d};
constexpr DeflateParameters kDefault;

/// How many of the bytes it takes until they fail, or 0 where they don't.
std::size_t fails_after(Role role, std::string_view all, MessageLimits limits = {test::kRoomy},
                        const std::optional<DeflateParameters>& compression = {}) {
  test::Decoding decoding(role, limits, compression);
  for (std::size_t i = 0; i < all.size(); ++i) {
    decoding.feed(all.substr(i, 1));
    if (!decoding.events().empty() && decoding.events().back().starts_with("error")) return i + 1;
  }
  return 0;
}

TEST(WebSocketFailFast, ABadByteOfTextFailsWithinItsFrame) {
  const std::string good = "gr\xC3\xBC\xC3\x9F ";
  const struct {
    std::string bad;
    std::size_t at;  // how many bytes of it show that it is bad
  } cases[] = {{"\x80", 1},         {"\xFF", 1},         {"\xC0\x80", 1},         {"\xC3(", 2},
               {"\xE0\x80\x80", 2}, {"\xED\xA0\x80", 2}, {"\xF4\x90\x80\x80", 2}, {"\xE2\x82(", 3},
               {"\xF5\x80", 1},     {"\xF0\x9F\x98(", 4}};
  for (const auto& [bad, at] : cases) {
    const std::string text = good + bad + std::string(200, 'x');
    EXPECT_EQ(fails_after(Role::server, encode_frame(Opcode::text, text, kMask)),
              8 + good.size() + at);
    EXPECT_EQ(fails_after(Role::client, encode_frame(Opcode::text, text, {})),
              4 + good.size() + at);
  }
}

TEST(WebSocketFailFast, ABadByteFailsWhereItsPieceIsCutOff) {
  const std::string frame = encode_frame(Opcode::text, "ab\xED\xA0\x80 and more", {});
  EXPECT_EQ(test::Decoding(Role::client).feed(frame.substr(0, 5)).events(), Events{});
  EXPECT_EQ(test::Decoding(Role::client).feed(frame.substr(0, 6)).events(), Events{"error 1007"});
}

TEST(WebSocketFailFast, ABadByteOfAFragmentFailsWithIt) {
  const std::string front = fragment(Opcode::text, false, "\xF4", kMask);
  const std::string bad = fragment(Opcode::continuation, false, "\x90 more", kMask);
  EXPECT_EQ(fails_after(Role::server, front + bad), front.size() + 7);
}

TEST(WebSocketFailFast, ABadByteFailsWithinAMessageThatIsStillInflating) {
  // Blocks that are not compressed: what was sent is inflated at once.
  const std::string block = bytes({0x00, 0x0a, 0x00, 0xf5, 0xff}) + "good \xED\xA0\x80 x";
  const std::string frame =
      test::any_frame({.opcode = Opcode::text, .compressed = true}, block + bytes({0x00}));
  EXPECT_EQ(fails_after(Role::client, frame, {test::kRoomy}, kDefault), 2 + 5 + 7u);
  EXPECT_EQ(
      test::Decoding(Role::client, {test::kRoomy}, kDefault).feed(frame.substr(0, 14)).events(),
      Events{"error 1007"});
}

TEST(WebSocketFailFast, ATextCutOffWithinACharacterFailsAtItsEnd) {
  const std::string frame = encode_frame(Opcode::text, "ab\xF0\x9F\x98", {});
  EXPECT_EQ(fails_after(Role::client, frame), frame.size());
}

TEST(WebSocketFailFast, WhatTheFirstTwoBytesShowFailsWithThem) {
  for (const std::string& header :
       {bytes({0x91, 0xff}), bytes({0xc1, 0xfe}), bytes({0x83, 0xfe}), bytes({0x8b, 0xff}),
        bytes({0x80, 0xfe}), bytes({0x09, 0xfd}), bytes({0x89, 0xfe}), bytes({0x89, 0xff}),
        bytes({0x88, 0xfe}), bytes({0x81, 0x7f}), bytes({0x82, 0x00})}) {
    EXPECT_EQ(fails_after(Role::server, header + std::string(20, '\0')), 2u)
        << static_cast<int>(header[0]);
  }
}

TEST(WebSocketFailFast, ALengthFailsWithTheHeader) {
  const MessageLimits limits{1 << 30};
  for (const Role role : {Role::server, Role::client}) {
    const int masked = role == Role::server ? 0x80 : 0;
    const std::string mask = role == Role::server ? bytes({1, 2, 3, 4}) : "";
    const std::size_t whole = 10 + mask.size();
    const std::string two_to_31 = bytes({0x82, masked | 127, 0, 0, 0, 0, 0x80, 0, 0, 0}) + mask;
    EXPECT_EQ(test::decode(role, two_to_31, limits), Events{"error 1009"});
    EXPECT_EQ(fails_after(role, two_to_31, limits), whole);
    const std::string largest =
        bytes({0x82, masked | 127, 0x7f, 255, 255, 255, 255, 255, 255, 255}) + mask;
    EXPECT_EQ(test::decode(role, largest, limits), Events{"error 1009"});
    EXPECT_EQ(fails_after(role, largest, limits), whole);
    const std::string too_large = bytes({0x82, masked | 127, 0x80, 0, 0, 0, 0, 0, 0, 0}) + mask;
    EXPECT_EQ(test::decode(role, too_large, limits), Events{"error 1002"});
    EXPECT_EQ(fails_after(role, too_large, limits), whole);
    // Where the limit allows them, they are waited for.
    EXPECT_EQ(test::decode(role, two_to_31, {std::size_t{1} << 31}), Events{});
    EXPECT_EQ(test::decode(role, largest, {~std::size_t{0}}), Events{});
  }
}

TEST(WebSocketFailFast, TheFrameThatIsOneTooManyFailsWithItsHeader) {
  const std::string first = fragment(Opcode::binary, false, "a", {});
  const std::string second = fragment(Opcode::continuation, false, "b", {});
  const std::string last = fragment(Opcode::continuation, true, "c", {});
  EXPECT_EQ(test::decode(Role::client, first + second + last, {100, 3}), Events{"binary abc"});
  EXPECT_EQ(test::decode(Role::client, first + second + last, {100, 2}), Events{"error 1008"});
  EXPECT_EQ(fails_after(Role::client, first + second + last, {100, 2}),
            first.size() + second.size() + 2);
  EXPECT_EQ(test::decode(Role::client, first + last + first + last, {100, 2}),
            (Events{"binary ac", "binary ac"}));
  EXPECT_EQ(test::decode(Role::client, encode_frame(Opcode::text, "one", {}), {100, 1}),
            Events{"text one"});
}

TEST(WebSocketFailFast, EmptyFragmentsCountToo) {
  std::string frames = fragment(Opcode::text, false, "", {});
  for (int i = 0; i < 2000; ++i) frames += fragment(Opcode::continuation, false, "", {});
  EXPECT_EQ(test::decode(Role::client, frames, {100}), Events{"error 1008"});
  EXPECT_EQ(fails_after(Role::client, frames, {100}), 2 * 1025u);  // the default cap is 1024
  const std::string last = fragment(Opcode::continuation, true, "x", {});
  EXPECT_EQ(test::decode(Role::client, frames + last, {100, 2002}), Events{"text x"});
}

TEST(WebSocketFailFast, ControlFramesDoNotCountAsFragments) {
  std::string frames = fragment(Opcode::binary, false, "a", {});
  Events expected;
  for (int i = 0; i < 10; ++i) {
    frames += encode_frame(Opcode::ping, "p", {});
    expected.push_back("ping p");
  }
  frames += fragment(Opcode::continuation, true, "b", {});
  expected.push_back("binary ab");
  EXPECT_EQ(test::decode(Role::client, frames, {100, 2}), expected);
}

TEST(WebSocketFailFast, FragmentsOfACompressedMessageCountToo) {
  const std::string payload = bytes({0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00});
  const std::string frames = test::fragments(Opcode::text, payload, 1, {}, true);
  EXPECT_EQ(test::decode(Role::client, frames, {100, 7}, kDefault), Events{"text Hello"});
  EXPECT_EQ(test::decode(Role::client, frames, {100, 6}, kDefault), Events{"error 1008"});
}

TEST(WebSocketFailFast, SixtyFiveThousandFragmentsWhereTheCapAllowsThem) {
  const std::string payload(65536, 'f');
  const std::string frames = test::fragments(Opcode::text, payload, 1, kMask);
  EXPECT_TRUE(test::decode(Role::server, frames, {65536, 65536}) == Events{"text " + payload});
  EXPECT_TRUE(test::decode(Role::server, frames, {65536, 65535}) == Events{"error 1008"});
}

}  // namespace
}  // namespace pushbench::wire

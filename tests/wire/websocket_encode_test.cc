#include <gtest/gtest.h>

#include <array>
#include <string>

#include "tests/support/frames.h"
#include "wire/websocket.h"

namespace pushbench::wire {
namespace {

using test::bytes;

constexpr Mask kRfcMask = {0x37, 0xfa, 0x21, 0x3d};

std::string header_of(std::uint64_t length, std::optional<Mask> mask) {
  std::array<char, kMaxFrameHeader> out;
  return {out.data(),
          encode_frame_header({.opcode = Opcode::binary, .length = length, .mask = mask}, out)};
}

// The frames of RFC 6455 §5.7.
TEST(WebSocketEncoding, WritesTheUnmaskedHelloOfTheRfc) {
  EXPECT_EQ(encode_frame(Opcode::text, "Hello", {}), bytes({0x81, 0x05}) + "Hello");
}

TEST(WebSocketEncoding, WritesTheMaskedHelloOfTheRfc) {
  EXPECT_EQ(encode_frame(Opcode::text, "Hello", kRfcMask),
            bytes({0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58}));
}

TEST(WebSocketEncoding, WritesThePingOfTheRfc) {
  EXPECT_EQ(encode_frame(Opcode::ping, "Hello", {}), bytes({0x89, 0x05}) + "Hello");
}

TEST(WebSocketEncoding, WritesTheMaskedPongOfTheRfc) {
  EXPECT_EQ(encode_frame(Opcode::pong, "Hello", kRfcMask),
            bytes({0x8a, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58}));
}

TEST(WebSocketEncoding, WritesThe256ByteMessageOfTheRfc) {
  const std::string payload(256, 'x');
  EXPECT_EQ(encode_frame(Opcode::binary, payload, {}), bytes({0x82, 0x7e, 0x01, 0x00}) + payload);
}

TEST(WebSocketEncoding, WritesThe64KibibyteMessageOfTheRfc) {
  const std::string payload(65536, 'x');
  EXPECT_EQ(encode_frame(Opcode::binary, payload, {}),
            bytes({0x82, 0x7f, 0, 0, 0, 0, 0, 1, 0, 0}) + payload);
}

TEST(WebSocketEncoding, WritesEachLengthInItsShortestForm) {
  EXPECT_EQ(header_of(0, {}), bytes({0x82, 0}));
  EXPECT_EQ(header_of(1, {}), bytes({0x82, 1}));
  EXPECT_EQ(header_of(125, {}), bytes({0x82, 125}));
  EXPECT_EQ(header_of(126, {}), bytes({0x82, 126, 0, 126}));
  EXPECT_EQ(header_of(127, {}), bytes({0x82, 126, 0, 127}));
  EXPECT_EQ(header_of(65535, {}), bytes({0x82, 126, 0xff, 0xff}));
  EXPECT_EQ(header_of(65536, {}), bytes({0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0}));
  EXPECT_EQ(header_of(0x0102030405060708, {}), bytes({0x82, 127, 1, 2, 3, 4, 5, 6, 7, 8}));
}

TEST(WebSocketEncoding, PutsTheMaskAfterEachFormOfTheLength) {
  const std::string mask = bytes({0x37, 0xfa, 0x21, 0x3d});
  EXPECT_EQ(header_of(125, kRfcMask), bytes({0x82, 0x80 | 125}) + mask);
  EXPECT_EQ(header_of(126, kRfcMask), bytes({0x82, 0x80 | 126, 0, 126}) + mask);
  EXPECT_EQ(header_of(65536, kRfcMask), bytes({0x82, 0x80 | 127, 0, 0, 0, 0, 0, 1, 0, 0}) + mask);
}

TEST(WebSocketEncoding, ASecondByteTellsHowLongTheHeaderIs) {
  for (const std::uint64_t length : {0, 125, 126, 0xFFFF, 0x10000}) {
    for (const std::optional<Mask> mask : {std::optional<Mask>(), std::optional(kRfcMask)}) {
      const std::string header = header_of(length, mask);
      EXPECT_EQ(frame_header_size(header[1]), header.size()) << length;
    }
  }
}

TEST(WebSocketEncoding, MasksFromAnyOffsetAsIfInOnePiece) {
  const std::string text = "The quick brown fox";
  std::string whole = text;
  apply_mask(whole, kRfcMask, 0);
  EXPECT_NE(whole, text);
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    std::string first = text.substr(0, cut);
    std::string second = text.substr(cut);
    apply_mask(first, kRfcMask, 0);
    apply_mask(second, kRfcMask, cut);
    EXPECT_EQ(first + second, whole) << "cut at " << cut;
  }
  apply_mask(whole, kRfcMask, 0);
  EXPECT_EQ(whole, text);
}

/// §5.3, letter for letter, for every length and place that a quicker way might treat apart.
TEST(WebSocketEncoding, MasksAsTheStandardSays) {
  std::string text(64, ' ');
  for (std::size_t i = 0; i < text.size(); ++i) text[i] = static_cast<char>(i * 37);
  for (std::size_t start = 0; start < 8; ++start) {
    for (std::size_t size = 0; start + size <= text.size(); ++size) {
      for (const std::uint64_t offset : {0ULL, 1ULL, 2ULL, 3ULL, 5ULL, (1ULL << 40) + 3}) {
        std::string masked = text;
        apply_mask(std::span(masked).subspan(start, size), kRfcMask, offset);
        for (std::size_t i = 0; i < text.size(); ++i) {
          const bool inside = i >= start && i < start + size;
          const int octet = inside ? kRfcMask[(i - start + offset) % 4] : 0;
          ASSERT_EQ(masked[i], static_cast<char>(text[i] ^ octet)) << start << ' ' << size;
        }
      }
    }
  }
}

TEST(WebSocketEncoding, PutsCodeAndReasonIntoACloseFrame) {
  EXPECT_EQ(encode_close(CloseCode::going_away, "bye", {}), bytes({0x88, 5, 0x03, 0xe9}) + "bye");
  EXPECT_EQ(encode_close(CloseCode::try_again_later, "", {}), bytes({0x88, 2, 0x03, 0xf5}));
}

TEST(WebSocketEncoding, CutsAReasonThatDoesNotFitIntoAControlFrame) {
  const std::string frame = encode_close(CloseCode::normal, std::string(200, 'r'), {});
  EXPECT_EQ(frame, bytes({0x88, 125, 0x03, 0xe8}) + std::string(123, 'r'));
}

TEST(WebSocketEncoding, CutsAReasonBetweenCharacters) {
  // 122 bytes, then a character of two of which only the first would fit.
  const std::string reason = std::string(122, 'r') + "é and more";
  const std::string frame = encode_close(CloseCode::normal, reason, {});
  EXPECT_EQ(frame, bytes({0x88, 124, 0x03, 0xe8}) + std::string(122, 'r'));
  const std::string emoji = std::string(120, 'r') + "😀";  // four bytes, three would fit
  EXPECT_EQ(encode_close(CloseCode::normal, emoji, {}),
            bytes({0x88, 122, 0x03, 0xe8}) + std::string(120, 'r'));
  const std::string fitting = std::string(121, 'r') + "é";
  EXPECT_EQ(encode_close(CloseCode::normal, fitting, {}), bytes({0x88, 125, 3, 0xe8}) + fitting);
}

}  // namespace
}  // namespace pushbench::wire

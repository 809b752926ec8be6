#include <gtest/gtest.h>

#include <limits>
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

constexpr Mask kMask = {1, 2, 3, 4};

/// The bytes fail with this code, in one piece and byte by byte, and tell nothing else.
void expect_error(Role role, const std::string& all, int code) {
  const Events expected = {fmt::format("error {}", code)};
  EXPECT_EQ(decode(role, all), expected);
  EXPECT_EQ(test::decode_in_pieces_of(role, all, 1), expected);
}

std::string close_frame(const std::string& payload) {
  return encode_frame(Opcode::close, payload, {});
}

TEST(WebSocketErrors, EachReservedBitIsAProtocolError) {
  for (const int bit : {0x40, 0x20, 0x10}) expect_error(Role::client, bytes({0x81 | bit, 0}), 1002);
}

TEST(WebSocketErrors, EachReservedOpcodeIsAProtocolError) {
  for (const int opcode : {3, 4, 5, 6, 7, 11, 12, 13, 14, 15}) {
    expect_error(Role::client, bytes({0x80 | opcode, 0}), 1002);
  }
}

TEST(WebSocketErrors, AnUnmaskedFrameToAServerIsAProtocolError) {
  expect_error(Role::server, encode_frame(Opcode::text, "Hello", {}), 1002);
  expect_error(Role::server, encode_frame(Opcode::ping, "", {}), 1002);
}

TEST(WebSocketErrors, AMaskedFrameToAClientIsAProtocolError) {
  expect_error(Role::client, encode_frame(Opcode::text, "Hello", kMask), 1002);
  expect_error(Role::client, encode_frame(Opcode::close, "", kMask), 1002);
}

TEST(WebSocketErrors, ALengthThatIsNotInItsShortestFormIsAProtocolError) {
  expect_error(Role::client, bytes({0x82, 126, 0, 0}), 1002);
  expect_error(Role::client, bytes({0x82, 126, 0, 125}), 1002);
  expect_error(Role::client, bytes({0x82, 127, 0, 0, 0, 0, 0, 0, 0, 1}), 1002);
  expect_error(Role::client, bytes({0x82, 127, 0, 0, 0, 0, 0, 0, 0xff, 0xff}), 1002);
  expect_error(Role::server, bytes({0x82, 0x80 | 126, 0, 125, 1, 2, 3, 4}), 1002);
}

TEST(WebSocketErrors, ALengthWithTheHighestBitSetIsAProtocolError) {
  expect_error(Role::client, bytes({0x82, 127, 0x80, 0, 0, 0, 0, 0, 0, 0}), 1002);
  expect_error(Role::client, bytes({0x82, 127, 255, 255, 255, 255, 255, 255, 255, 255}), 1002);
  // Also where no limit would refuse it.
  EXPECT_EQ(decode(Role::client, bytes({0x82, 127, 0x80, 0, 0, 0, 0, 0, 0, 0}),
                   {std::numeric_limits<std::size_t>::max()}),
            Events{"error 1002"});
}

TEST(WebSocketErrors, TheLargestLengthIsMerelyTooBig) {
  expect_error(Role::client, bytes({0x82, 127, 0x7f, 255, 255, 255, 255, 255, 255, 255}), 1009);
}

TEST(WebSocketErrors, AFragmentedControlFrameIsAProtocolError) {
  for (const int opcode : {8, 9, 10}) expect_error(Role::client, bytes({opcode, 0}), 1002);
}

TEST(WebSocketErrors, AControlFrameOver125BytesIsAProtocolError) {
  for (const Opcode opcode : {Opcode::close, Opcode::ping, Opcode::pong}) {
    expect_error(Role::client, encode_frame(opcode, std::string(126, 'c'), {}), 1002);
  }
}

TEST(WebSocketErrors, AContinuationOfNothingIsAProtocolError) {
  expect_error(Role::client, fragment(Opcode::continuation, true, "lo", {}), 1002);
  expect_error(Role::client, fragment(Opcode::continuation, false, "lo", {}), 1002);
}

TEST(WebSocketErrors, AContinuationAfterAFinishedMessageIsAProtocolError) {
  const std::string all = fragment(Opcode::text, false, "Hel", {}) +
                          fragment(Opcode::continuation, true, "lo", {}) +
                          fragment(Opcode::continuation, true, "!", {});
  EXPECT_EQ(decode(Role::client, all), (Events{"text Hello", "error 1002"}));
}

TEST(WebSocketErrors, AMessageWithinAMessageIsAProtocolError) {
  for (const Opcode opcode : {Opcode::text, Opcode::binary}) {
    expect_error(Role::client,
                 fragment(Opcode::text, false, "Hel", {}) + encode_frame(opcode, "lo", {}), 1002);
    // An empty first fragment has begun a message, too.
    expect_error(Role::client,
                 fragment(Opcode::binary, false, "", {}) + encode_frame(opcode, "lo", {}), 1002);
  }
}

TEST(WebSocketErrors, TextThatIsNotUtf8Is1007) {
  for (const char* text : {"\x80", "\xC3", "\xC0\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "a\xFF",
                           "\xCE\xBA\xE1\xBD\xB9\xCF\x83\xCE\xBC\xCE\xB5\xED\xA0\x80 edited"}) {
    expect_error(Role::client, encode_frame(Opcode::text, text, {}), 1007);
    expect_error(Role::server, encode_frame(Opcode::text, text, kMask), 1007);
  }
}

TEST(WebSocketErrors, AFragmentedTextThatIsNotUtf8Is1007) {
  expect_error(Role::client,
               fragment(Opcode::text, false, "\xF0\x9F", {}) +
                   fragment(Opcode::continuation, true, "\x98", {}),
               1007);
}

TEST(WebSocketErrors, BinaryNeedNotBeUtf8) {
  EXPECT_EQ(decode(Role::client, encode_frame(Opcode::binary, "\xC0\x80", {})),
            Events{"binary \xC0\x80"});
}

TEST(WebSocketErrors, AMessageAtTheLimitIsTaken) {
  EXPECT_EQ(decode(Role::client, encode_frame(Opcode::text, "12345678", {}), {8}),
            Events{"text 12345678"});
  EXPECT_EQ(decode(Role::client,
                   fragment(Opcode::text, false, "1234", {}) +
                       fragment(Opcode::continuation, true, "5678", {}),
                   {8}),
            Events{"text 12345678"});
}

TEST(WebSocketErrors, AMessageOverTheLimitIs1009AsSoonAsItsLengthIsThere) {
  const std::string frame = encode_frame(Opcode::binary, std::string(9, 'x'), {});
  EXPECT_EQ(decode(Role::client, frame.substr(0, 2), {8}), Events{"error 1009"});
  EXPECT_EQ(decode(Role::client, bytes({0x82, 127, 0, 0, 1, 0, 0, 0, 0, 0}), {65536}),
            Events{"error 1009"});
}

TEST(WebSocketErrors, FragmentsThatAddUpOverTheLimitAre1009AtTheHeaderThatPassesIt) {
  const std::string last = fragment(Opcode::continuation, true, "56789", {});
  test::Decoding decoding(Role::client, {8});
  decoding.feed(fragment(Opcode::text, false, "1234", {})).feed(last.substr(0, 1));
  EXPECT_EQ(decoding.events(), Events{});
  decoding.feed(last.substr(1, 1));
  EXPECT_EQ(decoding.events(), Events{"error 1009"});
}

TEST(WebSocketErrors, ControlFramesDoNotCountAgainstTheLimit) {
  const std::string all = fragment(Opcode::text, false, "1234", {}) +
                          encode_frame(Opcode::ping, std::string(100, 'p'), {}) +
                          fragment(Opcode::continuation, true, "5678", {});
  EXPECT_EQ(decode(Role::client, all, {8}),
            (Events{"ping " + std::string(100, 'p'), "text 12345678"}));
}

TEST(WebSocketErrors, TheLimitHoldsForEachMessageAnew) {
  const std::string one = encode_frame(Opcode::text, "12345678", {});
  EXPECT_EQ(decode(Role::client, one + one + one, {8}),
            (Events{"text 12345678", "text 12345678", "text 12345678"}));
}

TEST(WebSocketErrors, ACloseFrameOfOneByteIsAProtocolError) {
  expect_error(Role::client, close_frame("\x03"), 1002);
}

TEST(WebSocketErrors, ACloseCodeThatMayNotBeSentIsAProtocolError) {
  for (const int code : {0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535}) {
    expect_error(Role::client, encode_close(static_cast<CloseCode>(code), "", {}), 1002);
  }
}

TEST(WebSocketErrors, ACloseReasonThatIsNotUtf8Is1007) {
  expect_error(Role::client, close_frame("\x03\xe8\xff"), 1007);
  expect_error(Role::client, close_frame("\x03\xe8good\xC3"), 1007);
}

}  // namespace
}  // namespace pushbench::wire

#include "tests/conformance/websocket_cases.h"

namespace pushbench::test {
namespace {

class Framing : public Cases {};

TEST_P(Framing, TextOfEachFormOfLength) {
  for (const std::size_t size : {0u, 125u, 126u, 127u, 128u, 65535u, 65536u}) {
    const std::string payload(size, '*');
    expect({text(payload)}, {"text " + payload});
    expect({text(payload)}, {"text " + payload}, 997);
    if (size < 65535) expect({text(payload)}, {"text " + payload}, 1);
  }
}

TEST_P(Framing, BinaryOfEachFormOfLength) {
  for (const std::size_t size : {0u, 125u, 126u, 127u, 128u, 65535u, 65536u}) {
    const std::string payload(size, '\xFE');
    expect({binary(payload)}, {"binary " + payload});
    expect({binary(payload)}, {"binary " + payload}, 997);
    if (size < 65535) expect({binary(payload)}, {"binary " + payload}, 1);
  }
}

TEST_P(Framing, ALongMessageByteByByte) {
  const std::string payload(65536, '*');
  expect({text(payload)}, {"text " + payload}, 1);
}

TEST_P(Framing, EveryByteOfABinaryMessage) {
  std::string payload;
  for (int i = 0; i < 256; ++i) payload += static_cast<char>(i);
  expect_however_cut({binary(payload)}, {"binary " + payload});
}

TEST_P(Framing, ManyMessagesInOnePacket) {
  Frames frames;
  Events read;
  for (int i = 0; i < 100; ++i) {
    const std::string payload = fmt::format("message {}", i);
    frames.push_back(i % 2 == 0 ? text(payload) : binary(payload));
    read.push_back((i % 2 == 0 ? "text " : "binary ") + payload);
  }
  expect_however_cut(frames, read);
}

// §5.1: a server takes masked frames only, a client only such as are not.
TEST_P(Framing, AFrameThatIsWronglyMaskedFails) {
  for (const int first : {0x81, 0x82, 0x88, 0x89, 0x8A}) {
    Frame frame{first, first == 0x88 ? bytes({3, 0xE8}) : "payload"};
    frame.wrongly_masked = true;
    expect({frame}, {"error 1002"});
    expect({text("before"), frame, text("after")}, {"text before", "error 1002"});
  }
}

// §5.2: the minimal number of bytes must be used.
TEST_P(Framing, ALengthThatIsNotInItsShortestFormFails) {
  for (const std::size_t size : {0u, 1u, 125u}) {
    for (const int length_bytes : {2, 8}) {
      Frame frame = text(std::string(size, 'x'));
      frame.length_bytes = length_bytes;
      expect({ping("p"), frame}, {"ping p", "error 1002"});
    }
  }
  Frame frame = binary(std::string(65535, 'x'));
  frame.length_bytes = 8;
  expect({frame}, {"error 1002"});
}

TEST_P(Framing, ALengthWithItsHighestBitSetFails) {
  Frame frame = binary("");
  frame.length = std::uint64_t{1} << 63;
  expect({text("before"), frame}, {"text before", "error 1002"});
  frame.length = ~std::uint64_t{0};
  expect({frame}, {"error 1002"});
}

TEST_P(Framing, ALengthOverTheLimitFailsWithoutItsPayload) {
  for (const std::uint64_t length : {std::uint64_t{16 * 1024 * 1024 + 1}, std::uint64_t{1} << 31,
                                     (std::uint64_t{1} << 63) - 1}) {
    Frame frame = binary("");
    frame.length = length;
    expect({text("before"), frame}, {"text before", "error 1009"});
  }
}

PUSHBENCH_BOTH_SIDES(Framing);

class Control : public Cases {};

TEST_P(Control, APingOfEveryAllowedLengthIsAnswered) {
  Frames frames;
  Events read;
  for (std::size_t size = 0; size <= 125; ++size) {
    frames.push_back(ping(std::string(size, 'p')));
    read.push_back("ping " + std::string(size, 'p'));
  }
  expect_however_cut(frames, read);
}

TEST_P(Control, APingHasAnyBytes) {
  const std::string payload = bytes({0x00, 0xFF, 0xFE, 0xFD, 0xFC, 0xFB, 0x00, 0xFF});
  expect_however_cut({ping(payload)}, {"ping " + payload});
}

TEST_P(Control, AControlFrameOver125BytesFails) {
  for (const std::size_t size : {126u, 127u, 1000u, 65536u}) {
    for (const int first : {0x88, 0x89, 0x8A}) {
      expect({text("before"), {first, std::string(size, '\x03')}, text("after")},
             {"text before", "error 1002"});
    }
  }
}

TEST_P(Control, UnsolicitedPongsAreTakenInSilence) {
  expect_however_cut({pong(""), pong("unsolicited"), ping("ping"), pong(std::string(125, 'x'))},
                     {"pong ", "pong unsolicited", "ping ping", "pong " + std::string(125, 'x')});
}

TEST_P(Control, TenPingsInARowAreAnsweredInOrder) {
  Frames frames;
  Events read;
  for (int i = 0; i < 10; ++i) {
    frames.push_back(ping(fmt::format("payload {}", i)));
    read.push_back(fmt::format("ping payload {}", i));
  }
  expect_however_cut(frames, read);
}

TEST_P(Control, PingsStandBetweenMessages) {
  expect_however_cut({text("one"), ping("1"), binary("two"), ping("2"), ping("3"), text("three")},
                     {"text one", "ping 1", "binary two", "ping 2", "ping 3", "text three"});
}

PUSHBENCH_BOTH_SIDES(Control);

class Reserved : public Cases {
 protected:
  /// The bad frame fails wherever it comes; what came before is answered, what comes after is not.
  void expect_failure_anywhere(const Frame& bad) {
    SCOPED_TRACE(fmt::format("first byte {:#04x}", bad.first));
    expect_however_cut({bad}, {"error 1002"});
    expect({text("one"), bad, text("two")}, {"text one", "error 1002"});
    expect_however_cut({text("one"), ping("p"), binary("two"), bad, ping("late")},
                       {"text one", "ping p", "binary two", "error 1002"});
    expect({first_of_text("begun"), bad, last("!")}, {"error 1002"});
    expect({bad, close(1000)}, {"error 1002"});
  }
};

TEST_P(Reserved, EachCombinationOfReservedBitsFails) {
  for (int bits = 0x10; bits <= 0x70; bits += 0x10) {
    expect_failure_anywhere({0x81 | bits, "payload"});
    expect_failure_anywhere({0x81 | bits, ""});
    expect_failure_anywhere({0x82 | bits, std::string(200, 'x')});
    expect_failure_anywhere({0x01 | bits, "a fragment"});
  }
}

TEST_P(Reserved, AlsoOnControlFrames) {
  for (int bits = 0x10; bits <= 0x70; bits += 0x10) {
    expect_failure_anywhere({0x89 | bits, "ping"});
    expect_failure_anywhere({0x8A | bits, "pong"});
    expect_failure_anywhere({0x88 | bits, bytes({3, 0xE8})});
  }
}

TEST_P(Reserved, AlsoOnContinuations) {
  for (int bits = 0x10; bits <= 0x70; bits += 0x10) {
    expect_however_cut({first_of_text("one"), next("two"), {0x80 | bits, "three"}}, {"error 1002"});
    expect({first_of_text("one"), {0x00 | bits, "two"}, last("three")}, {"error 1002"});
  }
}

TEST_P(Reserved, EachReservedOpcodeFails) {
  for (const int opcode : {3, 4, 5, 6, 7, 11, 12, 13, 14, 15}) {
    expect_failure_anywhere({0x80 | opcode, ""});
    expect_failure_anywhere({0x80 | opcode, "payload"});
    expect_failure_anywhere({opcode, "a fragment"});
  }
}

PUSHBENCH_BOTH_SIDES(Reserved);

}  // namespace
}  // namespace pushbench::test

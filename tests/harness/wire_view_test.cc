#include "harness/wire_view.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "harness/result_json.h"

namespace pushbench::harness {
namespace {

using namespace std::chrono_literals;
using testing::EndsWith;
using testing::SizeIs;
using testing::StartsWith;

constexpr net::Time kStart{1h};

std::string request(const std::string& body, const std::string& more = {}) {
  return fmt::format("POST /x HTTP/1.1\r\nHost: h\r\n{}Content-Length: {}\r\n\r\n{}", more,
                     body.size(), body);
}

/// The same request every 10 ms, from 100 ms before the start on.
std::vector<WirePiece> requests(std::size_t count, const std::string& bytes) {
  std::vector<WirePiece> pieces;
  for (std::size_t i = 0; i < count; ++i) {
    pieces.push_back({kStart - 100ms + i * 10ms, 1, true, bytes});
  }
  return pieces;
}

TEST(Printable, KeepsUtf8AndLineEnds) {
  const std::string text = "Zoë 🎈 {\"a\":\t1}\r\n";
  EXPECT_EQ(printable(text), text);
  EXPECT_EQ(printable(""), "");
}

TEST(Printable, EscapesAllElse) {
  EXPECT_EQ(printable("\x03\xE8 ok\x7F"), "\\x03\\xe8 ok\\x7f");
  EXPECT_EQ(printable(std::string("\0", 1)), "\\x00");
  EXPECT_EQ(printable("\xC3"), "\\xc3");                    // half a character
  EXPECT_EQ(printable("\xED\xA0\x80"), "\\xed\\xa0\\x80");  // a surrogate
  EXPECT_EQ(printable("a\x81z"), "a\\x81z");
}

TEST(Printable, CutsBetweenCharactersAndEscapes) {
  EXPECT_EQ(printable("abc", 3), "abc");
  EXPECT_EQ(printable("abcd", 3), "abc…");
  EXPECT_EQ(printable("abë", 3), "ab…");
  EXPECT_EQ(printable("a\x81", 4), "a…");
}

TEST(WireView, HasTheEventsOfItsStretchOnly) {
  const std::vector<WirePiece> pieces = requests(30, request("{}"));
  const WireView view = view_of(pieces, kStart, 50ms);
  ASSERT_THAT(view.events, SizeIs(5));
  EXPECT_EQ(view.events.front().at_us, 0);
  EXPECT_EQ(view.events.back().at_us, 40'000);
  EXPECT_EQ(view.length_s, 0.05);
  EXPECT_FALSE(view.more);
}

TEST(WireView, KeepsTheFirstSixtyAndSaysThatThereAreMore) {
  const std::vector<WirePiece> pieces = requests(71, request("{}"));
  const WireView view = view_of(pieces, kStart, 1s);
  EXPECT_THAT(view.events, SizeIs(60));
  EXPECT_TRUE(view.more);
  EXPECT_FALSE(view_of(std::span(pieces).first(70), kStart, 1s).more);
}

TEST(WireView, CutsLongBodiesBetweenCharacters) {
  std::string body = "a";
  while (body.size() < 1000) body += "ë";
  const std::vector<WirePiece> pieces{{kStart, 1, true, request(body)}};
  const WireView view = view_of(pieces, kStart, 1s);
  ASSERT_THAT(view.events, SizeIs(1));
  EXPECT_EQ(view.events[0].body, body.substr(0, 399) + "…");
  EXPECT_EQ(view.events[0].body_bytes, body.size());
}

TEST(WireView, OfLongHeadsAddsLittleToAResult) {
  const std::string cookie = "Cookie: " + std::string(2000, 'c') + "\r\n";
  const std::vector<WirePiece> pieces = requests(80, request(std::string(600, '\x01'), cookie));
  RunResult result;
  result.transports.push_back({"polling", {}, {}});
  const std::size_t before = to_json(result).size();
  const WireView& view = result.transports[0].wire.emplace(view_of(pieces, kStart, 1s));
  EXPECT_THAT(view.events, SizeIs(60));
  EXPECT_THAT(view.events.front().head, EndsWith("\r\n\r\n"));  // as long as there is room
  EXPECT_EQ(view.events.back().head, "POST /x HTTP/1.1\r\n…");
  EXPECT_THAT(view.events.back().body, StartsWith("\\x01"));
  EXPECT_LT(to_json(result).size() - before, 36'000U);
}

}  // namespace
}  // namespace pushbench::harness

#include "wire/utf8.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "tests/support/awkward_texts.h"

namespace pushbench::wire {
namespace {

/// The bits of a code point in as many bytes as are asked for, allowed or not.
std::string encoded(std::uint32_t code_point, int bytes) {
  if (bytes == 1) return {static_cast<char>(code_point)};
  std::string out;
  for (int i = 0; i + 1 < bytes; ++i) {
    out.insert(out.begin(), static_cast<char>(0x80 | (code_point >> (6 * i) & 0x3F)));
  }
  const std::uint32_t lead = 0xF00u >> bytes & 0xFF;
  out.insert(out.begin(), static_cast<char>(lead | code_point >> (6 * (bytes - 1))));
  return out;
}

std::string encoded(std::uint32_t code_point) {
  return encoded(code_point, code_point < 0x80      ? 1
                             : code_point < 0x800   ? 2
                             : code_point < 0x10000 ? 3
                                                    : 4);
}

bool is_whole(std::string_view text) {
  Utf8Checker checker;
  return checker.feed(text) && checker.complete();
}

/// The byte with which it fails when the bytes come one by one.
std::optional<std::size_t> bad_byte(std::string_view text) {
  Utf8Checker checker;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!checker.feed(text.substr(i, 1))) return i;
  }
  return std::nullopt;
}

std::string hex(std::string_view text) {
  std::string out;
  for (const char c : text) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    out += kDigits[static_cast<std::uint8_t>(c) >> 4];
    out += kDigits[static_cast<std::uint8_t>(c) & 15];
    out += ' ';
  }
  return out;
}

/// However the text is cut in two, it fails with the same byte, or not at all.
void expect_same_at_every_cut(std::string_view text) {
  const auto bad = bad_byte(text);
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    Utf8Checker checker;
    const bool first = checker.feed(text.substr(0, cut));
    ASSERT_EQ(first, !bad || *bad >= cut) << hex(text) << "cut at " << cut;
    if (!first) continue;
    ASSERT_EQ(checker.feed(text.substr(cut)), !bad) << hex(text) << "cut at " << cut;
    ASSERT_EQ(!bad && checker.complete(), is_whole(text)) << hex(text) << "cut at " << cut;
  }
}

TEST(Utf8, NothingIsWhole) {
  EXPECT_TRUE(Utf8Checker().complete());
  EXPECT_TRUE(is_whole(""));
}

TEST(Utf8, TakesEveryCodePoint) {
  for (std::uint32_t c = 0; c <= 0x10FFFF; ++c) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    const std::string text = encoded(c);
    ASSERT_TRUE(is_whole(text)) << std::hex << c;
    ASSERT_FALSE(bad_byte(text)) << std::hex << c;
  }
}

TEST(Utf8, TakesTheFirstAndLastOfEachLengthAndTheNoncharacters) {
  for (const std::uint32_t c :
       {0x0u,     0x7Fu,    0x80u,    0x7FFu,    0x800u,    0xD7FFu,  0xE000u,
        0xFDD0u,  0xFDEFu,  0xFFFDu,  0xFFFEu,   0xFFFFu,   0x10000u, 0x1FFFEu,
        0x2FFFFu, 0x8FFFEu, 0xFFFFFu, 0x100000u, 0x10FFFEu, 0x10FFFFu}) {
    expect_same_at_every_cut("a" + encoded(c) + encoded(c) + "z");
    EXPECT_TRUE(is_whole(encoded(c))) << std::hex << c;
  }
}

TEST(Utf8, TakesAwkwardTextsAtEveryCut) {
  for (const std::string& text : test::awkward_texts()) {
    EXPECT_TRUE(is_whole(text));
    expect_same_at_every_cut(text);
  }
}

TEST(Utf8, RefusesEverySurrogateWithItsSecondByte) {
  for (std::uint32_t c = 0xD800; c <= 0xDFFF; ++c) {
    ASSERT_EQ(bad_byte(encoded(c)), 1u) << std::hex << c;
    ASSERT_FALSE(is_whole(encoded(c))) << std::hex << c;
  }
  // Not as a pair either, which CESU-8 would have.
  EXPECT_EQ(bad_byte("\xED\xA0\xBD\xED\xB8\x80"), 1u);
}

TEST(Utf8, RefusesWhatIsLongerThanNecessaryAsSoonAsThatShows) {
  for (const std::uint32_t c : {0x0u, 0x2Fu, 0x7Fu}) {
    EXPECT_EQ(bad_byte(encoded(c, 2)), 0u);  // C0 and C1 begin nothing else
    EXPECT_EQ(bad_byte(encoded(c, 3)), 1u);
    EXPECT_EQ(bad_byte(encoded(c, 4)), 1u);
  }
  EXPECT_EQ(bad_byte(encoded(0x7FF, 3)), 1u);
  EXPECT_EQ(bad_byte(encoded(0x800, 4)), 1u);
  EXPECT_EQ(bad_byte(encoded(0xFFFF, 4)), 1u);
}

TEST(Utf8, RefusesWhatLiesPastTheLastCodePoint) {
  EXPECT_EQ(bad_byte(encoded(0x110000)), 1u);
  EXPECT_EQ(bad_byte(encoded(0x13FFFF)), 1u);
  for (int lead = 0xF5; lead <= 0xFF; ++lead) {
    EXPECT_EQ(bad_byte(std::string(1, static_cast<char>(lead)) + "\x80\x80\x80"), 0u) << lead;
  }
  EXPECT_EQ(bad_byte("\xF8\x88\x80\x80\x80"), 0u);      // five bytes, as RFC 2279 had them
  EXPECT_EQ(bad_byte("\xFC\x84\x80\x80\x80\x80"), 0u);  // six
}

TEST(Utf8, RefusesAContinuationOfNothing) {
  for (int byte = 0x80; byte <= 0xBF; ++byte) {
    const std::string lonely(1, static_cast<char>(byte));
    EXPECT_EQ(bad_byte(lonely), 0u);
    EXPECT_EQ(bad_byte("a" + lonely), 1u);
    EXPECT_EQ(bad_byte("\xC3\xA9" + lonely), 2u);
    EXPECT_EQ(bad_byte("\xF0\x9F\x98\x80" + lonely), 4u);
  }
}

TEST(Utf8, RefusesALeadThatIsNotContinuedWithTheByteThatFollowsIt) {
  for (int lead = 0xC2; lead <= 0xF4; ++lead) {
    const std::string text(1, static_cast<char>(lead));
    for (const char* next : {" ", "\x7F", "\xC2", "\xE1", "\xF1", "\xFF"}) {
      EXPECT_EQ(bad_byte(text + next), 1u) << hex(text + next);
      EXPECT_FALSE(is_whole(text + next)) << hex(text + next);
    }
  }
  EXPECT_EQ(bad_byte("\xE2\x82 "), 2u);
  EXPECT_EQ(bad_byte("\xF0\x9F\x98 "), 3u);
}

TEST(Utf8, WaitsForTheRestOfACharacter) {
  const std::string text = "\xF0\x9F\x98\x80";
  for (std::size_t size = 1; size < text.size(); ++size) {
    Utf8Checker checker;
    EXPECT_TRUE(checker.feed(text.substr(0, size)));
    EXPECT_FALSE(checker.complete());
    EXPECT_TRUE(checker.feed(""));
    EXPECT_FALSE(checker.complete());
    EXPECT_TRUE(checker.feed(text.substr(size)));
    EXPECT_TRUE(checker.complete());
  }
}

TEST(Utf8, FailsAtTheSameByteHoweverTheTextIsCut) {
  for (const std::string bad :
       {"\x80", "\xFF", "\xC0\x80", "\xC3(", "\xE0\x80\x80", "\xE0\x9F\xBF", "\xED\xA0\x80",
        "\xED\xBF\xBF", "\xF0\x80\x80\x80", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xE2\x82",
        "\xF0\x9F\x98", "\xE2\x82(", "\xF0\x9F\x98(",
        "\xCE\xBA\xE1\xBD\xB9\xCF\x83\xED\xA0\x80 x"}) {
    for (const std::string front : {"", "a", "gr\xC3\xBC\xC3\x9F", "\xF0\x9F\x98\x80"}) {
      expect_same_at_every_cut(front + bad);
      expect_same_at_every_cut(front + bad + "and more");
      // Long enough for the vectors of whatever checks whole pieces.
      expect_same_at_every_cut(std::string(61, 'x') + front + bad + std::string(70, 'y'));
    }
  }
}

TEST(Utf8, AgreesWithItselfOnAnyBytes) {
  std::mt19937 random(3629);
  const std::vector<std::string> parts = {"a",    "\xC3", "\xA9", "\xE2", "\x82", "\xED",
                                          "\xF0", "\x9F", "\x98", "\x80", "\xF4", "\xE0"};
  int whole = 0;
  for (int round = 0; round < 20000; ++round) {
    std::string text;
    for (std::size_t n = 1 + random() % 7; n > 0; --n) text += parts[random() % parts.size()];
    expect_same_at_every_cut(text);
    whole += is_whole(text) ? 1 : 0;
  }
  EXPECT_GT(whole, 200);  // not all of it was noise
}

TEST(Utf8, BeginsAnew) {
  Utf8Checker checker;
  EXPECT_FALSE(checker.feed("\xC3("));
  checker.reset();
  EXPECT_TRUE(checker.complete());
  EXPECT_TRUE(checker.feed("a\xC3"));
  checker.reset();
  EXPECT_TRUE(checker.complete());
  EXPECT_TRUE(checker.feed("b"));
}

}  // namespace
}  // namespace pushbench::wire

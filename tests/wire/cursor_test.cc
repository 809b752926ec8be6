#include <gtest/gtest.h>

#include <string>

#include "wire/message.h"

namespace pushbench::wire {
namespace {

void expect_cursor(std::string_view text, std::string_view epoch, Seq seq) {
  const auto cursor = parse_cursor(text);
  ASSERT_TRUE(cursor) << text;
  EXPECT_EQ(cursor->epoch, epoch) << text;
  EXPECT_EQ(cursor->seq, seq) << text;
}

TEST(Cursors, AreASeqAlone) {
  expect_cursor("0", "", 0);
  expect_cursor("17", "", 17);
  expect_cursor("18446744073709551615", "", 18446744073709551615u);
}

TEST(Cursors, MayCarryAnEpoch) {
  expect_cursor("k3f9.17", "k3f9", 17);
  expect_cursor("7.8", "7", 8);
  expect_cursor(std::string(32, 'e') + ".1", std::string(32, 'e'), 1);
}

TEST(Cursors, AreRefusedOutOfShape) {
  for (const char* text : {"", ".", "17.", ".17", "k3f9.", "k3f9", "-1", "+1", " 1", "1 ", "1x",
                           "0x1", "k.3.9", "k3f9.-1", "k3f9. 1", "18446744073709551616"}) {
    EXPECT_FALSE(parse_cursor(text)) << text;
  }
  EXPECT_FALSE(parse_cursor(std::string(33, 'e') + ".1"));
  EXPECT_FALSE(parse_cursor(std::string_view("1\0", 2)));
}

TEST(Cursors, AreRefusedWithAnExample) {
  const auto cursor = parse_cursor("x");
  ASSERT_FALSE(cursor);
  EXPECT_EQ(cursor.error().line(),
            "after: write the last seq you have, as in after=17 or after=k3f9.17");
}

}  // namespace
}  // namespace pushbench::wire

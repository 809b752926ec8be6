#include "wire/target.h"

#include <gtest/gtest.h>

#include <cstring>
#include <optional>
#include <string>
#include <vector>

namespace pushbench::wire {
namespace {

void expect_split(std::string_view target, std::string_view path, std::string_view query) {
  EXPECT_EQ(split_target(target).path, path) << target;
  EXPECT_EQ(split_target(target).query, query) << target;
}

TEST(Targets, AreCutAtTheFirstQuestionMark) {
  expect_split("/rooms/a/poll?after=3", "/rooms/a/poll", "after=3");
  expect_split("/rooms/a", "/rooms/a", "");
  expect_split("/rooms/a?", "/rooms/a", "");
  expect_split("/a?b?c", "/a", "b?c");
  expect_split("?a", "", "a");
  expect_split("", "", "");
}

TEST(QueryValues, AreFoundByTheirWholeName) {
  EXPECT_EQ(query_value("after=3", "after"), "3");
  EXPECT_EQ(query_value("wait=5&after=3", "after"), "3");
  EXPECT_EQ(query_value("after=3&wait=5", "wait"), "5");
  EXPECT_EQ(query_value("hereafter=3", "after"), std::nullopt);
  EXPECT_EQ(query_value("after2=3", "after"), std::nullopt);
  EXPECT_EQ(query_value("After=3", "after"), std::nullopt);
  EXPECT_EQ(query_value("x=after", "after"), std::nullopt);
  EXPECT_EQ(query_value("", "after"), std::nullopt);
  EXPECT_EQ(query_value("&&", "after"), std::nullopt);
}

TEST(QueryValues, OfTheSameNameGiveTheFirst) {
  EXPECT_EQ(query_value("after=1&after=2", "after"), "1");
}

TEST(QueryValues, MayBeEmpty) {
  EXPECT_EQ(query_value("after=", "after"), "");
  EXPECT_EQ(query_value("after", "after"), "");
  EXPECT_EQ(query_value("after=&wait=1", "after"), "");
  EXPECT_EQ(query_value("&after=1&", "after"), "1");
}

TEST(QueryValues, AreCutAtTheFirstEqualsSign) { EXPECT_EQ(query_value("a=b=c", "a"), "b=c"); }

TEST(QueryValues, AreDecoded) {
  EXPECT_EQ(query_value("after=k3f9%2E17", "after"), "k3f9.17");
  EXPECT_EQ(query_value("a=%41%7a%7A+%2b%26%3D%25", "a"), "Azz +&=%");
  EXPECT_EQ(query_value("a=%00", "a"), std::string(1, '\0'));
  EXPECT_EQ(query_value("a=%C3%A4", "a"), "ä");
}

TEST(QueryValues, WronglyEncodedComeAsTheyStand) {
  for (const char* query : {"a=%", "a=%4", "a=x%", "a=%4g", "a=%g4", "a=%%41", "a=% 1", "a=%-1"}) {
    // In a block of just its size, so that the sanitizer sees a read beyond it.
    const std::vector<char> block(query, query + std::strlen(query));
    EXPECT_EQ(query_value({block.data(), block.size()}, "a"), query + 2);
  }
  EXPECT_EQ(query_value("a=%4&b=1", "a"), "%4");
}

TEST(RoomNames, AreLettersDigitsDotsUnderscoresAndHyphens) {
  for (const char* name : {"a", "Z", "0", ".", "_", "-", "The.Room_no-9", "..", "AZaz09"}) {
    EXPECT_TRUE(is_room_name(name)) << name;
  }
  for (const char* name : {"a b", "a/b", "a%20", "é", "a\n", "a?", "@", "[", "`", "{", ":", ","}) {
    EXPECT_FALSE(is_room_name(name)) << name;
  }
  EXPECT_FALSE(is_room_name(std::string_view("a\0", 2)));
}

TEST(RoomNames, HaveOneToSixtyFourCharacters) {
  EXPECT_FALSE(is_room_name(""));
  EXPECT_TRUE(is_room_name(std::string(64, 'r')));
  EXPECT_FALSE(is_room_name(std::string(65, 'r')));
}

}  // namespace
}  // namespace pushbench::wire

#include <gtest/gtest.h>

#include <string>

#include "tests/support/http_reading.h"
#include "wire/http.h"

namespace pushbench::wire {
namespace {

class HttpFields : public testing::Test {
 protected:
  const HttpMessage& parse(std::string_view headers) {
    const auto fed = parser_.feed("GET / HTTP/1.1\r\nHost: a\r\n" + std::string(headers) + "\r\n");
    EXPECT_TRUE(fed && fed->complete);
    return parser_.message();
  }

 private:
  HttpParser parser_{HttpParser::Kind::requests, {}};
};

TEST_F(HttpFields, AreFoundWithoutCase) {
  const HttpMessage& message = parse("Last-Event-ID: k3f9.17\r\n");
  EXPECT_EQ(message.header("Last-Event-ID"), "k3f9.17");
  EXPECT_EQ(message.header("last-event-id"), "k3f9.17");
  EXPECT_EQ(message.header("LAST-EVENT-ID"), "k3f9.17");
  EXPECT_TRUE(message.has_header("lAST-eVENT-iD"));
}

TEST_F(HttpFields, AreNotFoundByPartOfTheirName) {
  const HttpMessage& message = parse("Last-Event-ID: 17\r\n");
  EXPECT_FALSE(message.has_header("Last-Event"));
  EXPECT_FALSE(message.has_header("Last-Event-ID2"));
  EXPECT_FALSE(message.has_header(""));
  EXPECT_EQ(message.header("Event-ID"), "");
}

TEST_F(HttpFields, MayBeEmptyAndAreThereAllTheSame) {
  const HttpMessage& message = parse("X-Empty:\r\nX-Third: c\r\nX-Blank:  \t \r\n");
  EXPECT_EQ(message.header("x-empty"), "");
  EXPECT_TRUE(message.has_header("x-empty"));
  EXPECT_EQ(message.header("x-blank"), "");
  EXPECT_TRUE(message.has_header("x-blank"));
  EXPECT_EQ(message.header("x-third"), "c");
  EXPECT_FALSE(message.has_header("x-other"));
}

TEST(HttpFieldSplits, AnEmptyValueDoesNotSwallowTheNextHeader) {
  test::expect_http("GET / HTTP/1.1\r\nX-Empty:\r\nHost: a\r\nX-Other: \r\n\r\n",
                    {"GET / X-Empty= X-Other= []"});
  test::expect_http("GET / HTTP/1.1\r\nHost: a\r\nX-Empty: \t\r\nX-Other:b\r\n\r\n",
                    {"GET / X-Empty= X-Other=b []"});
}

/// Wherever in a head it stands: the parser looks at many bytes at once.
TEST(HttpFieldSplits, ALineThatEndsInAnotherWayOrIsContinuedIsRefusedAnywhere) {
  for (std::size_t length = 0; length < 40; ++length) {
    const std::string start = "GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(length, 'x');
    for (const char* end : {"\n", "\r", "\r\r\n", "\n\r\n", "\r\n b\r\n", "\r\n\tb\r\n"}) {
      HttpParser parser(HttpParser::Kind::requests, {});
      const auto fed = parser.feed(start + end + "Y: y\r\n\r\n");
      ASSERT_FALSE(fed) << length << " bytes and then " << testing::PrintToString(end);
      EXPECT_EQ(fed.error().status, 400);
    }
    HttpParser parser(HttpParser::Kind::requests, {});
    const auto fed = parser.feed(start + "\r\nY: y\r\n\r\n");
    EXPECT_TRUE(fed && fed->complete) << length;
  }
}

TEST(HttpFieldSplits, BlanksAroundAValueAreNotPartOfIt) {
  test::expect_http("GET / HTTP/1.1\r\nHost: \t here \t \r\nX-Empty:\tb c \r\n\r\n",
                    {"GET / Host=here X-Empty=b c []"});
}

TEST(HttpFieldSplits, AFoldedValueOfAResponseIsOneValue) {
  const test::HttpReading how{.kind = HttpParser::Kind::responses};
  test::expect_http("HTTP/1.1 204 \r\nX-Other: one\r\n two\r\nHost: b\r\n\r\n",
                    {"204 Host=b X-Other=one two []"}, how);
  test::expect_http("HTTP/1.1 204 \r\nX-Other:\r\n one\r\n\t\r\nHost: b\r\n\r\n",
                    {"204 Host=b X-Other=one []"}, how);
}

TEST_F(HttpFields, OfTheSameNameGiveTheFirst) {
  EXPECT_EQ(parse("X-Other: 1\r\nx-other: 2\r\n").header("X-Other"), "1");
}

TEST(HttpTokens, AreFoundAnywhereInAListWithoutCase) {
  EXPECT_TRUE(has_token("upgrade", "upgrade"));
  EXPECT_TRUE(has_token("keep-alive, Upgrade", "upgrade"));
  EXPECT_TRUE(has_token("UPGRADE,keep-alive", "upgrade"));
  EXPECT_TRUE(has_token(" a ,\tupgrade\t, b", "upgrade"));
  EXPECT_TRUE(has_token(",,upgrade,", "upgrade"));
}

TEST(HttpTokens, AreFoundWholeOnly) {
  EXPECT_FALSE(has_token("", "upgrade"));
  EXPECT_FALSE(has_token(",", "upgrade"));
  EXPECT_FALSE(has_token("upgrades", "upgrade"));
  EXPECT_FALSE(has_token("upgrad", "upgrade"));
  EXPECT_FALSE(has_token("keep-alive upgrade", "upgrade"));
  EXPECT_FALSE(has_token("x-upgrade", "upgrade"));
}

TEST(HttpTokens, AreComparedWithoutCaseInAsciiOnly) {
  EXPECT_TRUE(equals_ignoring_case("", ""));
  EXPECT_TRUE(equals_ignoring_case("AbZz09-", "aBzZ09-"));
  EXPECT_FALSE(equals_ignoring_case("a", "ab"));
  EXPECT_FALSE(equals_ignoring_case("[", "{"));  // 32 apart, as letters are
  EXPECT_FALSE(equals_ignoring_case("@", "`"));
}

}  // namespace
}  // namespace pushbench::wire

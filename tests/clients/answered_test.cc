#include "clients/answered.h"

#include <gmock/gmock.h>

#include <string>

#include "tests/clients/client_test.h"

namespace pushbench::test {
namespace {

using clients::answered;
using clients::in_one_line;
using testing::EndsWith;
using testing::StartsWith;

std::string answered_by(const std::string& bytes) {
  wire::HttpParser parser(wire::HttpParser::Kind::responses, {});
  const auto fed = parser.feed(bytes);
  EXPECT_TRUE(fed && fed->complete);
  return answered(parser.message());
}

TEST(OneLine, IsATextThatIsOneLine) {
  EXPECT_EQ(in_one_line("too long"), "too long");
  EXPECT_EQ(in_one_line("привет, мир"), "привет, мир");
  EXPECT_EQ(in_one_line(""), "");
}

TEST(OneLine, HasOneBlankForManyAndForControlCharacters) {
  EXPECT_EQ(in_one_line("\r\n <html>\r\n\t<head>\r\n"), "<html> <head>");
  EXPECT_EQ(in_one_line("\x1b[2Jgone\x07\x7f!"), "[2Jgone !");
  EXPECT_EQ(in_one_line("a\xc2\x9b"
                        "2Jb"),
            "a 2Jb");
  EXPECT_EQ(in_one_line(std::string_view("a\0b", 3)), "a b");
}

TEST(OneLine, IsCutBetweenCharacters) {
  EXPECT_EQ(in_one_line(std::string(200, 'a')), std::string(200, 'a'));
  EXPECT_EQ(in_one_line(std::string(201, 'a')), std::string(197, 'a') + "…");
  for (const std::string lead : {"", "a"}) {
    std::string text = lead;
    while (text.size() < 300) text += "д";
    const std::string line = in_one_line(text);
    EXPECT_THAT(line, StartsWith(lead + "дд"));
    EXPECT_THAT(line, EndsWith("д…"));
    EXPECT_GT(line.size(), 190U);
    EXPECT_LE(line.size(), 200U);
  }
}

TEST(OneLine, OfWhatIsNoUtf8HasItsAscii) { EXPECT_EQ(in_one_line("\x89PNG\xff"), "?PNG?"); }

TEST(Answered, SaysStatusAndBody) {
  EXPECT_EQ(answered_by(http("404 Not Found", "<html>\r\n<head>")), "answered 404 <html> <head>");
  EXPECT_EQ(answered_by(http("410 Gone", "")), "answered 410");
}

TEST(Answered, SaysWhereARedirectLeads) {
  EXPECT_EQ(answered_by(http("301 Moved Permanently", "", "Location: https://chat.example/\r\n")),
            "answered 301 (to https://chat.example/)");
  EXPECT_EQ(answered_by(http("304 Not Modified", "")), "answered 304");
}

}  // namespace
}  // namespace pushbench::test

#include "wire/nchan.h"

#include <gtest/gtest.h>

#include <string>

namespace pushbench::wire {
namespace {

void expect_message(std::string_view text, std::string_view id, std::string_view body) {
  const auto message = read_nchan_message(text);
  ASSERT_TRUE(message) << text << ": " << message.error().line();
  EXPECT_EQ(message->id, id) << text;
  EXPECT_EQ(message->body, body) << text;
}

TEST(NchanMessage, HasItsIdAndItsBody) {
  expect_message("id: 1450755280:0\ncontent-type: application/json\n\n{\"from\":\"ann\"}",
                 "1450755280:0", R"({"from":"ann"})");
}

TEST(NchanMessage, MayComeWithoutAType) {
  expect_message("id: 1450755280:17\n\nhello", "1450755280:17", "hello");
}

TEST(NchanMessage, MayHaveLinesThatNobodyKnowsAndAnyBody) {
  expect_message("x: y\nid: 1:2\n\n", "1:2", "");
  expect_message("id: 1:2\n\none\n\nid: 3:4\n\ntwo", "1:2", "one\n\nid: 3:4\n\ntwo");
}

TEST(NchanMessage, IsRefusedWhereverItsHeadIsCut) {
  const std::string head = "id: 1450755280:0\ncontent-type: application/json\n\n";
  for (std::size_t cut = 0; cut < head.size(); ++cut) {
    EXPECT_FALSE(read_nchan_message(head.substr(0, cut))) << cut;
  }
  expect_message(head, "1450755280:0", "");
}

TEST(NchanMessage, IsRefusedWithoutAnIdAndSaysWhatWouldBeRight) {
  for (const char* text : {"", "\n", "{\"from\":\"ann\"}\n\n", "id: \n\nhi", "id: 1\n\nhi",
                           "id: 1:\n\nhi", "id: :1\n\nhi", "id: 1:2 HTTP/1.1\r\n\n\nhi"}) {
    const auto message = read_nchan_message(text);
    ASSERT_FALSE(message) << text;
    EXPECT_EQ(message.error().line(),
              R"(message: does not begin with "id: TIME:TAG" and an empty line behind it)");
  }
}

}  // namespace
}  // namespace pushbench::wire

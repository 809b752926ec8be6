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

TEST(NchanPlace, IsTheIdOfTheLastMessageInWhateverFormatItIsTold) {
  EXPECT_EQ(read_nchan_place("queued messages: 1\nlast requested: 0 sec. ago\n"
                             "active subscribers: 1\nlast message id: 1795642484:12"),
            "1795642484:12");
  EXPECT_EQ(read_nchan_place("queued messages: 0\r\nlast message id: 0:0\r\n"), kNchanBeginning);
  EXPECT_EQ(read_nchan_place(R"({"messages": 1, "requested": 7, "last_message_id": "17:0" })"),
            "17:0");
  EXPECT_EQ(read_nchan_place("---\nmessages: 11\nlast_message_id: \"1795643329:0\"\n"),
            "1795643329:0");
}

TEST(NchanPlace, IsNoneWhereThereIsNoId) {
  for (const char* told : {"", "last", "last message id: ", "last message id: 17", "12:34",
                           "It works!", "last message id: 1:2:3"}) {
    EXPECT_EQ(read_nchan_place(told), std::nullopt) << told;
  }
}

}  // namespace
}  // namespace pushbench::wire

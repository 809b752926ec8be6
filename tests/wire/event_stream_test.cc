#include "wire/event_stream.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "tests/support/awkward_texts.h"
#include "wire/message.h"

namespace pushbench::wire {
namespace {

using Lines = std::vector<std::string>;

/// Writes down what a parser finds, one line an event: "type [data] id".
class EventLog final : public EventSink {
 public:
  Lines lines;

  void on_event(std::string_view type, std::string_view data, std::string_view id) override {
    lines.push_back(std::string(type) + " [" + std::string(data) + "]");
    if (!id.empty()) lines.back().append(" ").append(id);
  }
  void on_retry(std::uint64_t ms) override { lines.push_back("retry " + std::to_string(ms)); }
};

constexpr std::size_t kRoomy = 1024 * 1024;

/// A parser with its log; an error becomes the last line.
class Reading {
 public:
  explicit Reading(std::size_t max_event = kRoomy) : parser_(max_event) {}

  Reading& feed(std::string_view piece) {
    // In a block of just its size, so that the sanitizer sees a read beyond it.
    const std::vector<char> block(piece.begin(), piece.end());
    if (!parser_.feed({block.data(), block.size()}, log_)) log_.lines.emplace_back("error");
    return *this;
  }

  const Lines& lines() const { return log_.lines; }
  EventStreamParser& parser() { return parser_; }

 private:
  EventStreamParser parser_;
  EventLog log_;
};

/// However the bytes are cut, the parser finds this.
void expect_events(std::string_view bytes, const Lines& expected) {
  ASSERT_EQ(Reading().feed(bytes).lines(), expected) << bytes;
  for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
    ASSERT_EQ(Reading().feed(bytes.substr(0, cut)).feed(bytes.substr(cut)).lines(), expected)
        << bytes << ", cut at byte " << cut;
  }
  Reading in_bytes;
  for (std::size_t i = 0; i < bytes.size(); ++i) in_bytes.feed(bytes.substr(i, 1));
  ASSERT_EQ(in_bytes.lines(), expected) << bytes << ", byte by byte";
}

TEST(EventStream, TheStandardsExamplesAreRead) {
  expect_events(
      "data: This is the first message.\n\n"
      "data: This is the second message, it\ndata: has two lines.\n\n"
      "data: This is the third message.\n\n",
      {"message [This is the first message.]",
       "message [This is the second message, it\nhas two lines.]",
       "message [This is the third message.]"});
  expect_events("event: add\ndata: 73857293\n\nevent: remove\ndata: 2153\n\n",
                {"add [73857293]", "remove [2153]"});
  expect_events("data: YHOO\ndata: +2\ndata: 10\n\n", {"message [YHOO\n+2\n10]"});
}

TEST(EventStream, TheStandardsExampleOfIdsIsRead) {
  expect_events(
      ": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\n"
      "data:  third event\n\n",
      {"message [first event] 1", "message [second event]", "message [ third event]"});
}

TEST(EventStream, TheStandardsExampleOfEmptyDataIsRead) {
  expect_events("data\n\ndata\ndata\n\ndata:", {"message []", "message [\n]"});
}

TEST(EventStream, TheStandardsExampleOfASpaceIsRead) {
  expect_events("data:test\n\ndata: test\n\n", {"message [test]", "message [test]"});
}

TEST(EventStream, LinesEndInThreeWays) {
  for (const std::string_view end : {"\n", "\r", "\r\n"}) {
    const std::string e(end);
    expect_events("id: 1" + e + "data: a" + e + "data: b" + e + e + "data: c" + e + e,
                  {"message [a\nb] 1", "message [c] 1"});
  }
}

TEST(EventStream, LineEndsMayBeMixed) {
  expect_events("data: a\rdata: b\r\ndata: c\n\r\n", {"message [a\nb\nc]"});
  expect_events("data: a\n\rdata: b\r\r\ndata: c\r\n\r",
                {"message [a]", "message [b]", "message [c]"});
  expect_events("data: a\r\r\n\n\r\ndata: b\r\n\n", {"message [a]", "message [b]"});
}

TEST(EventStream, ACrEndsALineBeforeItsLfComes) {
  Reading reading;
  EXPECT_EQ(reading.feed("data: a\r\n\r").lines(), Lines{"message [a]"});
  EXPECT_EQ(reading.feed("\n").lines().size(), 1U);
  EXPECT_EQ(reading.feed("\ndata: b\r\r").lines().back(), "message [b]");
}

TEST(EventStream, OtherLineEndsAreNone) {
  for (const char* text : {"a\vb", "a\fb",
                           "a\xC2\x85"
                           "b",
                           "a\xE2\x80\xA8"
                           "b",
                           "a\xE2\x80\xA9"
                           "b"}) {
    expect_events("data: " + std::string(text) + "\n\n", {"message [" + std::string(text) + "]"});
  }
}

TEST(EventStream, AByteOrderMarkAtTheStartIsDropped) {
  expect_events(
      "\xEF\xBB\xBF"
      "data: a\n\n",
      {"message [a]"});
  expect_events("\xEF\xBB\xBF:\ndata: a\n\n", {"message [a]"});
  expect_events("\xEF\xBB\xBF\ndata: a\n\n", {"message [a]"});
}

TEST(EventStream, AByteOrderMarkElsewhereIsText) {
  expect_events(
      "\xEF\xBB\xBF\xEF\xBB\xBF"
      "data: a\n\n",
      {});
  expect_events(
      "\n\xEF\xBB\xBF"
      "data: a\n\n",
      {});
  expect_events(
      ":\n\xEF\xBB\xBF"
      "data: a\ndata: \xEF\xBB\xBF"
      "b\n\n",
      {"message [\xEF\xBB\xBF"
       "b]"});
  expect_events(
      "\xEF\xBB"
      "data: a\n\n",
      {});
}

TEST(EventStream, AnEventHasTheTypeItIsGiven) {
  expect_events("event: a\ndata: 1\n\ndata: 2\n\n", {"a [1]", "message [2]"});
  expect_events("event: a\nevent: b\ndata: 1\n\n", {"b [1]"});
  expect_events("event: a\nevent\ndata: 1\n\n", {"message [1]"});
  expect_events("event: a\n\ndata: 1\n\n", {"message [1]"});  // a type alone is no event
}

TEST(EventStream, AnIdStaysUntilTheNext) {
  expect_events("id: 1\ndata: a\n\ndata: b\n\nid: 2\ndata: c\n\n",
                {"message [a] 1", "message [b] 1", "message [c] 2"});
}

TEST(EventStream, AnIdAloneIsTakenWithoutAnEvent) {
  expect_events("id: 1\n\ndata: a\n\n", {"message [a] 1"});
  Reading reading;
  reading.feed("id: 1\n\n");
  EXPECT_EQ(reading.parser().last_event_id(), "1");
}

TEST(EventStream, AnEmptyIdForgetsTheLast) {
  expect_events("id: 1\ndata: a\n\nid:\ndata: b\n\n", {"message [a] 1", "message [b]"});
  expect_events("id: 1\ndata: a\n\nid\ndata: b\n\n", {"message [a] 1", "message [b]"});
}

TEST(EventStream, AnIdWithANullIsIgnored) {
  using namespace std::string_literals;
  expect_events("id: 1\ndata: a\n\nid: 2\0\ndata: b\n\nid: \0\ndata: c\n\n"s,
                {"message [a] 1", "message [b] 1", "message [c] 1"});
}

TEST(EventStream, AnIdIsTakenAsItStands) {
  expect_events("id:  k3f9.17 \ndata: a\n\n", {"message [a]  k3f9.17 "});
  expect_events("id: a:b\ndata: a\n\n", {"message [a] a:b"});
}

TEST(EventStream, AnUnfinishedEventIsDroppedWithItsId) {
  expect_events("id: 1\ndata: a\n\nid: 2\ndata: b\n", {"message [a] 1"});
  Reading reading;
  reading.feed("id: 1\ndata: a\n\nid: 2\ndata: b\n");
  EXPECT_EQ(reading.parser().last_event_id(), "1");
}

TEST(EventStream, ANewConnectionBeginsAnewButForTheLastId) {
  Reading reading;
  reading.feed("id: 1\ndata: a\n\nevent: x\nid: 2\ndata: b\nda");
  reading.parser().reset();
  EXPECT_EQ(reading.parser().last_event_id(), "1");
  reading.feed(
      "\xEF\xBB\xBF"
      "data: c\n\n");
  EXPECT_EQ(reading.lines(), (Lines{"message [a] 1", "message [c] 1"}));
}

TEST(EventStream, ALfAfterTheCrOfAnotherConnectionIsALineOfItsOwn) {
  Reading reading;
  reading.feed("data: a\r");
  reading.parser().reset();
  reading.feed("\ndata: b\n\n");
  EXPECT_EQ(reading.lines(), Lines{"message [b]"});
}

TEST(EventStream, TheTimeToRetryIsDigitsOnly) {
  expect_events("retry: 2000\n\nretry:7\nretry:  8\nretry: 007\n",
                {"retry 2000", "retry 7", "retry 7"});
  for (const char* value :
       {"", " ", "1s", "-1", "+1", "1.5", "0x1", "1 ", "\xD9\xA1", "18446744073709551616"}) {
    expect_events("retry:" + std::string(value) + "\ndata: a\n\n", {"message [a]"});
  }
  expect_events("retry\ndata: a\n\n", {"message [a]"});
}

TEST(EventStream, CommentsAreDropped) {
  expect_events(":\n\n: data: a\n\n:data: a\n\n", {});
  expect_events("data: a\n:\n: comment\ndata: b\n\n", {"message [a\nb]"});
  expect_events(std::string(kKeepAlive).append("data: a").append(kEventEnd), {"message [a]"});
}

TEST(EventStream, OtherFieldsAreIgnored) {
  expect_events("datum: a\nDATA: a\nData: a\ndata : a\n data: a\nid : 1\nretry : 1\n\n", {});
  expect_events("x\ndata: a\ny: z\n\n", {"message [a]"});
}

TEST(EventStream, OnlyOneSpaceAfterTheColonIsDropped) {
  expect_events("data:  a\n\ndata:\ta\n\ndata: \n\ndata:  \n\n",
                {"message [ a]", "message [\ta]", "message []", "message [ ]"});
  expect_events("data::a\n\ndata: b:c: d\n\n", {"message [:a]", "message [b:c: d]"});
}

TEST(EventStream, WhatIsNotUtf8IsPassedOn) {
  expect_events("data: \xFF\xC0\x80\n\n", {"message [\xFF\xC0\x80]"});
}

TEST(EventStream, BlankLinesAreNoEvents) { expect_events("\n\n\r\n\r\r\n\n", {}); }

TEST(EventStreamLimit, AnEventAtTheLimitIsTaken) {
  const std::string event = "data: 12345678\n\n";
  for (std::size_t cut = 0; cut < event.size(); ++cut) {
    Reading reading(14);
    reading.feed(event.substr(0, cut)).feed(event.substr(cut)).feed(event);
    EXPECT_EQ(reading.lines(), (Lines{"message [12345678]", "message [12345678]"}));
  }
}

TEST(EventStreamLimit, ALineOverTheLimitIsRefused) {
  for (const char* bytes : {"data: 123456789\n\n", "data: 123456789", ":12345678901234",
                            "id: 12345678901", "\n\nevent: 12345678\n"}) {
    const std::string_view all(bytes);
    for (std::size_t cut = 0; cut < all.size(); ++cut) {
      Reading reading(14);
      reading.feed(all.substr(0, cut));
      if (reading.lines().empty()) reading.feed(all.substr(cut));
      EXPECT_EQ(reading.lines(), Lines{"error"}) << all << ", cut at byte " << cut;
    }
  }
}

TEST(EventStreamLimit, ManyLinesOverTheLimitAreRefused) {
  Reading reading(100);
  for (int i = 0; i < 60 && reading.lines().empty(); ++i) reading.feed("data: x\n");
  EXPECT_EQ(reading.lines(), Lines{"error"});
}

TEST(EventStreamLimit, CommentsWithoutEndAreFine) {
  Reading reading(100);
  for (int i = 0; i < 1000; ++i) reading.feed(": still here\n");
  EXPECT_EQ(reading.feed("data: a\n\n").lines(), Lines{"message [a]"});
}

TEST(EventStreamLimit, AfterAnErrorANewConnectionIsFine) {
  Reading reading(10);
  reading.feed("id: 1\n\n").feed("data: 1234567890");
  reading.parser().reset();
  reading.feed("data: a\n\n");
  EXPECT_EQ(reading.lines(), (Lines{"error", "message [a] 1"}));
}

/// As a server sends a batch, and as the client gets it back.
std::string encoded(const std::string& batch) {
  return event_start("k3f9.17").append(batch).append(kEventEnd);
}

TEST(EventStreamEncoding, IsAsTheStandardSays) {
  EXPECT_EQ(encoded("[]"), "id: k3f9.17\ndata: []\n\n");
  EXPECT_EQ(kKeepAlive, ":\n\n");
  EXPECT_EQ(retry_line(2000), "retry: 2000\n\n");
  expect_events(retry_line(2000) + encoded("[]"), {"retry 2000", "message [[]] k3f9.17"});
}

TEST(EventStreamEncoding, NoTextCanForgeAnEvent) {
  std::vector<std::string> texts = test::awkward_texts();
  for (const char* forged :
       {"\n\ndata: forged\n\n", "\r\rid: 9\r\r", "\r\n\r\nretry: 1\r\n\r\n", "\nevent: forged\n",
        "\xEF\xBB\xBF"
        "data: forged\n\n",
        "\\n\\ndata: forged\\n\\n",
        "\xC2\x85\xC2\x85"
        "data: forged"}) {
    texts.emplace_back(forged);
  }
  std::string all = "[";
  for (const std::string& text : texts) {
    std::string batch = "[";
    append_message(batch, {1, text, text, text, 1});
    append_message(batch += ',', {2, "ann", text, "", 2});
    append_message(all += all.size() > 1 ? "," : "", {3, text, text, text, 3});
    batch += ']';
    expect_events(encoded(batch), {"message [" + batch + "] k3f9.17"});
  }
  all += ']';
  expect_events(encoded(all) + encoded("[]"),
                {"message [" + all + "] k3f9.17", "message [[]] k3f9.17"});
}

}  // namespace
}  // namespace pushbench::wire

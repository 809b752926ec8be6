#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/awkward_texts.h"
#include "wire/message.h"

namespace pushbench::wire {
namespace {

/// Writes down what a batch holds, one line an item.
class BatchLog final : public BatchSink {
 public:
  std::vector<std::string> items;

  void on_message(const Message& m) override {
    items.push_back(fmt::format("{} {} {} {} {}", m.seq, m.from, m.text, m.id, m.at));
  }
  void on_gap(const Gap& g) override {
    items.push_back(
        fmt::format("gap {} {} {} {} {}", g.reason, g.after, g.oldest, g.last, g.epoch));
  }
  void on_problem(std::string_view detail) override {
    items.push_back("problem " + std::string(detail));
  }
};

std::vector<std::string> read(std::string_view json) {
  BatchReader reader;
  BatchLog log;
  const auto result = reader.read(json, log);
  EXPECT_TRUE(result) << json << ": " << result.error().line();
  return log.items;
}

std::string refusal(std::string_view json) {
  BatchReader reader;
  BatchLog log;
  const auto result = reader.read(json, log);
  EXPECT_FALSE(result) << json;
  return result ? "" : result.error().line();
}

const Message kMessage{.seq = 17, .from = "ann", .text = "hi", .id = "a1", .at = 1764000000000};

TEST(BatchEncoding, WritesAMessageByteForByte) {
  std::string out = "[";
  append_message(out, kMessage);
  EXPECT_EQ(out + "]", R"([{"seq":17,"from":"ann","text":"hi","id":"a1","at":1764000000000}])");
}

TEST(BatchEncoding, LeavesOutAnIdThatIsNotThere) {
  std::string out;
  append_message(out, {.seq = 1, .from = "b", .text = "x", .id = "", .at = 0});
  EXPECT_EQ(out, R"({"seq":1,"from":"b","text":"x","at":0})");
}

TEST(BatchEncoding, WritesAGapByteForByte) {
  std::string out;
  append_gap(out, {.reason = "expired", .after = 17, .oldest = 21, .last = 40, .epoch = "k3f9"});
  EXPECT_EQ(out, R"({"gap":{"reason":"expired","after":17,"oldest":21,"last":40,"epoch":"k3f9"}})");
}

TEST(BatchEncoding, WritesAProblemByteForByte) {
  EXPECT_EQ(encode_problem(404, "Not Found", R"(no room "x")"),
            R"({"status":404,"title":"Not Found","detail":"no room \"x\""})");
}

TEST(Quoting, EscapesWhatJsonMust) {
  std::string out = "text: ";
  append_quoted(out, std::string_view("a\"b\\c\nd\te\r\x01\x1f\0/ß\x7f", 17));
  EXPECT_EQ(out, "text: \"a\\\"b\\\\c\\nd\\u0009e\\u000d\\u0001\\u001f\\u0000/ß\x7f\"");
}

TEST(Quoting, EscapesAtBothEndsAndNextToEachOther) {
  std::string out;
  append_quoted(out, "\"\"a\\\n");
  append_quoted(out, "");
  append_quoted(out, "plain");
  EXPECT_EQ(out, R"("\"\"a\\\n""""plain")");
}

// A line of an event stream may hold a batch because of this.
TEST(Quoting, LeavesNoLineBreak) {
  for (const std::string& text : test::awkward_texts()) {
    std::string out;
    append_quoted(out, text);
    EXPECT_EQ(out.find_first_of("\r\n"), std::string::npos);
  }
}

TEST(BatchReading, FindsMessagesInOrder) {
  EXPECT_EQ(read(R"([{"seq":1,"from":"a","text":"x","id":"i","at":5},)"
                 R"({"seq":2,"from":"b","text":"y","at":6}])"),
            (std::vector<std::string>{"1 a x i 5", "2 b y  6"}));
}

TEST(BatchReading, FindsNothingInAnEmptyBatch) {
  EXPECT_EQ(read("[]"), std::vector<std::string>{});
}

TEST(BatchReading, FindsAGapBeforeTheMessages) {
  std::string json = "[";
  append_gap(json, {.reason = "restarted", .after = 9, .oldest = 1, .last = 2, .epoch = "zz"});
  json += ",";
  append_message(json, kMessage);
  json += "]";
  EXPECT_EQ(read(json),
            (std::vector<std::string>{"gap restarted 9 1 2 zz", "17 ann hi a1 1764000000000"}));
}

TEST(BatchReading, FindsTheDetailOfAProblem) {
  const std::string json = "{\"problem\":" + encode_problem(400, "Bad Request", "text: x") + "}";
  EXPECT_EQ(read(json), std::vector<std::string>{"problem text: x"});
}

TEST(BatchReading, IgnoresMembersThatItDoesNotKnow) {
  EXPECT_EQ(read(R"([{"new":{},"seq":1,"from":"a","text":"x","at":5,"more":[1]}])"),
            std::vector<std::string>{"1 a x  5"});
}

TEST(BatchReading, KeepsTheLargestNumbers) {
  EXPECT_EQ(read(R"([{"seq":18446744073709551615,"from":"a","text":"x","at":-1}])"),
            std::vector<std::string>{"18446744073709551615 a x  -1"});
}

TEST(BatchReading, KeepsAwkwardText) {
  for (const std::string& text : test::awkward_texts()) {
    std::string json = "[";
    append_message(json, {.seq = 3, .from = text, .text = text, .id = text, .at = 4});
    json += "]";
    EXPECT_EQ(read(json), std::vector<std::string>{fmt::format("3 {} {} {} 4", text, text, text)});
  }
}

TEST(BatchReading, RefusesWhatIsNotJson) {
  for (const char* json : {"", "x", "[", "[}", "[]]", R"([{"seq":1)", "[\"\xff\"]", "[],"}) {
    EXPECT_EQ(refusal(json), "batch: is not JSON") << json;
  }
}

TEST(BatchReading, RefusesWhatIsNotAnArray) {
  for (const char* json : {"{}", "null", "7", R"("x")", R"({"problem":7})", R"({"problem":{}})",
                           R"({"problem":{"detail":7}})", R"({"seq":1})"}) {
    EXPECT_EQ(refusal(json), "batch: is not a JSON array") << json;
  }
}

TEST(BatchReading, RefusesAMessageThatLacksAField) {
  for (const char* json :
       {"[7]", "[null]", "[[]]", "[{}]", R"([{"from":"a","text":"x","at":5}])",
        R"([{"seq":1,"text":"x","at":5}])", R"([{"seq":1,"from":"a","at":5}])",
        R"([{"seq":1,"from":"a","text":"x"}])", R"([{"seq":"1","from":"a","text":"x","at":5}])",
        R"([{"seq":-1,"from":"a","text":"x","at":5}])",
        R"([{"seq":1.5,"from":"a","text":"x","at":5}])",
        R"([{"seq":1,"from":null,"text":"x","at":5}])",
        R"([{"seq":1,"from":"a","text":"x","at":5,"id":7}])"}) {
    EXPECT_EQ(refusal(json), "batch: has a message that lacks a field") << json;
  }
}

TEST(BatchReading, RefusesAGapThatLacksAField) {
  for (const char* json :
       {R"([{"gap":7}])", R"([{"gap":{}}])",
        R"([{"gap":{"after":1,"oldest":2,"last":3,"epoch":"e"}}])",
        R"([{"gap":{"reason":"expired","oldest":2,"last":3,"epoch":"e"}}])",
        R"([{"gap":{"reason":"expired","after":1,"last":3,"epoch":"e"}}])",
        R"([{"gap":{"reason":"expired","after":1,"oldest":2,"epoch":"e"}}])",
        R"([{"gap":{"reason":"expired","after":1,"oldest":2,"last":3}}])",
        R"([{"gap":{"reason":"expired","after":"1","oldest":2,"last":3,"epoch":"e"}}])"}) {
    EXPECT_EQ(refusal(json), "batch: has a gap that lacks a field") << json;
  }
}

TEST(BatchReading, RefusesNothingAtAll) {
  EXPECT_EQ(refusal(""), "batch: is not JSON");
  EXPECT_EQ(refusal(std::string_view()), "batch: is not JSON");  // which points nowhere
}

TEST(BatchReading, ReadsAnewAfterARefusal) {
  BatchReader reader;
  BatchLog log;
  EXPECT_FALSE(reader.read("[", log));
  EXPECT_TRUE(reader.read(R"([{"seq":1,"from":"a","text":"x","at":5}])", log));
  EXPECT_EQ(log.items, std::vector<std::string>{"1 a x  5"});
}

}  // namespace
}  // namespace pushbench::wire

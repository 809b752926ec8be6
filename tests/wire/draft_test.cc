#include <gtest/gtest.h>

#include <string>

#include "tests/support/awkward_texts.h"
#include "wire/message.h"

namespace pushbench::wire {
namespace {

class Drafts : public testing::Test {
 protected:
  void expect_draft(std::string_view json, std::string_view from, std::string_view text,
                    std::string_view id) {
    const auto draft = reader_.read(json);
    ASSERT_TRUE(draft) << json << ": " << draft.error().line();
    EXPECT_EQ(draft->from, from) << json;
    EXPECT_EQ(draft->text, text) << json;
    EXPECT_EQ(draft->id, id) << json;
  }

  std::string refusal(std::string_view json) {
    const auto draft = reader_.read(json);
    EXPECT_FALSE(draft) << json;
    return draft ? "" : draft.error().line();
  }

  void expect_not_an_object(std::string_view json) {
    EXPECT_EQ(refusal(json),
              R"(body: is not a JSON object in UTF-8; send {"from":"ann","text":"hi"})");
  }

 private:
  DraftReader reader_{DraftLimits{.from = 8, .text = 16, .id = 4}};
};

TEST_F(Drafts, AreReadWithAndWithoutAnId) {
  expect_draft(R"({"from":"ann","text":"hi"})", "ann", "hi", "");
  expect_draft(R"({"from":"ann","text":"hi","id":"a1"})", "ann", "hi", "a1");
}

TEST_F(Drafts, AreReadInAnyOrderAndWithBlanks) {
  expect_draft(" {\n \"id\" : \"a1\" ,\t\"text\":\"hi\",\r\n\"from\":\"ann\" } \n", "ann", "hi",
               "a1");
}

TEST_F(Drafts, MayHaveMembersThatNobodyKnows) {
  expect_draft(R"({"seq":7,"from":"ann","extra":{"text":"no"},"text":"hi","at":[null]})", "ann",
               "hi", "");
}

TEST_F(Drafts, AreReadWithEscapes) {
  expect_draft(R"({"fr\u006fm":"\u0061nn","text":"\"\\\/\n\u00e9\ud83d\ude00"})", "ann",
               "\"\\/\né😀", "");
  expect_draft(R"({"from":"a","text":"b\u0000c"})", "a", std::string_view("b\0c", 3), "");
}

TEST_F(Drafts, MustSayFromAndText) {
  EXPECT_EQ(refusal(R"({"text":"hi"})"), R"(from: is missing; send {"from":"ann","text":"hi"})");
  EXPECT_EQ(refusal(R"({"from":"ann"})"), R"(text: is missing; send {"from":"ann","text":"hi"})");
  EXPECT_EQ(refusal("{}"), R"(from: is missing; send {"from":"ann","text":"hi"})");
  EXPECT_EQ(refusal(R"({"From":"ann","text":"hi"})"),
            R"(from: is missing; send {"from":"ann","text":"hi"})");
}

TEST_F(Drafts, MustHaveStrings) {
  EXPECT_EQ(refusal(R"({"from":7,"text":"hi"})"), "from: must be a string");
  EXPECT_EQ(refusal(R"({"from":"ann","text":null})"), "text: must be a string");
  EXPECT_EQ(refusal(R"({"from":"ann","text":["hi"]})"), "text: must be a string");
  EXPECT_EQ(refusal(R"({"from":"ann","text":{"text":"hi"}})"), "text: must be a string");
  EXPECT_EQ(refusal(R"({"from":"ann","text":"hi","id":1})"), "id: must be a string");
  EXPECT_EQ(refusal(R"({"from":"ann","text":"hi","id":null})"), "id: must be a string");
}

TEST_F(Drafts, MayNotBeEmpty) {
  EXPECT_EQ(refusal(R"({"from":"","text":"hi"})"),
            "from: is empty; give it at least one character");
  EXPECT_EQ(refusal(R"({"from":"ann","text":""})"),
            "text: is empty; give it at least one character");
  EXPECT_EQ(refusal(R"({"from":"ann","text":"hi","id":""})"),
            "id: is empty; give it at least one character");
}

TEST_F(Drafts, AreBoundedInBytes) {
  expect_draft(R"({"from":"12345678","text":"1234567890123456","id":"1234"})", "12345678",
               "1234567890123456", "1234");
  EXPECT_EQ(refusal(R"({"from":"123456789","text":"hi"})"),
            "from: is 9 bytes long; at most 8 are taken");
  EXPECT_EQ(refusal(R"({"from":"ann","text":"12345678901234567"})"),
            "text: is 17 bytes long; at most 16 are taken");
  EXPECT_EQ(refusal(R"({"from":"ann","text":"hi","id":"12345"})"),
            "id: is 5 bytes long; at most 4 are taken");
  EXPECT_EQ(refusal(R"({"from":"ääääé","text":"hi"})"),
            "from: is 10 bytes long; at most 8 are taken");
}

TEST_F(Drafts, MustBeUtf8) {
  expect_not_an_object("{\"from\":\"ann\",\"text\":\"\xff\"}");
  expect_not_an_object("{\"from\":\"ann\",\"text\":\"\xc3\"}");
  expect_not_an_object("{\"from\":\"ann\",\"text\":\"\xed\xa0\x80\"}");
  expect_not_an_object("{\"from\":\"ann\",\"text\":\"hi\",\"other\":\"\x80\"}");
}

TEST_F(Drafts, MayNotHoldHalfACharacter) {
  expect_not_an_object(R"({"from":"ann","text":"\ud800"})");
  expect_not_an_object(R"({"from":"ann","text":"\udc00"})");
  expect_not_an_object(R"({"from":"ann","text":"\udc00\ud800"})");
  expect_not_an_object(R"({"from":"ann","text":"\ud800\u0041"})");
}

TEST_F(Drafts, MustBeOneObject) {
  for (const char* json : {"", " ", "null", "7", R"("from")", "[]", R"([{"from":"a","text":"b"}])",
                           "{", "}", R"({"from":"ann","text":"hi")", R"({"from":"ann","text":"hi})",
                           R"({"from":"ann","text":"hi"} x)", R"({"from":"ann","text":"hi"}{})",
                           R"({"from":"ann","text":"hi",})", R"({from:"ann",text:"hi"})",
                           R"({'from':'ann','text':'hi'})", "\xEF\xBB\xBF{}", "\xff"}) {
    expect_not_an_object(json);
  }
  expect_not_an_object("{\"from\":\"ann\",\"text\":\"two\nlines\"}");
  expect_not_an_object(std::string(5000, '['));
}

TEST_F(Drafts, ReadAnewAfterARefusal) {
  refusal("{");
  expect_draft(R"({"from":"ann","text":"hi"})", "ann", "hi", "");
  refusal(R"({"from":"ann"})");
  expect_draft(R"({"from":"bob","text":"ho"})", "bob", "ho", "");
}

TEST_F(Drafts, RefuseNothingAtAll) {
  expect_not_an_object("");
  expect_not_an_object(std::string_view());  // which points nowhere
}

TEST(DraftRoundTrips, KeepAwkwardText) {
  DraftReader reader({});
  for (const std::string& text : test::awkward_texts()) {
    const std::string json = encode_draft({.from = text, .text = text + "!", .id = text});
    const auto draft = reader.read(json);
    ASSERT_TRUE(draft) << json << ": " << draft.error().line();
    EXPECT_EQ(draft->from, text);
    EXPECT_EQ(draft->text, text + "!");
    EXPECT_EQ(draft->id, text);
  }
}

TEST(DraftEncoding, LeavesOutAnIdThatIsNotThere) {
  EXPECT_EQ(encode_draft({.from = "ann", .text = "hi", .id = ""}), R"({"from":"ann","text":"hi"})");
  EXPECT_EQ(encode_draft({.from = "ann", .text = "hi", .id = "a1"}),
            R"({"from":"ann","text":"hi","id":"a1"})");
}

class PassedOnDrafts : public testing::Test {
 protected:
  BatchReader reader_;
};

TEST_F(PassedOnDrafts, AreReadAtAnyLength) {
  const std::string text(100'000, 'x');
  const std::string json = encode_draft({"ann", text, "a1"});
  const auto draft = reader_.read_draft(json);
  ASSERT_TRUE(draft);
  EXPECT_EQ(draft->from, "ann");
  EXPECT_EQ(draft->text, text);
  EXPECT_EQ(draft->id, "a1");
}

TEST_F(PassedOnDrafts, AreReadWithAndWithoutAnId) {
  const auto draft = reader_.read_draft(R"( {"text":"h\u00e9","at":7,"from":"ann"} )");
  ASSERT_TRUE(draft);
  EXPECT_EQ(draft->text, "hé");
  EXPECT_EQ(draft->id, "");
}

TEST_F(PassedOnDrafts, AreRefusedWhereTheyAreNone) {
  const std::string whole = R"({"from":"ann","text":"hi","id":"a1"})";
  for (std::size_t cut = 0; cut < whole.size(); ++cut) {
    EXPECT_FALSE(reader_.read_draft(whole.substr(0, cut))) << cut;
  }
  for (const char* json : {"[]", R"({"from":"ann"})", R"({"text":"hi"})",
                           R"({"from":7,"text":"hi"})", R"({"from":"a","text":"b","id":null})"}) {
    const auto draft = reader_.read_draft(json);
    ASSERT_FALSE(draft) << json;
    EXPECT_EQ(draft.error().line(),
              R"(message: is no draft, such as {"from":"ann","text":"hi","id":"a1"})");
  }
}

}  // namespace
}  // namespace pushbench::wire

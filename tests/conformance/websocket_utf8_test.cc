#include "tests/conformance/websocket_cases.h"

namespace pushbench::test {
namespace {

const std::vector<std::string>& good_texts() {
  static const std::vector<std::string> texts = {
      "Hello-\xC2\xB5@\xC3\x9F\xC3\xB6\xC3\xA4\xC3\xBC\xC3\xA0\xC3\xA1-UTF-8!!",
      "\xCE\xBA\xE1\xBD\xB9\xCF\x83\xCE\xBC\xCE\xB5",
      "\xE4\xBD\xA0\xE5\xA5\xBD \xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D",
      "\xF0\x9F\x98\x80\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA7",
      std::string(1, '\0'),
      "\x7F",
      "\xC2\x80",          // the first of two bytes
      "\xDF\xBF",          // and the last
      "\xE0\xA0\x80",      // of three
      "\xEF\xBF\xBF",      // a noncharacter, but a code point
      "\xED\x9F\xBF",      // the last before the surrogates
      "\xEE\x80\x80",      // the first after them
      "\xEF\xBF\xBD",      // the replacement character
      "\xF0\x90\x80\x80",  // the first of four
      "\xF4\x8F\xBF\xBF",  // the last of all
      "\xEF\xB7\x90",      // U+FDD0
      "\xF0\x9F\xBF\xBE",  // U+1FFFE
      "\xF3\xBF\xBF\xBF",  // U+FFFFF
      "\xEF\xBB\xBF a mark in front stays",
  };
  return texts;
}

struct BadText {
  std::string bytes;
  std::size_t shows_after;  // so many of them no text can begin with
};

const std::vector<BadText>& bad_texts() {
  static const std::vector<BadText> texts = {
      {"\x80", 1},  // continues nothing
      {"\xBF", 1},
      {"a\x80", 2},
      {"\xC0\x80", 1},  // overlong U+0000
      {"\xC1\xBF", 1},  // overlong U+007F
      {"\xC3(", 2},     // not continued
      {"\xC3\xC3", 2},
      {"\xE0\x80\xAF", 2},  // overlong '/'
      {"\xE0\x9F\xBF", 2},  // overlong U+07FF
      {"\xE2\x82(", 3},
      {"\xE2(\xA1", 2},
      {"\xED\xA0\x80", 2},  // U+D800
      {"\xED\xAD\xBF", 2},
      {"\xED\xBF\xBF", 2},              // U+DFFF
      {"\xED\xA0\x80\xED\xB0\x80", 2},  // a pair of them
      {"\xF0\x80\x80\xAF", 2},
      {"\xF0\x8F\xBF\xBF", 2},  // overlong U+FFFF
      {"\xF0\x9F\x98(", 4},
      {"\xF0(\x8C\xBC", 2},
      {"\xF4\x90\x80\x80", 2},  // U+110000
      {"\xF5\x80\x80\x80", 1},
      {"\xF8\x88\x80\x80\x80", 1},  // five bytes
      {"\xFC\x84\x80\x80\x80\x80", 1},
      {"\xFE", 1},
      {"\xFF", 1},
      {"\xCE\xBA\xE1\xBD\xB9\xCF\x83\xCE\xBC\xCE\xB5\xED\xA0\x80 edited", 13},
      {"\xCE\xBA\xE1\xBD\xB9\xCF\x83\xCE\xBC\xCE\xB5\xF4\x90\x80\x80 edited", 13},
  };
  return texts;
}

const std::vector<std::string>& cut_off_texts() {
  static const std::vector<std::string> texts = {"\xC3",     "\xE2\x82",     "\xE0\xA0",
                                                 "\xF0\x9F", "\xF0\x9F\x98", "good \xF4\x8F\xBF"};
  return texts;
}

class Utf8 : public Cases {};

TEST_P(Utf8, TakesGoodTextHoweverItIsCut) {
  for (const std::string& good : good_texts()) expect_however_cut({text(good)}, {"text " + good});
}

TEST_P(Utf8, TakesGoodTextInFragmentsCutAtEveryByte) {
  for (const std::string& good : good_texts()) {
    expect(in_fragments(0x01, good, 1), {"text " + good});
    for (std::size_t cut = 0; cut <= good.size(); ++cut) {
      expect({first_of_text(good.substr(0, cut)), ping(""), last(good.substr(cut))},
             {"ping ", "text " + good});
    }
  }
}

TEST_P(Utf8, RefusesBadTextHoweverItIsCut) {
  for (const auto& [bad, shows_after] : bad_texts()) {
    expect_however_cut({text("before"), text(bad), text("after")}, {"text before", "error 1007"});
  }
}

TEST_P(Utf8, RefusesBadTextInFragmentsCutAtEveryByte) {
  for (const auto& [bad, shows_after] : bad_texts()) {
    expect(in_fragments(0x01, bad, 1), {"error 1007"});
    for (std::size_t cut = 0; cut <= bad.size(); ++cut) {
      expect({first_of_text(bad.substr(0, cut)), last(bad.substr(cut))}, {"error 1007"});
    }
  }
}

TEST_P(Utf8, RefusesTextThatEndsWithinACharacter) {
  for (const std::string& cut_off : cut_off_texts()) {
    expect_however_cut({text(cut_off)}, {"error 1007"});
    expect(in_fragments(0x01, cut_off, 1), {"error 1007"});
    expect({first_of_text(cut_off), last("")}, {"error 1007"});
  }
}

// The close comes while most of the message has not even been sent.
TEST_P(Utf8, FailsAtTheBadByteWithinAFrame) {
  const std::string rest(1000, 'x');
  for (const auto& [bad, shows_after] : bad_texts()) {
    const std::size_t unsent = bad.size() - shows_after + rest.size();
    expect_failure_before_the_end({text(bad + rest)}, unsent, {"error 1007"});
    expect_failure_before_the_end({text("before"), text("good " + bad + rest)}, unsent,
                                  {"text before", "error 1007"});
  }
}

TEST_P(Utf8, FailsAtTheBadByteWithinAMessage) {
  for (const auto& [bad, shows_after] : bad_texts()) {
    expect_failure_before_the_end({first_of_text("good "), ping("p"), next(bad)},
                                  bad.size() - shows_after, {"ping p", "error 1007"});
    for (std::size_t cut = 0; cut < shows_after; ++cut) {
      expect_failure_before_the_end({first_of_text(bad.substr(0, cut)), next(bad.substr(cut))},
                                    bad.size() - shows_after, {"error 1007"});
    }
  }
}

TEST_P(Utf8, DoesNotLookIntoBinaryMessages) {
  for (const auto& [bad, shows_after] : bad_texts()) {
    expect_however_cut({binary(bad)}, {"binary " + bad});
    expect(in_fragments(0x02, bad, 1), {"binary " + bad});
  }
}

TEST_P(Utf8, EachMessageBeginsAnew) {
  expect({binary("\xF0\x9F"), text("a"), first_of_text("\xC3"), last("\x9F"), text("\xE2\x82\xAC")},
         {"binary \xF0\x9F", "text a", "text \xC3\x9F", "text \xE2\x82\xAC"});
}

PUSHBENCH_BOTH_SIDES(Utf8);

}  // namespace
}  // namespace pushbench::test

#pragma once

#include <string>
#include <vector>

namespace pushbench::test {

/// Texts that a codec may get wrong, all of them UTF-8.
inline std::vector<std::string> awkward_texts() {
  std::string controls;
  for (char c = 1; c < 0x20; ++c) controls += c;
  return {
      "plain",
      R"(she said "hi" and left)",
      R"(back\slash \n \u0041 \)",
      "{\"from\":\"x\"}],[",
      controls,
      std::string("em\0bedded", 9),
      std::string(1, '\0'),
      "\x7f",
      "line\nbreak\r\nand\ttab",
      "\xE2\x80\xA8 and \xE2\x80\xA9",  // U+2028 and U+2029, which end lines in JavaScript
      "Grüße, 你好, שלום",
      "😀👩‍👩‍👧‍👦",
      "\xEF\xBF\xBD\xEF\xBF\xBF\xF4\x8F\xBF\xBF",  // U+FFFD, U+FFFF, U+10FFFF
      "</script><!--",
      "data: x\n\nid: 7\n",
      " ",
  };
}

}  // namespace pushbench::test

// Colours are put into a text that is laid out already.

#include "report/style.h"

#include <gtest/gtest.h>

#include <regex>

namespace pushbench::report {
namespace {

std::string bold(const std::string& text) { return "\033[1m" + text + "\033[0m"; }

TEST(Style, MakesHeadsAndLabelsBold) {
  EXPECT_EQ(coloured("chat: 100 users; medians\n"), bold("chat:") + " 100 users; medians\n");
  const std::string upper = "                delivery latency    server";
  const std::string lower = "transport         p50     p99      CPU/msg";
  const std::string row = "polling       50.1 ms 99.2 ms      13.6 µs";
  EXPECT_EQ(coloured(upper + "\n" + lower + "\n" + row + "\n"),
            bold(upper) + "\n" + bold(lower) + "\n" + row + "\n");
  EXPECT_EQ(coloured("Output:\n  --json   The result as JSON\n"),
            bold("Output:") + "\n  --json   The result as JSON\n");
}

TEST(Style, MakesRedWhatDoesNotCount) {
  EXPECT_EQ(coloured("\nINVALID: these figures do not count.\n  sse: lost\n"),
            "\n\033[1;31mINVALID: these figures do not count.\033[0m\n  sse: lost\n");
  EXPECT_EQ(coloured("100ms  polling  4.0 ms  50 ms!\n"),
            "\033[31m100ms  polling  4.0 ms  50 ms!\033[0m\n");
}

TEST(Style, ShowsWhatGotBetterAndWorse) {
  EXPECT_EQ(coloured("+ network_bytes  100 B  90 B  -10 %\n! server_cpu  1 µs  2 µs  +100 %\n"),
            "\033[32m+ network_bytes  100 B  90 B  -10 %\033[0m\n"
            "\033[31m! server_cpu  1 µs  2 µs  +100 %\033[0m\n");
  EXPECT_EQ(coloured("worse: sse server_cpu: 1 µs, then 2 µs\n"),
            "\033[1;31mworse: sse server_cpu: 1 µs, then 2 µs\033[0m\n");
}

TEST(Style, LeavesProseAndRowsAlone) {
  for (const std::string text :
       {"", "\n", "no newline", "  further: lines of a paragraph are indented\n",
        "a clause of more words: no label\n", "chat  A room of a hundred\nquotes  Two feeds\n",
        "a line\nthat goes on, and ends so:\n"}) {
    EXPECT_EQ(coloured(text), text);
  }
}

TEST(Style, PutsInNothingButEscapes) {
  const std::string text =
      "chat: a run\n\n        one  two\ntransport  p50  p99\nsse  1 ms  2 ms\n\nFAILED: it did\n";
  EXPECT_EQ(std::regex_replace(coloured(text), std::regex("\033\\[[0-9;]*m"), ""), text);
}

}  // namespace
}  // namespace pushbench::report

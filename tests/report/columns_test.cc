#include "report/columns.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace pushbench::report {
namespace {

TEST(Columns, CountCharactersAndNotBytes) {
  EXPECT_EQ(columns(""), 0U);
  EXPECT_EQ(columns("12 µs – 3"), 9U);
}

TEST(Columns, PutsBlanksBehindOrBeforeAText) {
  EXPECT_EQ(left("5 µs", 6), "5 µs  ");
  EXPECT_EQ(right("5 µs", 6), "  5 µs");
  EXPECT_EQ(left("longer", 3), "longer");
  EXPECT_EQ(right("longer", 3), "longer");
}

TEST(Columns, CutsWhatIsTooLongBetweenCharacters) {
  EXPECT_EQ(left_cut("ok", 5), "ok   ");
  EXPECT_EQ(left_cut("fives", 5), "fives");
  EXPECT_EQ(left_cut("µµµµµµ", 5), "µµ...");
}

TEST(Columns, MakeALineOfATable) {
  const std::array<std::string, 4> cells{"sse", "p50", "1 µs", "–"};
  const std::array<std::size_t, 4> widths{5, 5, 6, 3};
  EXPECT_EQ(table_line(cells, widths), "sse    p50  1 µs  –");
  EXPECT_EQ(table_line(cells, widths, 2), "sse  p50    1 µs  –");
}

TEST(Columns, BreaksATextAtSpaces) {
  const std::string word(39, 'x');
  EXPECT_EQ(wrapped(word + " " + word + " y z", 2), word + " " + word + "\n  y z\n");
  EXPECT_EQ(wrapped("  start", 4), "  start\n");
  EXPECT_EQ(wrapped(std::string(90, 'x') + " y", 1), std::string(90, 'x') + "\n y\n");
}

TEST(Columns, KeepANumberWithItsUnit) {
  const std::string words(74, 'x');
  for (const std::string unit : {"µs", "ms,", "s)", "%", "KiB"}) {
    EXPECT_EQ(wrapped(words + " 50.2 " + unit + " y", 2), words + "\n  50.2 " + unit + " y\n");
  }
  EXPECT_EQ(wrapped(words + " 5000 users", 2), words + " 5000\n  users\n");
  EXPECT_EQ(wrapped(words + " a lot B", 2), words + " a lot\n  B\n");
}

}  // namespace
}  // namespace pushbench::report

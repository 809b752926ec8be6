#include "harness/units.h"

#include <gtest/gtest.h>

namespace pushbench::harness {
namespace {

using namespace std::chrono_literals;

TEST(Units, ReadsDurations) {
  EXPECT_EQ(*parse_duration("250ms"), 250ms);
  EXPECT_EQ(*parse_duration("1.5s"), 1500ms);
  EXPECT_EQ(*parse_duration("20us"), 20us);
  EXPECT_EQ(*parse_duration("10min"), 10min);
  EXPECT_EQ(*parse_duration("1h"), 1h);
  EXPECT_EQ(*parse_duration("0s"), 0s);
}

TEST(Units, RefusesWhatIsNoDuration) {
  for (const char* text :
       {"", "5", "s", "5 s", "5m", "-1s", "1e3s", "infs", "nan", "5ss", "99999999999999999h"}) {
    EXPECT_FALSE(parse_duration(text)) << text;
  }
}

TEST(Units, ReadsSizesRatesCountsAndFactors) {
  EXPECT_EQ(*parse_size("64B"), 64U);
  EXPECT_EQ(*parse_size("16KiB"), 16384U);
  EXPECT_EQ(*parse_size("1MiB"), 1048576U);
  EXPECT_DOUBLE_EQ(*parse_rate("2/s"), 2);
  EXPECT_DOUBLE_EQ(*parse_rate("30/min"), 0.5);
  EXPECT_EQ(*parse_count("100"), 100U);
  EXPECT_DOUBLE_EQ(*parse_factor("0.5"), 0.5);
}

TEST(Units, RefusesTheOthersToo) {
  EXPECT_FALSE(parse_size("64"));
  EXPECT_FALSE(parse_size("64kB"));
  EXPECT_FALSE(parse_rate("0/s"));
  EXPECT_FALSE(parse_rate("2"));
  EXPECT_FALSE(parse_count("-1"));
  EXPECT_FALSE(parse_count("1.5"));
  EXPECT_FALSE(parse_count("99999999999999999999"));
  EXPECT_FALSE(parse_factor("0"));
  EXPECT_FALSE(parse_factor("2x"));
}

TEST(Units, WritesDurationsAsTheyAreRead) {
  for (const char* text : {"250ms", "1s", "1.5s", "25s", "20us", "0s", "600s"}) {
    EXPECT_EQ(format_duration(*parse_duration(text)), text);
  }
}

}  // namespace
}  // namespace pushbench::harness

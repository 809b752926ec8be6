#include "report/numbers.h"

#include <gtest/gtest.h>

#include "report/figures.h"

namespace pushbench::report {
namespace {

TEST(Numbers, HaveThreeSignificantDigits) {
  EXPECT_EQ(significant(0), "0");
  EXPECT_EQ(significant(0.4123), "0.412");
  EXPECT_EQ(significant(4.123), "4.12");
  EXPECT_EQ(significant(41.23), "41.2");
  EXPECT_EQ(significant(412.3), "412");
  EXPECT_EQ(significant(99.96), "100");
  EXPECT_EQ(significant(9.999), "10.0");
  EXPECT_EQ(significant(12345.6), "12,346");
  EXPECT_EQ(thousands(1234567), "1,234,567");
  EXPECT_EQ(thousands(12), "12");
}

TEST(Numbers, TimesChooseTheirUnit) {
  EXPECT_EQ(time_text(12.3), "12.3 µs");
  EXPECT_EQ(time_text(999.4), "999 µs");
  EXPECT_EQ(time_text(999.6), "1.00 ms");
  EXPECT_EQ(time_text(503'000), "503 ms");
  EXPECT_EQ(time_text(1'250'000), "1.25 s");
}

TEST(Numbers, PercentsAreNeverRoundedToAllOrNothing) {
  EXPECT_EQ(percent(0), "0 %");
  EXPECT_EQ(percent(0.0004), "<1 %");
  EXPECT_EQ(percent(0.814), "81 %");
  EXPECT_EQ(percent(0.996), ">99 %");
  EXPECT_EQ(percent(1), "100 %");
}

TEST(Figures, TheMedianOfAnEvenNumberLiesBetween) {
  const Figure figure = harness::spread_of({4, 1, 3, 10}).value();
  EXPECT_DOUBLE_EQ(figure.median, 3.5);
  EXPECT_DOUBLE_EQ(figure.least, 1);
  EXPECT_DOUBLE_EQ(figure.most, 10);
  EXPECT_DOUBLE_EQ(harness::spread_of({7})->median, 7);
}

TEST(Numbers, BytesTakeTheLargestUnitThatTheyFill) {
  EXPECT_EQ(size_text(512), "512 B");
  EXPECT_EQ(size_text(5243), "5.1 KiB");
  EXPECT_EQ(size_text(3.4 * 1024 * 1024), "3.4 MiB");
  EXPECT_EQ(size_text(23.5 * 1024 * 1024 * 1024), "23.5 GiB");
  EXPECT_EQ(size_text(2048.0 * 1024 * 1024 * 1024 * 1024), "2048.0 TiB");
}

}  // namespace
}  // namespace pushbench::report

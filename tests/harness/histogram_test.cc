#include "harness/histogram.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace pushbench::harness {
namespace {

TEST(Histogram, IsZeroWhileEmpty) {
  const Histogram histogram;
  EXPECT_EQ(histogram.count(), 0U);
  EXPECT_EQ(histogram.percentile(50), 0);
  EXPECT_EQ(histogram.max(), 0);
  EXPECT_EQ(histogram.mean(), 0);
}

TEST(Histogram, KeepsThreeSignificantDigits) {
  std::mt19937_64 generator(4);
  Histogram histogram;
  std::vector<std::int64_t> values;
  for (int i = 0; i < 10'000; ++i) {
    values.push_back(static_cast<std::int64_t>(generator() % 5'000'000));
    histogram.record(values.back());
  }
  std::sort(values.begin(), values.end());
  for (const double percent : {1.0, 50.0, 90.0, 99.0, 99.9}) {
    const auto exact = values[static_cast<std::size_t>(percent / 100 * 10'000) - 1];
    EXPECT_NEAR(static_cast<double>(histogram.percentile(percent)), static_cast<double>(exact),
                static_cast<double>(exact) / 1000 + 1)
        << percent;
  }
  EXPECT_EQ(histogram.count(), 10'000U);
}

TEST(Histogram, AtLeastSoManyValuesAreNoLargerThanAPercentile) {
  Histogram h;
  for (const std::int64_t v : {10, 20, 30, 40, 50}) h.record(v);
  // Two and a half values, and a bit more than four, are rounded up.
  EXPECT_EQ(h.percentile(50), 30);
  EXPECT_EQ(h.percentile(49), 30);
  EXPECT_EQ(h.percentile(40), 20);
  EXPECT_EQ(h.percentile(80), 40);
  EXPECT_EQ(h.percentile(80.1), 50);
  EXPECT_EQ(h.percentile(100), 50);
  EXPECT_EQ(h.percentile(0), 10);
  Histogram many;
  for (int i = 1; i <= 1000; ++i) many.record(i);
  for (int i = 1; i <= 1000; ++i) EXPECT_EQ(many.percentile(i / 10.0), i) << i;
}

TEST(Histogram, MergingIsTheSameAsRecordingEverythingInOne) {
  Histogram one, two, all;
  for (std::int64_t v = 1; v <= 1000; ++v) {
    (v % 3 == 0 ? one : two).record(v * v);
    all.record(v * v);
  }
  one.add(two);
  EXPECT_EQ(one.count(), all.count());
  for (const double percent : {10.0, 50.0, 99.0, 100.0}) {
    EXPECT_EQ(one.percentile(percent), all.percentile(percent));
  }
  EXPECT_EQ(one.max(), all.max());
}

TEST(Histogram, IsAsNewWhenAllWasTaken) {
  Histogram h;
  for (const std::int64_t v : {0, 5, 5, 70'000}) h.record(v);
  const SparseHistogram all = h.sparse();
  EXPECT_EQ(h.take().counts, all.counts);
  EXPECT_EQ(h.count(), 0U);
  EXPECT_EQ(h.max(), 0);
  EXPECT_EQ(h.encoded(), Histogram().encoded());
  EXPECT_TRUE(h.take().counts.empty());
  h.record(7);
  EXPECT_EQ(h.max(), 7);
  EXPECT_EQ(h.mean(), 7);
  EXPECT_EQ(h.sparse().count(), 1U);
}

TEST(Histogram, ClampsWhatIsOutOfRange) {
  Histogram histogram;
  histogram.record(-5);
  histogram.record(7'200'000'000);
  EXPECT_EQ(histogram.count(), 2U);
  EXPECT_EQ(histogram.count_between(0, 1), 1U);
  EXPECT_NEAR(static_cast<double>(histogram.max()), 3.6e9, 3.6e6);
}

TEST(Histogram, CountsBetweenBounds) {
  Histogram histogram;
  for (const std::int64_t v : {5, 10, 50, 50, 99}) histogram.record(v);
  EXPECT_EQ(histogram.count_between(0, 10), 1U);
  EXPECT_EQ(histogram.count_between(10, 60), 3U);
  EXPECT_EQ(histogram.count_between(60, 1000), 1U);
}

TEST(Histogram, APercentileTakesTenValuesBeyondIt) {
  Histogram h;
  for (int i = 0; i < 999; ++i) h.record(i);
  EXPECT_FALSE(h.supports(99));
  EXPECT_TRUE(h.supports(90));
  h.record(1);
  EXPECT_TRUE(h.supports(99));
  for (int i = 1000; i < 9'999; ++i) h.record(i);
  EXPECT_FALSE(h.supports(99.9));
  h.record(1);
  EXPECT_TRUE(h.supports(99.9));
}

}  // namespace
}  // namespace pushbench::harness

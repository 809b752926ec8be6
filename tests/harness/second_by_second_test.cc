#include "harness/second_by_second.h"

#include <gtest/gtest.h>

#include <random>

namespace pushbench::harness {
namespace {

using namespace std::chrono_literals;

SparseHistogram sparse(std::initializer_list<std::int64_t> values) {
  Histogram histogram;
  for (const std::int64_t value : values) histogram.record(value);
  return histogram.sparse();
}

TEST(SecondBySecond, KeepsApartWhatComesInDifferentSeconds) {
  SecondBySecond seconds;
  seconds.record(0ms, 5);
  seconds.record(999'999'999ns, 6);
  seconds.record(1s, 7);
  seconds.record(7'200ms, 8);
  const std::vector<LatencySecond> taken = seconds.take();
  ASSERT_EQ(taken.size(), 3U);
  EXPECT_EQ(taken[0].start_s, 0);
  EXPECT_EQ(taken[0].latency.counts, sparse({5, 6}).counts);
  EXPECT_EQ(taken[1].start_s, 1);
  EXPECT_EQ(taken[1].latency.counts, sparse({7}).counts);
  EXPECT_EQ(taken[2].start_s, 7);
  EXPECT_EQ(taken[2].latency.counts, sparse({8}).counts);
  EXPECT_TRUE(seconds.take().empty());
}

TEST(SecondBySecond, GoesOnAfterItWasTaken) {
  SecondBySecond seconds;
  seconds.record(500ms, 5);
  EXPECT_EQ(seconds.take().size(), 1U);
  seconds.record(600ms, 6);
  const std::vector<LatencySecond> taken = seconds.take();
  ASSERT_EQ(taken.size(), 1U);
  EXPECT_EQ(taken[0].latency.counts, sparse({6}).counts);
}

TEST(SecondBySecond, ASecondThatComesAgainIsTheSameOne) {
  SecondBySecond seconds;
  for (const auto at : {2'100ms, 1'100ms, 2'200ms, -100ms}) seconds.record(at, 5);
  const std::vector<LatencySecond> taken = seconds.take();
  ASSERT_EQ(taken.size(), 3U);
  EXPECT_EQ(taken[0].start_s, 0);
  EXPECT_EQ(taken[1].start_s, 1);
  EXPECT_EQ(taken[2].latency.counts, sparse({5, 5}).counts);
}

TEST(SecondBySecond, MergesWhatSeveralThreadsHad) {
  std::vector<LatencySecond> all = {{0, 1, sparse({1, 5})}, {2, 1, sparse({9})}};
  merge_seconds(all, {{0, 1, sparse({5, 7})}, {1, 1, sparse({3})}, {2, 0.5, sparse({2})}});
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].latency.counts, sparse({1, 5, 5, 7}).counts);
  EXPECT_EQ(all[1].start_s, 1);
  EXPECT_EQ(all[2].latency.counts, sparse({2, 9}).counts);
  EXPECT_EQ(all[2].length_s, 1);
}

TEST(SparseHistogram, AddsAsHistogramsDo) {
  std::mt19937_64 random(3);
  for (int round = 0; round < 50; ++round) {
    Histogram a, b;
    for (int i = 0; i < round; ++i) {
      a.record(static_cast<std::int64_t>(random() % 60));
      if (i % 3 != 0) b.record(static_cast<std::int64_t>(random() % 60));
    }
    SparseHistogram sum = a.sparse();
    sum.add(b.sparse());
    a.add(b);
    EXPECT_EQ(sum.counts, a.sparse().counts);
  }
}

}  // namespace
}  // namespace pushbench::harness

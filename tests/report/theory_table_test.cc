#include "report/theory_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "report/columns.h"
#include "report/interval.h"

namespace pushbench::report {
namespace {

using testing::HasSubstr;
using testing::Not;

harness::RunResult run_of(const std::vector<std::int64_t>& latencies, double theory_us) {
  harness::RunResult result;
  result.transports.resize(1);
  result.transports[0].name = "long-polling";
  for (const std::int64_t latency : latencies) {
    harness::Repetition r;
    r.messages.delivered = 100;
    r.delivery_latency.record(latency);
    r.exchanges.asked = 200;
    r.exchanges.empty = 50;
    r.bytes.application = {4000, 123'456'700};
    r.theory.mean_latency_us = theory_us;
    r.theory.empty_share = 0.25;
    r.theory.exchanges_per_message = 2;
    r.theory.application_down = 1'234'567;
    result.transports[0].repetitions.push_back(std::move(r));
  }
  return result;
}

TEST(Interval, IsTheMediansOwnSpread) {
  const Interval three = interval_of({3, 1, 2});
  EXPECT_EQ(three.median, 2);
  EXPECT_FALSE(three.bootstrap);
  EXPECT_EQ(three.low, 1);  // one resample in seven has a median of the least
  EXPECT_EQ(three.high, 3);
  EXPECT_FALSE(interval_of({1, 2, 3, 4, 5}).bootstrap);
  EXPECT_TRUE(interval_of({1, 2, 3, 4, 5, 6}).bootstrap);
  std::vector<double> many;
  for (int i = 0; i < 101; ++i) many.push_back(i);
  const Interval wide = interval_of(many);
  EXPECT_EQ(wide.median, 50);
  // A median of 101 uniform values has a standard deviation of about a twentieth of their range.
  EXPECT_NEAR(wide.low, 40, 6);
  EXPECT_NEAR(wide.high, 60, 6);
  EXPECT_EQ(interval_of(many).low, wide.low);  // the same again
}

TEST(Interval, OfFewValuesIsTheirRange) {
  const Interval two = interval_of({5, 4});
  EXPECT_FALSE(two.bootstrap);
  EXPECT_EQ(two.median, 4.5);
  EXPECT_EQ(two.low, 4);
  EXPECT_EQ(two.high, 5);
  EXPECT_EQ(interval_of({}).median, 0);
}

TEST(TheoryTable, PutsTheTheoryBesideTheMeasurement) {
  const std::string text = theory_table(run_of({1000, 1010, 1020}, 1000));
  EXPECT_THAT(text, HasSubstr("least–most"));
  EXPECT_THAT(theory_table(run_of({1, 2, 3, 4, 5, 6}, 1)), HasSubstr("95 % interval"));
  EXPECT_THAT(text, HasSubstr("long-polling latency mean          1.01 ms    1.00 ms–1.02 ms"));
  EXPECT_THAT(text, HasSubstr("empty polls            25.0 %      25.0 %–25.0 %   25.0 %"));
  EXPECT_THAT(text, HasSubstr("+1.0 %"));
  EXPECT_THAT(text, Not(HasSubstr("*")));
  EXPECT_THAT(text, Not(HasSubstr("latency p50")));  // of which it says nothing
}

TEST(TheoryTable, FlagsWhatLiesOutside) {
  const std::string text = theory_table(run_of({1000, 1010, 1020}, 500));
  EXPECT_THAT(text, HasSubstr("+102 % *"));
  EXPECT_THAT(text, HasSubstr("* The theory lies outside"));
}

TEST(TheoryTable, HasNoIntervalForOneRun) {
  const std::string text = theory_table(run_of({1000}, 500));
  EXPECT_THAT(text, Not(HasSubstr("interval")));
  EXPECT_THAT(text, Not(HasSubstr("*")));
  EXPECT_THAT(theory_table(run_of({1000, 1010}, 500)), HasSubstr("least–most"));
}

TEST(TheoryTable, SaysNoPercentOfNothing) {
  EXPECT_THAT(theory_table(run_of({1000, 1010, 1020}, 0)), HasSubstr("–"));
}

TEST(TheoryTable, HasNoPercentileOfTooFewDeliveries) {
  harness::RunResult result = run_of({1000}, 1000);
  harness::Repetition& r = result.transports[0].repetitions[0];
  r.theory.p50_latency_us = r.theory.p99_latency_us = r.theory.max_latency_us = 1000;
  for (int i = 1; i < 100; ++i) r.delivery_latency.record(1000);
  const std::string text = theory_table(result);
  EXPECT_THAT(text, HasSubstr("latency p50           1.00 ms"));
  EXPECT_THAT(text, HasSubstr("latency p99                 –"));
}

TEST(TheoryTable, Fits80Columns) {
  std::istringstream lines(theory_table(run_of({12'345'678, 23'456'789, 34'567'890}, 1)));
  for (std::string line; std::getline(lines, line);) EXPECT_LE(columns(line), 80U) << line;
}

TEST(TheoryTable, NamesWhatItLeavesOut) {
  harness::RunResult result = run_of({1000}, 500);
  EXPECT_THAT(theory_table(result), Not(HasSubstr("cuts")));
  result.tls = true;
  result.links.resize(1);
  result.links[0].cut_at = {"2s"};
  const std::string text = theory_table(result);
  EXPECT_THAT(text, HasSubstr("the cuts"));
  EXPECT_THAT(text, HasSubstr("handshakes"));
}

TEST(TheoryTable, OfNothingIsNothing) {
  EXPECT_EQ(theory_table({}), "");
  harness::RunResult result = run_of({1}, 1);
  result.transports[0].repetitions[0].messages.delivered = 0;
  EXPECT_EQ(theory_table(result), "");
}

}  // namespace
}  // namespace pushbench::report

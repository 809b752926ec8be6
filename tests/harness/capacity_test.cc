#include "harness/capacity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>

namespace pushbench::harness {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Verdict = ProbeRun::Verdict;

CapacitySearch::Range range(double from, double to, double precision = 0.1) {
  return {from, to, precision, true};
}

/// Good up to a limit; some verdicts are given beforehand.
class ScriptedProber final : public Prober {
 public:
  explicit ScriptedProber(double limit) : limit_(limit) {}

  ProbeRun run(const std::string&, double value, std::uint64_t attempt) override {
    asked.push_back(value);
    EXPECT_EQ(attempt, ++attempts_[value]);
    if (wall > 0 && value >= wall) return {Verdict::wall, false, {"too few ports"}, {}};
    if (asked.size() == interrupted_at) return {Verdict::interrupted, false, {}, {}};
    if (asked.size() == hiccup_at) return {Verdict::bad, false, {"a hiccup"}, {}};
    if (value <= limit_) return {};
    return {Verdict::bad, false, {"too slow"}, {}};
  }

  std::vector<double> asked;
  double wall = 0;
  std::size_t interrupted_at = 0;
  std::size_t hiccup_at = 0;

 private:
  double limit_;
  std::map<double, std::uint64_t> attempts_;
};

CapacityCurve find(ScriptedProber& prober, const CapacitySearch::Range& where,
                   std::uint64_t repeat = 1) {
  return find_capacity("websocket", CapacitySearch(where), repeat, prober);
}

TEST(CapacitySearch, DoublesUntilItFailsAndHalvesTheBracket) {
  ScriptedProber prober(700);
  const CapacityCurve curve = find(prober, range(100, 100'000, 0.2));
  EXPECT_THAT(prober.asked, ElementsAre(100, 200, 400, 800, 800, 566, 673));
  EXPECT_EQ(curve.best, 673);
  ASSERT_EQ(curve.failed, 800);
  EXPECT_FALSE(curve.capped);
  EXPECT_EQ(curve.probe_at(800)->decisive().why.front(), "too slow");
}

TEST(CapacitySearch, ComesWithinThePrecisionWhereverTheLimitIs) {
  std::mt19937 random(1);
  for (int i = 0; i < 200; ++i) {
    const double limit = std::exp(std::uniform_real_distribution<>(5, 11)(random));
    ScriptedProber prober(limit);
    const CapacityCurve curve = find(prober, range(100, 100'000));
    ASSERT_TRUE(curve.best && curve.failed);
    EXPECT_LE(*curve.best, limit);
    EXPECT_GT(*curve.failed, limit);
    EXPECT_LE(*curve.failed / *curve.best, 1.1);
    EXPECT_LE(prober.asked.size(), 30U);
  }
}

TEST(CapacitySearch, OfWholeNumbersEndsAtNeighbours) {
  for (double limit = 1; limit < 20; ++limit) {
    ScriptedProber prober(limit);
    const CapacityCurve curve = find(prober, range(1, 1'000, 0.01));
    EXPECT_EQ(curve.best, limit);
    EXPECT_EQ(curve.failed, limit + 1);
  }
}

TEST(CapacitySearch, ThatIsNeverGoodSaysSo) {
  ScriptedProber prober(50);
  const CapacityCurve curve = find(prober, range(100, 1'000));
  EXPECT_THAT(prober.asked, ElementsAre(100, 100));
  EXPECT_FALSE(curve.best);
  EXPECT_EQ(curve.failed, 100);
}

TEST(CapacitySearch, ThatIsAlwaysGoodEndsAtTheCap) {
  ScriptedProber prober(1e9);
  const CapacityCurve curve = find(prober, range(100, 1'000));
  EXPECT_THAT(prober.asked, ElementsAre(100, 200, 400, 800, 1'000));
  EXPECT_EQ(curve.best, 1'000);
  EXPECT_TRUE(curve.capped);
}

TEST(CapacitySearch, WithRandomVerdictsStillEndsWithABracket) {
  std::mt19937 random(7);
  for (int i = 0; i < 200; ++i) {
    CapacitySearch search(range(1, 1e6));
    int probes = 0;
    while (const auto value = search.next()) {
      ASSERT_LT(++probes, 60);
      ASSERT_GE(*value, 1);
      ASSERT_LE(*value, 1e6);
      search.take(random() % 2 == 0);
    }
    if (search.best() && search.failed()) {
      EXPECT_LT(*search.best(), *search.failed());
    }
  }
}

TEST(Capacity, AValueNeedsAllItsGoodRuns) {
  ScriptedProber prober(1e9);
  find(prober, range(100, 200), 3);
  EXPECT_THAT(prober.asked, ElementsAre(100, 100, 100, 200, 200, 200));
}

TEST(Capacity, OneHiccupIsNoLimit) {
  ScriptedProber prober(1e9);
  prober.hiccup_at = 2;
  const CapacityCurve curve = find(prober, range(100, 200), 2);
  EXPECT_THAT(prober.asked, ElementsAre(100, 100, 100, 200, 200));
  EXPECT_TRUE(curve.capped);
  EXPECT_EQ(curve.probe_at(100)->runs[1].why.front(), "a hiccup");
}

TEST(Capacity, AWallIsNotTriedAgain) {
  ScriptedProber prober(1e9);
  prober.wall = 300;
  const CapacityCurve curve = find(prober, range(100, 1'000, 0.5), 1);
  EXPECT_THAT(prober.asked, ElementsAre(100, 200, 400, 283));
  EXPECT_EQ(curve.best, 283);
  EXPECT_EQ(curve.probe_at(400)->decisive().why.front(), "too few ports");
}

TEST(Capacity, AnInterruptKeepsWhatWasSeen) {
  ScriptedProber prober(1e9);
  prober.interrupted_at = 3;
  const CapacityCurve curve = find(prober, range(100, 1'000), 1);
  EXPECT_TRUE(curve.interrupted);
  EXPECT_EQ(curve.best, 200);
  EXPECT_EQ(curve.probes.size(), 3U);
}

CapacityQuestion question(const std::string& limit) {
  CapacityQuestion question{*VariedKey::of(*parse_key("users")), range(1, 100), {}, 2};
  if (!limit.empty()) question.limits.push_back(*parse_limit(limit));
  return question;
}

RunResult result_of(std::int64_t latency_us) {
  RunResult result;
  Repetition r;
  r.messages.delivered = 1;
  for (int i = 0; i < 1000; ++i) r.delivery_latency.record(latency_us);
  result.transports.push_back({"websocket", {}, {}});
  result.transports[0].repetitions.push_back(std::move(r));
  return result;
}

TEST(Judge, NamesTheLimitThatBroke) {
  const auto asked = question("delivery_latency.p99<1ms");
  EXPECT_EQ(judge(result_of(900), asked).verdict, Verdict::good);
  const ProbeRun slow = judge(result_of(2'000), asked);
  EXPECT_EQ(slow.verdict, Verdict::bad);
  EXPECT_THAT(slow.why, ElementsAre("delivery_latency.p99 is 2.00 ms, not "
                                    "delivery_latency.p99<1ms"));
  EXPECT_NEAR(*slow.figures[0], 2'000, 1);
}

TEST(Judge, CannotTellAPercentileOfTooFewDeliveries) {
  const ProbeRun few = judge(result_of(900), question("delivery_latency.p999<1s"));
  EXPECT_EQ(few.verdict, Verdict::unclear);
  EXPECT_THAT(few.why.front(), HasSubstr("p999 takes 10000 deliveries, there were 1000"));
  auto both = question("delivery_latency.p999<1s");
  both.limits.push_back(*parse_limit("delivery_latency.p50<1us"));
  EXPECT_EQ(judge(result_of(900), both).verdict, Verdict::bad);
}

TEST(Judge, NamesTheRuleThatARunBroke) {
  RunResult invalid = result_of(900);
  invalid.transports[0].repetitions[0].invalid = {"3 of 10 deliveries were lost"};
  EXPECT_THAT(judge(invalid, question("")).why, ElementsAre("3 of 10 deliveries were lost"));
  EXPECT_FALSE(judge(invalid, question("")).counts);
  RunResult over = result_of(900);
  over.failed_limits = {"limits.p50: 900 us"};
  EXPECT_THAT(judge(over, question("")).why, ElementsAre("limits.p50: 900 us"));
  EXPECT_TRUE(judge(over, question("")).counts);
  RunResult broken = result_of(900);
  broken.outcome = Outcome::broke;
  broken.problem = "the server ended by signal 9 during the run";
  const ProbeRun run = judge(broken, question(""));
  EXPECT_TRUE(run.broke);
  EXPECT_THAT(run.why, ElementsAre(broken.problem));
  RunResult stopped;
  stopped.outcome = Outcome::interrupted;
  EXPECT_EQ(judge(stopped, question("")).verdict, Verdict::interrupted);
}

TEST(Judge, AFigureThatIsMissingBreaksItsLimit) {
  const ProbeRun run = judge(result_of(900), question("exchanges.empty_share<20%"));
  EXPECT_EQ(run.verdict, Verdict::bad);
  EXPECT_THAT(run.why.front(), HasSubstr("not measured"));
}

}  // namespace
}  // namespace pushbench::harness

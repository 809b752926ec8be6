#include "harness/crossover.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace pushbench::harness {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::optional<double> falling(double x) { return 10 / x; }
std::optional<double> two(double) { return 2; }
std::optional<double> nothing(double) { return std::nullopt; }
std::optional<double> wave(double x) { return 2 + std::sin(std::log(x) * 3); }

TEST(Compare, FindsWhereTheOtherOneWins) {
  const auto found = compare(falling, two, 0.1, 100);
  ASSERT_TRUE(found);
  ASSERT_EQ(found->crossings.size(), 1U);
  EXPECT_NEAR(found->crossings[0].at, 5, 0.02);
  EXPECT_EQ(found->crossings[0].below, Winner::second);
  EXPECT_EQ(found->crossings[0].above, Winner::first);
  EXPECT_EQ(found->at_from, Winner::second);
}

TEST(Compare, MoreMayBeBetter) {
  const auto found = compare(falling, two, 0.1, 100, true);
  EXPECT_EQ(found->at_from, Winner::first);
}

TEST(Compare, WithoutACrossingNamesTheWinnerAndTheClosestEnd) {
  const auto found = compare(falling, two, 0.1, 4);
  EXPECT_TRUE(found->crossings.empty());
  EXPECT_EQ(found->at_from, Winner::second);
  EXPECT_EQ(found->closest, 4);
  EXPECT_EQ(compare(two, two, 1, 2)->at_from, Winner::neither);
}

TEST(Compare, FindsEveryCrossing) {
  const auto found = compare(wave, two, 1.1, std::exp(M_PI) - 0.5);
  ASSERT_EQ(found->crossings.size(), 2U);
  EXPECT_NEAR(std::log(found->crossings[0].at), M_PI / 3, 0.02);
  EXPECT_NEAR(std::log(found->crossings[1].at), 2 * M_PI / 3, 0.02);
}

TEST(Compare, SaysWhereTheoryIsSilent) {
  const auto found = compare(nothing, two, 1, 2);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error(), 1);
}

TEST(FitCost, FindsBothCosts) {
  const std::vector<CostSample> samples{{10, 124}, {1, 16}, {0.1, 5.2}};
  const auto fit = fit_cost(samples);
  ASSERT_TRUE(fit);
  EXPECT_NEAR(fit->per_exchange_us, 12, 0.01);
  EXPECT_NEAR(fit->per_delivery_us, 4, 0.01);
  EXPECT_NEAR(fit->at(2), 28, 0.05);
}

TEST(FitCost, WithoutExchangesIsTheCostOfADelivery) {
  const std::vector<CostSample> samples{{0, 8}, {0, 8.2}};
  EXPECT_NEAR(fit_cost(samples)->per_delivery_us, 8.1, 0.1);
  EXPECT_EQ(fit_cost(samples)->per_exchange_us, 0);
  EXPECT_FALSE(fit_cost({}));
}

TEST(FitCost, IsNeverBelowZero) {
  const std::vector<CostSample> steep{{1, 1}, {10, 30}};
  EXPECT_EQ(fit_cost(steep)->per_delivery_us, 0);
  EXPECT_GT(fit_cost(steep)->per_exchange_us, 0);
  const std::vector<CostSample> upside_down{{1, 30}, {10, 1}};
  EXPECT_EQ(fit_cost(upside_down)->per_exchange_us, 0);
}

/// Made-up curves: the first transport falls with the value, the second is flat. Costs go with the
/// first one's exchanges.
class MadeUpTheory final : public CrossoverTheory {
 public:
  CostCurve curve(const std::string& transport, const Metric& metric) const override {
    if (transport == "websocket" && metric.name == "exchanges_per_message") return nothing;
    return transport == "polling" ? falling : two;
  }
};

/// Runs that measure what theory says, the first transport times a factor.
class MadeUpRunner final : public PairRunner {
 public:
  Result<RunResult> run(double value) override {
    asked.push_back(value);
    RunResult result;
    result.outcome = asked.size() == interrupted_at ? Outcome::interrupted : Outcome::complete;
    result.transports.push_back({"polling", {}, {}});
    result.transports.push_back({"websocket", {}, {}});
    result.transports[0].repetitions.push_back(repetition(*falling(value), factor, true));
    result.transports[1].repetitions.push_back(repetition(2, 1, false));
    return result;
  }

  static Repetition repetition(double bytes, double factor, bool asks) {
    Repetition r;
    r.messages.delivered = 100'000;
    r.bytes.application.down = static_cast<std::uint64_t>(bytes * factor * 1e5);
    r.theory.application_up = 0;
    r.theory.application_down = bytes;
    if (asks) {
      r.exchanges.asked = static_cast<std::uint64_t>(bytes * 1e5);
      r.theory.exchanges_per_message = bytes;
    }
    r.server.emplace().cpu_us = static_cast<std::uint64_t>(1e5 * (asks ? 1 + 4 * bytes : 9));
    return r;
  }

  std::vector<double> asked;
  double factor = 1;
  std::size_t interrupted_at = 0;
};

CrossoverQuestion question(std::string_view metric, double from = 0.1, double to = 100) {
  return {{"polling", "websocket"},
          *parse_metric(metric),
          *VariedKey::of(*parse_key("transport.polling.interval")),
          from,
          to};
}

TEST(Crossover, IsConfirmedByRunsOnBothSides) {
  MadeUpRunner runner;
  const auto found = find_crossover(question("application_bytes"), MadeUpTheory(), runner);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->confirmation, Confirmation::confirmed);
  ASSERT_EQ(runner.asked.size(), 2U);
  EXPECT_NEAR(runner.asked[0], 2.5, 0.02);
  EXPECT_NEAR(runner.asked[1], 10, 0.1);
  EXPECT_NEAR(*found->measured_at, 5, 0.05);
}

TEST(Crossover, IsRefutedByAnotherWinner) {
  MadeUpRunner runner;
  runner.factor = 0.1;
  const auto found = find_crossover(question("application_bytes"), MadeUpTheory(), runner);
  EXPECT_EQ(found->confirmation, Confirmation::refuted);
  EXPECT_FALSE(found->measured_at);
}

TEST(Crossover, WithoutOneIsCheckedWhereTheyAreClosest) {
  MadeUpRunner runner;
  const auto found = find_crossover(question("application_bytes", 0.1, 4), MadeUpTheory(), runner);
  EXPECT_THAT(runner.asked, ElementsAre(4));
  EXPECT_EQ(found->confirmation, Confirmation::confirmed);
}

TEST(Crossover, OfServerCpuFitsTheCostsFirst) {
  MadeUpRunner runner;
  const auto found = find_crossover(question("server_cpu"), MadeUpTheory(), runner);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->samples.size(), 3U);
  EXPECT_NEAR(found->fits[0]->per_exchange_us, 4, 0.01);
  EXPECT_NEAR(found->fits[0]->per_delivery_us, 1, 0.05);
  ASSERT_EQ(found->theory->crossings.size(), 1U);
  EXPECT_NEAR(found->theory->crossings[0].at, 5, 0.05);
  EXPECT_EQ(found->confirmation, Confirmation::confirmed);
}

TEST(Crossover, ThatIsInterruptedKeepsWhatItHas) {
  MadeUpRunner runner;
  runner.interrupted_at = 2;
  const auto found = find_crossover(question("application_bytes"), MadeUpTheory(), runner);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->outcome, Outcome::interrupted);
  EXPECT_EQ(found->sides.size(), 2U);
  EXPECT_EQ(found->confirmation, Confirmation::unclear);
}

TEST(Crossover, RunsThatDoNotCountConfirmNothing) {
  class Invalid final : public PairRunner {
   public:
    Result<RunResult> run(double value) override {
      auto result = MadeUpRunner().run(value);
      result->transports[1].repetitions[0].invalid = {"late"};
      return result;
    }
  } runner;
  const auto found = find_crossover(question("application_bytes"), MadeUpTheory(), runner);
  EXPECT_EQ(found->confirmation, Confirmation::unclear);
  EXPECT_THAT(found->sides[0].invalid, ElementsAre("websocket: late"));
  const auto costs = find_crossover(question("server_cpu"), MadeUpTheory(), runner);
  EXPECT_EQ(costs->outcome, Outcome::broke);
  EXPECT_THAT(costs->problem, HasSubstr("no run of websocket counts"));
}

TEST(Crossover, OfAMetricWithoutTheoryIsAnError) {
  class Silent final : public CrossoverTheory {
    CostCurve curve(const std::string&, const Metric&) const override { return nothing; }
  } theory;
  MadeUpRunner runner;
  const auto found = find_crossover(question("payload_bytes"), theory, runner);
  ASSERT_FALSE(found);
  EXPECT_THAT(found.error().line(), HasSubstr("payload_bytes: theory says nothing"));
  const auto known = check_theory(question("payload_bytes"), theory);
  ASSERT_FALSE(known);
  EXPECT_THAT(known.error().line(), HasSubstr("at transport.polling.interval = 100ms"));
  EXPECT_TRUE(check_theory(question("application_bytes"), MadeUpTheory()));
  EXPECT_TRUE(runner.asked.empty());
}

}  // namespace
}  // namespace pushbench::harness

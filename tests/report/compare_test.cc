#include "report/compare.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "report/comparable.h"
#include "synthetic.h"

namespace pushbench::report {
namespace {

using harness::RunResult;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const harness::Metric& metric(std::string_view name) { return **harness::parse_metric(name); }

const Change* find(const std::vector<TransportChanges>& all, std::string_view transport,
                   std::string_view name) {
  for (const TransportChanges& changes : all) {
    if (changes.name != transport) continue;
    for (const Change& change : changes.changes) {
      if (change.metric->name == name) return &change;
    }
  }
  return nullptr;
}

std::size_t count(const std::vector<TransportChanges>& all, Judgement judgement) {
  std::size_t sum = 0;
  for (const TransportChanges& changes : all) {
    sum += static_cast<std::size_t>(
        std::count_if(changes.changes.begin(), changes.changes.end(),
                      [&](const Change& change) { return change.judgement == judgement; }));
  }
  return sum;
}

std::string said(const std::vector<TransportChanges>& all, Judgement judgement) {
  std::string text;
  for (const TransportChanges& changes : all) {
    for (const Change& change : changes.changes) {
      if (change.judgement != judgement) continue;
      text += changes.name + "." + std::string(change.metric->name) + " ";
    }
  }
  return text;
}

constexpr const char* kTransports[] = {"polling", "long-polling", "sse", "websocket"};

/// Two runs of the same program, so often; what was said to be worse or better.
std::size_t false_alarms(std::size_t tries, std::size_t repetitions, double noise) {
  std::size_t alarms = 0;
  for (std::size_t i = 0; i < tries; ++i) {
    Machine machine(static_cast<std::uint32_t>(1000 * repetitions + i), noise);
    const RunResult a = machine.run(repetitions);
    const RunResult b = machine.run(repetitions);
    const auto changes = changes_of(a, b, {});
    alarms += count(changes, Judgement::worse) + count(changes, Judgement::better);
    EXPECT_THAT(said(changes, Judgement::worse), IsEmpty()) << "try " << i;
  }
  return alarms;
}

TEST(Compare, TheSameProgramIsNoRegressionIn20Tries) {
  EXPECT_EQ(false_alarms(20, 3, 1), 0U);
  EXPECT_EQ(false_alarms(20, 8, 1), 0U);
}

TEST(Compare, TheSameProgramIsNoRegressionIn200Tries) { EXPECT_EQ(false_alarms(200, 3, 1), 0U); }

TEST(Compare, NorOnANoisierMachine) { EXPECT_EQ(false_alarms(40, 3, 1.4), 0U); }

TEST(Compare, FindsAMillisecondInEachTransportInAllOf20Tries) {
  for (const std::size_t repetitions : {3U, 8U}) {
    for (std::uint32_t i = 0; i < 20; ++i) {
      Machine machine(i);
      const RunResult a = machine.run(repetitions);
      const RunResult b = machine.run(repetitions, {.delay_us = 1000});
      const auto changes = changes_of(a, b, {});
      for (const char* transport : kTransports) {
        EXPECT_EQ(find(changes, transport, "delivery_latency.mean")->judgement, Judgement::worse)
            << transport << ", try " << i << ", " << repetitions << " repetitions";
      }
      for (const char* transport : kTransports) {
        EXPECT_EQ(find(changes, transport, "application_bytes")->judgement, Judgement::same);
      }
      EXPECT_EQ(count(changes, Judgement::better), 0U);
    }
  }
}

TEST(Compare, FindsFivePercentOfBytesInEachTransportInAllOf20Tries) {
  for (const std::size_t repetitions : {1U, 3U, 8U}) {
    for (std::uint32_t i = 0; i < 20; ++i) {
      Machine machine(i);
      const RunResult a = machine.run(repetitions);
      const RunResult b = machine.run(repetitions, {.bytes = 1.05});
      const auto changes = changes_of(a, b, {});
      for (const char* transport : kTransports) {
        for (const char* bytes : {"application_bytes", "network_bytes"}) {
          EXPECT_EQ(find(changes, transport, bytes)->judgement, Judgement::worse)
              << transport << " " << bytes << ", try " << i;
        }
      }
      EXPECT_THAT(said(changes, Judgement::worse), Not(HasSubstr("delivery_latency")));
    }
  }
}

TEST(Compare, WhatTakesTurnsIsNoRegressionThoughTheMachineDrifts) {
  for (std::uint32_t i = 0; i < 50; ++i) {
    Machine machine(i);
    const auto [a, b] = machine.turns(6);
    const auto changes = changes_of(a, b, {.paired = true, .threshold = {}, .conditions = {}});
    EXPECT_THAT(said(changes, Judgement::worse), IsEmpty()) << "try " << i;
    EXPECT_THAT(said(changes, Judgement::better), IsEmpty()) << "try " << i;
  }
}

TEST(Compare, TakingTurnsTellsWhatRunAfterRunCannot) {
  // A machine whose speed moves by 15 % hides 6 % of CPU time from two runs, but not from pairs.
  const std::vector<double> drift{1.0, 1.15, 0.9, 1.2, 1.05, 0.85, 1.1, 0.95};
  const std::vector<double> jitter{0.002, -0.004, 0.003, 0.001, -0.002, 0.004, -0.001, 0.0};
  Samples samples;
  for (std::size_t i = 0; i < drift.size(); ++i) {
    samples.before.push_back(8 * drift[i]);
    samples.after.push_back(8 * drift[i] * (1.06 + jitter[i]));
  }
  EXPECT_EQ(change_of(metric("server_cpu"), samples, {}).judgement, Judgement::unclear);
  samples.paired = true;
  const Change change = change_of(metric("server_cpu"), samples, {});
  EXPECT_EQ(change.judgement, Judgement::worse);
  EXPECT_NEAR(change.share(change.change), 0.06, 0.005);
  EXPECT_NEAR(*change.p, 2.0 / 256, 1e-9);
}

Samples samples(std::vector<double> before, std::vector<double> after) {
  return {std::move(before), std::move(after), false, 0};
}

TEST(Change, SaysWhyNothingCanBeTold) {
  const Change few =
      change_of(metric("delivery_latency.p50"), samples({600, 610}, {2000, 2010, 2020}), {});
  EXPECT_EQ(few.judgement, Judgement::unclear);
  EXPECT_EQ(few.why, "too few repetitions: 2 and 3, it takes 3 each");
  const Change noisy =
      change_of(metric("delivery_latency.p50"), samples({600, 900, 2400}, {700, 1900, 2500}), {});
  EXPECT_EQ(noisy.why, "too noisy");
  const Change close =
      change_of(metric("delivery_latency.p50"), samples({600, 700, 900}, {1150, 1200, 1500}), {});
  EXPECT_THAT(close.why, HasSubstr("more repetitions"));
  const Change max =
      change_of(metric("delivery_latency.max"), samples({1, 1, 1}, {9e6, 9e6, 9e6}), {});
  EXPECT_EQ(max.why, "a single delivery's");
}

TEST(Change, KnowsWhichWayIsBetter) {
  const auto judged = [](std::string_view name, std::vector<double> after) {
    return change_of(metric(name), samples({100, 100.5, 101}, std::move(after)), {}).judgement;
  };
  EXPECT_EQ(judged("application_bytes", {120, 121, 122}), Judgement::worse);
  EXPECT_EQ(judged("application_bytes", {80, 81, 82}), Judgement::better);
  EXPECT_EQ(judged("delivered_per_second", {120, 121, 122}), Judgement::better);
  EXPECT_EQ(judged("delivered_per_second", {80, 81, 82}), Judgement::worse);
  EXPECT_EQ(judged("application_bytes", {100, 100.5, 101}), Judgement::same);
}

TEST(Change, OfFewRepetitionsTheIntervalIsFromTheLeastToTheMost) {
  const Change change = change_of(metric("server_cpu"), samples({10, 11, 12}, {15, 17, 16}), {});
  EXPECT_FALSE(change.bootstrap);
  EXPECT_FALSE(change.p.has_value());  // three against three cannot get to 5 %
  EXPECT_EQ(change.change, 5);
  EXPECT_EQ(change.low, 3);
  EXPECT_EQ(change.high, 7);
  EXPECT_NEAR(change.share(change.change), 5.0 / 11, 1e-12);
}

TEST(Change, OfMoreItIsABootstrapThatIsTheSameEachTime) {
  const std::vector<double> before{10, 11, 12, 10.5, 11.5, 10.2, 11.1};
  const std::vector<double> after{15, 17, 16, 15.5, 16.6, 16.1, 15.2};
  const Change change = change_of(metric("server_cpu"), samples(before, after), {});
  EXPECT_TRUE(change.bootstrap);
  EXPECT_LT(change.low, change.change);
  EXPECT_GT(change.high, change.change);
  EXPECT_GT(change.low, 3);
  EXPECT_LT(change.high, 7);
  ASSERT_TRUE(change.p.has_value());
  EXPECT_NEAR(*change.p, 2.0 / 3432, 1e-9);
  const Change again = change_of(metric("server_cpu"), samples(before, after), {});
  EXPECT_EQ(change.low, again.low);
  EXPECT_EQ(change.high, again.high);
}

TEST(Change, OfASharesAndFromZeroIsADifference) {
  const Change share = change_of(metric("exchanges.empty_share"),
                                 samples({0.15, 0.15, 0.16}, {0.25, 0.25, 0.26}), {});
  EXPECT_FALSE(share.relative());
  EXPECT_NEAR(share.share(share.change), 0.10, 1e-12);
  EXPECT_EQ(share.judgement, Judgement::worse);
  const Change from_zero =
      change_of(metric("application_bytes"), samples({0, 0, 0}, {5, 5, 5}), {});
  EXPECT_FALSE(from_zero.relative());
  EXPECT_TRUE(std::isinf(from_zero.share(from_zero.change)));
  EXPECT_EQ(from_zero.judgement, Judgement::worse);
}

TEST(Change, TheUsersThresholdReplacesTheMetricsOwn) {
  const Samples both = samples({10.0, 10.1, 10.05}, {11.0, 11.1, 11.05});
  EXPECT_EQ(change_of(metric("server_cpu"), both, {}).judgement, Judgement::same);
  EXPECT_EQ(change_of(metric("server_cpu"), both, 0.02).judgement, Judgement::worse);
}

TEST(Change, WaitingThatTheoryForetellsIsNoExcuse) {
  Samples both = samples({50'100, 50'120, 50'110}, {51'100, 51'120, 51'110});
  EXPECT_EQ(change_of(metric("delivery_latency.p50"), both, {}).judgement, Judgement::same);
  both.waiting = 50'000;
  EXPECT_EQ(change_of(metric("delivery_latency.p50"), both, {}).judgement, Judgement::worse);
}

std::string refusal(const RunResult& a, const RunResult& b) {
  const auto same = comparable(a, b, "A (old)", "B (new)");
  return same ? "" : same.error().line();
}

TEST(Comparable, NamesWhatDiffersWithBothValues) {
  Machine machine(1);
  const RunResult a = machine.run(1);
  const auto with = [&](void (*change)(RunResult&)) {
    Machine other(2);
    RunResult b = other.run(1);
    change(b);
    return refusal(a, b);
  };
  EXPECT_EQ(with([](RunResult&) {}), "");
  EXPECT_THAT(with([](RunResult& b) { b.scenario = "game"; }),
              HasSubstr("B (new): does not compare with A (old): scenario is chat there and game "
                        "here"));
  EXPECT_THAT(with([](RunResult& b) { b.seed = 2; }), HasSubstr("seed is 1 there and 2 here"));
  EXPECT_THAT(with([](RunResult& b) { b.schedule_hash = "f"; }),
              HasSubstr("schedule_hash is 0123456789abcdef there and f here"));
  EXPECT_THAT(with([](RunResult& b) { b.tls = true; }), HasSubstr("TLS is no there and yes here"));
  EXPECT_THAT(with([](RunResult& b) { b.headers = "browser"; }),
              HasSubstr("headers is minimal there and browser here"));
  EXPECT_THAT(with([](RunResult& b) { b.transports[0].options[0].second = "1s"; }),
              HasSubstr("options of polling is interval 100ms there and interval 1s here"));
  EXPECT_THAT(with([](RunResult& b) { b.links[0].profile.delay = std::chrono::milliseconds(40); }),
              HasSubstr("delay 40ms"));
  EXPECT_THAT(with([](RunResult& b) {
                b.parts.resize(2);
                b.transports[0].repetitions[0].users_asked = 200;
              }),
              HasSubstr("users is 100 there and 200 here"));
  EXPECT_THAT(with([](RunResult& b) { b.transports.clear(); }),
              HasSubstr("has no transport in common"));
}

TEST(Comparable, WarnsWhereTheMachineOrTheHarnessDiffers) {
  Machine machine(1);
  RunResult a = machine.run(1);
  RunResult b = machine.run(1);
  EXPECT_THAT(cautions(a, b, "A", "B"), IsEmpty());
  a.context.machine.kernel = "Linux 6.1";
  b.context.machine.kernel = "Linux 6.2";
  b.threads = 2;
  b.overrides = {"run.repeat=5"};
  EXPECT_THAT(cautions(a, b, "A", "B"),
              ElementsAre("kernel is Linux 6.1 in A, but Linux 6.2 in B",
                          "threads of the harness is 1 in A, but 2 in B"));
  a = machine.run(1);
  b = machine.run(1);
  a.floor.emplace().cpu_us_per_delivery = 1.4;
  b.floor.emplace().cpu_us_per_delivery = 2.1;
  EXPECT_THAT(cautions(a, b, "A", "B"), ElementsAre(HasSubstr("not equally fast")));
}

TEST(Compare, ComparesEachCandidateWithTheFirst) {
  Machine machine(5);
  const RunResult a = machine.run(3);
  const RunResult b = machine.run(3);
  RunResult c = machine.run(3, {.bytes = 1.05});
  c.transports.erase(c.transports.begin() + 2);
  const auto compared = compare({{&a, "a"}, {&b, "b"}, {&c, "c"}}, {});
  ASSERT_TRUE(compared.has_value());
  ASSERT_THAT(compared->candidates, SizeIs(2));
  EXPECT_EQ(compared->candidates[0].count(Judgement::worse), 0U);
  EXPECT_GT(compared->candidates[1].count(Judgement::worse), 0U);
  EXPECT_THAT(compared->candidates[1].missing, ElementsAre("sse only in A"));
  EXPECT_TRUE(compared->regressed());
  EXPECT_FALSE(compare({{&a, "a"}, {&b, "b"}}, {})->regressed());
}

TEST(Compare, LeavesOutTheRepetitionThatWasCutShort) {
  Machine machine(5);
  const RunResult a = machine.run(3);
  RunResult b = machine.run(3);
  b.outcome = harness::Outcome::interrupted;
  b.problem = "interrupted";
  b.transports[3].repetitions[2].invalid = {"interrupted"};
  const auto compared = compare({{&a, "a"}, {&b, "b"}}, {});
  ASSERT_TRUE(compared.has_value());
  const auto& transports = compared->candidates[0].transports;
  EXPECT_THAT(find(transports, "websocket", "server_cpu")->samples.after, SizeIs(2));
  EXPECT_THAT(find(transports, "sse", "server_cpu")->samples.after, SizeIs(3));
  EXPECT_THAT(compared->candidates[0].source.invalid, ElementsAre("it was interrupted"));

  b.transports[3].repetitions[2].invalid = {"part 1: 3 were lost", "part 2: interrupted"};
  const auto merged = compare({{&a, "a"}, {&b, "b"}}, {});
  EXPECT_THAT(find(merged->candidates[0].transports, "websocket", "server_cpu")->samples.after,
              SizeIs(2));
}

TEST(Compare, AConditionDecidesInPlaceOfTheVerdicts) {
  Machine machine(5);
  const RunResult a = machine.run(3);
  const RunResult b = machine.run(3, {.bytes = 1.05});
  const auto regressed = [&](const char* text) {
    CompareOptions options;
    options.conditions.push_back(*parse_condition(text));
    return compare({{&a, "a"}, {&b, "b"}}, options)->regressed();
  };
  EXPECT_TRUE(regressed("websocket.application_bytes > +4%"));
  EXPECT_FALSE(regressed("websocket.application_bytes > +6%"));
  EXPECT_FALSE(regressed("delivery_latency.p50 > +30%"));
}

TEST(Compare, AConditionWithNothingToJudgeByIsAnError) {
  Machine machine(5);
  const RunResult a = machine.run(3);
  const RunResult b = machine.run(3);
  CompareOptions options;
  options.conditions.push_back(*parse_condition("websocket.delivery_latency.p999 > +10%"));
  const auto compared = compare({{&a, "a"}, {&b, "b"}}, options);
  ASSERT_FALSE(compared.has_value());
  EXPECT_THAT(compared.error().line(), HasSubstr("takes 10000 deliveries, there were 2000"));
}

}  // namespace
}  // namespace pushbench::report

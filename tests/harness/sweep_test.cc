#include "harness/sweep.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/crossover.h"

namespace pushbench::harness {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kHeaders = PUSHBENCH_SOURCE_DIR "/scenarios/headers";

std::string complaint(std::string_view text) {
  const auto spec = parse_sweep(text);
  return spec ? "" : spec.error().line();
}

TEST(Sweep, IsAKeyAndItsValues) {
  const auto spec = parse_sweep("transport.polling.interval=100ms,1s,5s");
  ASSERT_TRUE(spec);
  EXPECT_EQ(spec->key.name, "transport.polling.interval");
  EXPECT_THAT(spec->values, ElementsAre("100ms", "1s", "5s"));
}

TEST(Sweep, ErrorsSayWhatWouldBeRight) {
  EXPECT_THAT(complaint("users"), HasSubstr("write key=value,value"));
  EXPECT_EQ(parse_sweep("group.mobile.delay=10ms,100ms")->key.form, "duration");
  EXPECT_THAT(complaint("group.mobile.delya=1s,2s"), HasSubstr("did you mean group.mobile.delay?"));
  EXPECT_THAT(complaint("users.cuont=1,2"), HasSubstr("did you mean users.count?"));
  EXPECT_THAT(complaint("users.count=1"), HasSubstr("one value is no sweep"));
  EXPECT_THAT(complaint("users.count=1,,2"), HasSubstr("a value is missing"));
  EXPECT_THAT(complaint("users.count=1,2,1"), HasSubstr("1 is there twice"));
}

TEST(Sweep, EveryValueIsTriedFirst) {
  const Scenario scenario;
  const auto good = plan_sweep(scenario, *parse_sweep("users.count=5,10"), 1, kHeaders);
  ASSERT_TRUE(good);
  EXPECT_EQ((*good)[0].schedule.users(), 5U);
  EXPECT_EQ((*good)[1].schedule.users(), 10U);
  const auto bad = plan_sweep(scenario, *parse_sweep("users.count=5,none"), 1, kHeaders);
  ASSERT_FALSE(bad);
  EXPECT_THAT(bad.error().line(), HasSubstr("none"));
}

TEST(Sweep, FoldersHaveNoSlashes) {
  EXPECT_EQ(step_folder("100ms"), "100ms");
  EXPECT_EQ(step_folder("2/s"), "2-s");
  EXPECT_EQ(step_folder("../x"), "-.-x");
}

TEST(VariedKey, ReadsAndWritesTheKeysValues) {
  const auto interval = VariedKey::of(*parse_key("transport.polling.interval"));
  ASSERT_TRUE(interval);
  EXPECT_EQ(*interval->number("250ms"), 0.25);
  EXPECT_EQ(interval->text(0.25), "250ms");
  EXPECT_EQ(interval->text(1.23456), "1.23s");
  auto given = *interval;
  given.keep(1.23456, "1.23456s");
  EXPECT_EQ(given.text(1.23456), "1.23456s");
  EXPECT_EQ(given.rounded(1.23456), 1.23456);
  EXPECT_EQ(given.text(1.23457), "1.23s");
  const auto users = VariedKey::of(*parse_key("users"));
  EXPECT_EQ(users->name(), "users.count");
  EXPECT_EQ(users->unit(), "users");
  EXPECT_EQ(users->text(1234.4), "1234");
  EXPECT_TRUE(users->whole());
  const auto rate = VariedKey::of(*parse_key("traffic.rate"));
  EXPECT_EQ(*rate->number("30/min"), 0.5);
  EXPECT_EQ(rate->text(1234), "1230/s");
  const auto word = VariedKey::of(*parse_key("traffic.kind"));
  ASSERT_FALSE(word);
  EXPECT_THAT(word.error().line(), HasSubstr("vary a count, duration"));
}

TEST(VariedKey, ATransportsKeyConcernsItAlone) {
  const auto key = *parse_key("transport.polling.interval");
  EXPECT_THAT(*concerned(key, {"polling", "long-polling", "sse"}), ElementsAre("polling"));
  EXPECT_FALSE(concerned(key, {"sse", "websocket"}));
  EXPECT_EQ(concerned(*parse_key("users"), {"sse", "websocket"})->size(), 2U);
}

TEST(VariedKey, WhatItSaysToATargetGoesByTheDialect) {
  const auto says = [](const char* key, const char* transport, std::string_view dialect) {
    return concerns(*parse_key(key), transport, dialect);
  };
  EXPECT_TRUE(says("transport.polling.interval", "polling", "pushbench"));
  EXPECT_FALSE(says("transport.polling.interval", "websocket", "nchan"));
  EXPECT_TRUE(says("transport.long-polling.hold", "long-polling", "pushbench"));
  EXPECT_FALSE(says("transport.long-polling.hold", "long-polling", "nchan"));
  EXPECT_TRUE(says("transport.websocket.compression", "websocket", "ws"));
  EXPECT_TRUE(says("users", "sse", "nchan"));
  EXPECT_FALSE(says("server.retain", "sse", "pushbench"));
  EXPECT_TRUE(concerns(*parse_key("server.retain"), "sse"));
}

/// A plan of these transports of our own, and of a target that speaks nchan's dialect.
RunPlan columns_of(std::vector<std::string> own, std::vector<std::string> of_target) {
  RunPlan plan;
  plan.transports = std::move(own);
  Target target;
  target.name = "mine";
  target.dialect = "nchan";
  target.transports = std::move(of_target);
  plan.targets.push_back(std::move(target));
  return plan;
}

TEST(Sweep, IsRefusedIfItsKeySaysNothingToAnyColumn) {
  const auto interval = *parse_key("transport.polling.interval");
  EXPECT_TRUE(check_concerned(interval, columns_of({"polling"}, {"sse"})));
  EXPECT_EQ(check_concerned(interval, columns_of({"sse"}, {"sse", "websocket"})).error().line(),
            "transport.polling.interval: says nothing to sse, mine/sse, mine/websocket; name its "
            "transport");
  const auto retain = *parse_key("server.retain");
  EXPECT_TRUE(check_concerned(retain, columns_of({"sse"}, {"sse"})));
  EXPECT_EQ(check_concerned(retain, columns_of({}, {"sse"})).error().line(),
            "server.retain: says nothing to mine/sse; it is our own server's: measure that as "
            "well");
}

class Silent final : public ValueListener {
 public:
  void on_value(const std::string&, const std::string&, std::uint64_t) override {}
  void on_repetition_start(const std::string&, std::uint64_t) override {}
  void on_progress(const Progress&) override {}
  bool interrupted() override { return true; }
};

TEST(ValueRunner, FitsALengthToTheMessagesAndIntervals) {
  Scenario scenario;
  scenario.rate = 50;
  scenario.duration = std::chrono::seconds(60);
  Silent silent;
  const ValueRunner runner({scenario,
                            *VariedKey::of(*parse_key("transport.polling.interval")),
                            1,
                            2,
                            true,
                            {"users.count=100"},
                            "none",
                            kHeaders},
                           silent);
  const auto pushed = runner.plan({"websocket"}, 10);
  ASSERT_TRUE(pushed);
  EXPECT_NEAR(std::chrono::duration<double>(pushed->schedule.duration).count(), 4, 0.5);
  const auto polled = runner.plan({"polling", "websocket"}, 10);
  EXPECT_EQ(polled->schedule.duration, std::chrono::seconds(50));
  EXPECT_EQ(polled->scenario.repeat, 2U);
  EXPECT_EQ(polled->scenario.clients.interval, std::chrono::seconds(10));
  EXPECT_THAT(polled->overrides, ElementsAre("users.count=100", "transport.polling.interval=10s"));
}

TEST(ValueRunner, GivesMoreUsersMoreTimeToJoin) {
  Silent silent;
  const ValueRunner runner(
      {Scenario(), *VariedKey::of(*parse_key("users")), 1, 1, false, {}, "none", kHeaders}, silent);
  EXPECT_EQ(runner.plan({"websocket"}, 100)->scenario.join_time, std::chrono::seconds(1));
  EXPECT_EQ(runner.plan({"websocket"}, 10'000)->scenario.join_time, std::chrono::seconds(5));
  EXPECT_FALSE(runner.plan({"websocket"}, 1e12));
}

/// Theory's network bytes of polling every ten seconds, of a scenario of that length.
double forecast_over(std::chrono::seconds length) {
  Scenario scenario;
  scenario.duration = length;
  Silent silent;
  const ValueRunner runner({scenario,
                            *VariedKey::of(*parse_key("transport.polling.interval")),
                            1,
                            1,
                            false,
                            {},
                            "none",
                            kHeaders},
                           silent);
  return Forecaster(runner, "polling", **parse_metric("network_bytes"))(10).value_or(-1);
}

TEST(Forecaster, SaysTheSameForRunsOfAnyLength) {
  const double longer = forecast_over(std::chrono::seconds(600));
  EXPECT_GT(longer, 0);
  // Two seconds are not even one interval. Numbers have fewer digits in them, which is all.
  EXPECT_NEAR(forecast_over(std::chrono::seconds(2)) / longer, 1, 0.05);
}

TEST(ValueRunner, RunsNothingOnceItIsInterrupted) {
  Silent silent;
  ValueRunner runner(
      {Scenario(), *VariedKey::of(*parse_key("users")), 1, 1, false, {}, "none", kHeaders}, silent);
  EXPECT_EQ(runner.run({"websocket"}, 10, 1)->outcome, Outcome::interrupted);
}

}  // namespace
}  // namespace pushbench::harness

#include "report/table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "harness/result_json.h"

namespace pushbench::report {
namespace {

using harness::Repetition;
using harness::RunResult;
using testing::HasSubstr;
using testing::Not;

Repetition repetition(std::int64_t latency_us, std::uint64_t delivered) {
  Repetition r;
  r.users = 100;
  r.duration_s = 15;
  r.messages.published = delivered / 100;
  r.messages.expected = r.messages.delivered = delivered;
  for (int i = 0; i < 100; ++i) r.delivery_latency.record(latency_us);
  r.application = {delivered * 40, delivered * 180};
  r.server.cpu_us = delivered * 5;
  return r;
}

RunResult sample() {
  RunResult result;
  result.scenario = "chat";
  result.seed = 1;
  result.transports.resize(2);
  result.transports[0].name = "polling";
  result.transports[0].options = {{"interval", "1s"}};
  result.transports[1].name = "websocket";
  for (const std::int64_t latency : {500'000, 520'000, 510'000}) {
    Repetition polled = repetition(latency, 25'500);
    polled.exchanges = {1752, 1497, 1216, 163};
    polled.theory.mean_latency_us = 500'000;
    result.transports[0].repetitions.push_back(std::move(polled));
    Repetition pushed = repetition(latency / 1000, 25'500);
    pushed.exchanges = {100, 0, 0, 100};
    result.transports[1].repetitions.push_back(std::move(pushed));
  }
  return result;
}

void expect_fits_80_columns(const std::string& text) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(columns(line), 80U) << line;
}

TEST(Comparison, ShowsEachTransportsMediansInARow) {
  const std::string text = comparison(sample());
  EXPECT_THAT(text,
              HasSubstr("chat: 100 users, 255 messages, 25,500 deliveries, seed 1; medians of 3 "
                        "runs\n"));
  EXPECT_THAT(text, HasSubstr("polling        510 ms  510 ms  510 ms      1,752   81 %    40.0     "
                              "180  5.00 µs\n"));
  EXPECT_THAT(text, HasSubstr("websocket      510 µs  510 µs  510 µs        100      –    40.0     "
                              "180  5.00 µs\n"));
  EXPECT_THAT(text, Not(HasSubstr("INVALID")));
  expect_fits_80_columns(text);
}

TEST(Comparison, SaysWhatTheNumbersMean) {
  const std::string text = comparison(sample());
  EXPECT_THAT(text, HasSubstr("81 %"));
  EXPECT_THAT(text, HasSubstr("By arithmetic the mean is 500 ms"));
  EXPECT_THAT(text, HasSubstr("after 100 upgrades"));
}

TEST(Comparison, SaysWhyARunIsInvalid) {
  RunResult result = sample();
  result.transports[1].repetitions[2].invalid = {"3 of 25500 deliveries were lost"};
  EXPECT_FALSE(result.valid());
  const std::string text = comparison(result);
  EXPECT_THAT(text, HasSubstr("INVALID"));
  EXPECT_THAT(text, HasSubstr("websocket, repetition 3: 3 of 25500 deliveries were lost"));
  expect_fits_80_columns(text);
}

TEST(Comparison, WarnsWhereTheHarnessIsALargePartOfWhatItMeasured) {
  RunResult result = sample();
  for (auto& r : result.transports[1].repetitions) r.lateness.record(200);
  EXPECT_THAT(comparison(result), HasSubstr("Note: the harness itself was up to 200 µs late"));
  EXPECT_THAT(comparison(sample()), Not(HasSubstr("harness")));
}

TEST(Comparison, SaysThatAFasterReplayIsNotTheRoomsOwnTime) {
  RunResult result = sample();
  result.speedup = 40;
  const std::string text = comparison(result);
  EXPECT_THAT(text, HasSubstr("40 times as fast"));
  EXPECT_THAT(text, HasSubstr("20.4 s"));
  expect_fits_80_columns(text);
}

TEST(Comparison, OfNothingIsNothing) {
  EXPECT_EQ(comparison(RunResult()), "nothing was measured\n");
}

TEST(ResultJson, HasTheNamesThatOthersReadItBy) {
  RunResult result = sample();
  result.overrides = {"users.count=100"};
  const auto json = nlohmann::json::parse(harness::to_json(result, {"1.2.3", "abc"}));
  EXPECT_EQ(json["schema"], "pushbench-result/1");
  EXPECT_EQ(json["valid"], true);
  EXPECT_EQ(json["context"]["commit"], "abc");
  EXPECT_EQ(json["context"]["set"][0], "users.count=100");
  const auto& r = json["transports"][0]["repetitions"][1];
  EXPECT_EQ(json["transports"][0]["options"]["interval"], "1s");
  EXPECT_EQ(r["users"], 100);
  EXPECT_EQ(r["messages"]["lost"], 0);
  EXPECT_NEAR(r["delivery_latency_us"]["p99"].get<double>(), 520'000, 520);
  EXPECT_EQ(r["exchanges"]["empty"], 1216);
  EXPECT_EQ(r["bytes"]["application"]["down"], 25'500 * 180);
  EXPECT_EQ(r["server"]["cpu_us"], 25'500 * 5);
  EXPECT_EQ(r["theory"]["delivery_latency_us"]["mean"], 500'000.0);
}

}  // namespace
}  // namespace pushbench::report

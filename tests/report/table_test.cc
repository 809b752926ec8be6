#include "report/table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <utility>

#include "harness/result_json.h"
#include "report/columns.h"

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
  for (int i = 0; i < 1000; ++i) r.delivery_latency.record(latency_us);
  r.bytes.application = {delivered * 40, delivered * 180};
  r.bytes.network = {delivered * 60, delivered * 260};
  r.server.emplace().cpu_us = delivered * 5;
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
    polled.exchanges = {.total = 1752, .asked = 1497, .empty = 1216, .connections = 163};
    polled.theory.mean_latency_us = 500'000;
    result.transports[0].repetitions.push_back(std::move(polled));
    Repetition pushed = repetition(latency / 1000, 25'500);
    pushed.exchanges = {.total = 100, .connections = 100};
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

TEST(Comparison, HasNoFiguresOfWhatWasNotDelivered) {
  RunResult result = sample();
  harness::Repetition nothing;
  nothing.users = 100;
  nothing.exchanges = {.total = 100, .connections = 100};
  nothing.lateness.record(200);
  result.transports[1].repetitions.clear();
  result.transports[1].repetitions.push_back(std::move(nothing));
  const std::string text = comparison(result);
  EXPECT_THAT(text,
              HasSubstr("websocket           –       –       –        100      –       –       "
                        "–        –\n"));
  EXPECT_THAT(text, HasSubstr("websocket: Nothing was delivered."));
  EXPECT_THAT(text, Not(HasSubstr("the harness itself was")));
  expect_fits_80_columns(text);
}

TEST(Comparison, SaysHowManyDeliveriesALongPollBrings) {
  RunResult result = sample();
  result.transports[0].name = "long-polling";
  for (auto& r : result.transports[0].repetitions) r.exchanges.asked = 25'000;
  EXPECT_THAT(comparison(result), HasSubstr("for nearly every delivery, 220 bytes"));
  for (auto& r : result.transports[0].repetitions) r.exchanges.asked = 2'550;
  const std::string text = comparison(result);
  EXPECT_THAT(text, HasSubstr("0.100 requests"));
  EXPECT_THAT(text, Not(HasSubstr("nearly every")));
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

TEST(Comparison, SaysWhatWasCutAndWhatBecameOfTheMessages) {
  RunResult result = sample();
  for (auto& transport : result.transports) {
    for (Repetition& r : transport.repetitions) {
      r.exchanges.cuts = 150;
      r.exchanges.reconnects = 149;
    }
  }
  const std::string text = comparison(result);
  EXPECT_THAT(text, HasSubstr("websocket 150 times (149 came back)"));
  EXPECT_THAT(text, HasSubstr("Nothing was lost"));
  expect_fits_80_columns(text);

  result.transports[0].repetitions[0].messages.missed = 12;
  const std::string with_gap = comparison(result);
  EXPECT_THAT(with_gap, Not(HasSubstr("Nothing was lost")));
  EXPECT_THAT(with_gap, HasSubstr("12 deliveries were missed"));
  EXPECT_THAT(comparison(sample()), Not(HasSubstr("Cuts:")));

  result.transports[1].repetitions[2].messages.lost = 1;
  EXPECT_THAT(comparison(result), Not(HasSubstr("No message was lost")));
}

TEST(Comparison, SaysWhatWasUnderWayWhenUsersLeft) {
  RunResult result = sample();
  EXPECT_THAT(comparison(result), Not(HasSubstr("Left:")));
  for (auto& transport : result.transports) {
    for (Repetition& r : transport.repetitions) r.exchanges.cuts = r.exchanges.reconnects = 5;
  }
  EXPECT_THAT(comparison(result), HasSubstr("once and in order.\n"));
  result.transports[0].repetitions[1].messages.left = 1234;
  const std::string text = comparison(result);
  EXPECT_THAT(text, HasSubstr("polling 1,234. They are neither"));
  EXPECT_THAT(text, HasSubstr("but for what was under"));
  expect_fits_80_columns(text);
}

TEST(Comparison, SaysWhatTlsAdded) {
  RunResult result = sample();
  result.tls = true;
  for (Repetition& r : result.transports[1].repetitions) r.bytes.tls = {25'500 * 10, 25'500 * 22};
  const std::string text = comparison(result);
  EXPECT_THAT(text, HasSubstr("websocket 32.0"));
  expect_fits_80_columns(text);
  EXPECT_THAT(comparison(sample()), Not(HasSubstr("TLS")));
}

TEST(Comparison, HasASentenceForEveryTransport) {
  for (const char* name : {"polling", "long-polling", "sse", "websocket", "carrier pigeon"}) {
    RunResult result = sample();
    result.transports[1].name = name;
    EXPECT_THAT(comparison(result), HasSubstr(std::string(name) + ": Half of the messages"));
  }
}

TEST(Comparison, OfNothingIsNothing) {
  EXPECT_EQ(comparison(RunResult()), "nothing was measured\n");
}

TEST(ResultJson, HasTheNamesThatOthersReadItBy) {
  RunResult result = sample();
  result.overrides = {"users.count=100"};
  result.context.build = {"1.2.3", "abc"};
  const auto json = nlohmann::json::parse(harness::to_json(result));
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

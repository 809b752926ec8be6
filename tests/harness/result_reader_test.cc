#include "harness/result_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/result_json.h"
#include "harness/server_costs.h"

namespace pushbench::harness {
namespace {

using testing::HasSubstr;

Repetition repetition(std::uint64_t empty, std::uint64_t delivered, std::uint64_t cpu_us) {
  Repetition r;
  r.users = 10;
  r.duration_s = 1;
  r.messages.published = 100;
  r.messages.delivered = delivered;
  r.exchanges.asked = empty > 0 ? empty + delivered : 0;
  r.exchanges.empty = empty;
  r.server.emplace().cpu_us = cpu_us;
  r.server->peak_rss_bytes = 20'000'000;
  return r;
}

/// Each poll or publish takes 20 us, and each message that is pushed, or comes in a frame, 5 us.
RunResult sample() {
  RunResult result;
  result.scenario = "chat";
  result.transports.resize(2);
  result.transports[0].name = "polling";
  result.transports[0].repetitions.push_back(repetition(900, 1000, 2000 * 20));
  result.transports[1].name = "websocket";
  result.transports[1].repetitions.push_back(repetition(0, 1000, 1100 * 5));
  return result;
}

std::string text() { return to_json(sample()); }

std::string problem_of(const std::string& json) {
  const auto result = parse_result(json, "r.json");
  return result ? "" : result.error().line();
}

TEST(ResultReader, ReadsWhatARunWrote) {
  const auto result = parse_result(text(), "r.json");
  ASSERT_TRUE(result) << result.error().line();
  EXPECT_EQ(result->scenario, "chat");
  ASSERT_EQ(result->transports.size(), 2U);
  EXPECT_EQ(result->transports[0].name, "polling");
  EXPECT_EQ(result->transports[0].repetitions[0].empty, 900);
  EXPECT_EQ(result->transports[1].repetitions[0].server_cpu_us, 5500);
}

TEST(ResultReader, SaysInOneLineWhatIsWrong) {
  const std::string whole = text();
  EXPECT_THAT(problem_of(whole.substr(0, whole.size() / 2)), HasSubstr("r.json: ends after"));
  EXPECT_THAT(problem_of(""), HasSubstr("is empty"));
  EXPECT_THAT(problem_of("<html>"), HasSubstr("is not JSON, from byte 1"));
  EXPECT_THAT(problem_of("[]"), HasSubstr("its schema is none"));
  EXPECT_THAT(problem_of(R"({"schema":"pushbench-result/9"})"),
              HasSubstr("was written by a newer pushbench"));
  const std::string head = R"({"schema":"pushbench-result/1","scenario":"chat","valid":true)";
  EXPECT_THAT(problem_of(head + "}"), HasSubstr("/transports: is missing"));
  EXPECT_THAT(problem_of(head + R"(,"transports":[]})"), HasSubstr("no repetition"));
  EXPECT_THAT(problem_of(head + R"(,"transports":[{"name":"sse"}]})"),
              HasSubstr("/transports/0/repetitions: is missing"));
  std::string lacking = whole;
  lacking.replace(lacking.find("\"cpu_us\""), 8, "\"gpu_us\"");
  EXPECT_THAT(problem_of(lacking),
              HasSubstr("/transports/0/repetitions/0/server/cpu_us: is missing"));
  EXPECT_THAT(read_result("/nowhere/at/all").error().line(), HasSubstr("cannot be read"));
}

Prediction doing(double exchanges, double pushed) {
  Prediction prediction;
  prediction.exchanges = exchanges;
  prediction.pushed = pushed;
  return prediction;
}

TEST(ServerCosts, AreSolvedFromTheTransports) {
  const auto result = parse_result(text(), "r.json");
  const MeasuredCosts costs = costs_of(*result, "websocket");
  EXPECT_NEAR(costs.exchange_us, 20, 1e-6);
  EXPECT_NEAR(costs.push_us, 5, 1e-6);
  EXPECT_NEAR(costs.factor, 1, 1e-9);
  EXPECT_TRUE(costs.is_own);
  EXPECT_NEAR(costs.done_per_s, 1100, 1e-9);
  EXPECT_EQ(costs.user_rss_bytes, 2'000'000);
  EXPECT_FALSE(costs_of(*result, "sse").is_own);
  EXPECT_NEAR(*cores(costs, doing(10'000, 160'000)), 1, 1e-6);
}

TEST(ServerCosts, AreScaledByWhatATransportTookItself) {
  RunResult run = sample();
  run.transports.push_back(std::move(sample().transports[0]));
  run.transports[2].name = "long-polling";
  run.transports[2].repetitions[0].server->cpu_us = 10'000;
  const auto result = parse_result(to_json(run), "r.json");
  // Whatever the fit makes of two prices for an exchange, each transport's own comes out.
  EXPECT_NEAR(*cores(costs_of(*result, "polling"), doing(2000, 0)), 0.04, 1e-9);
  EXPECT_NEAR(*cores(costs_of(*result, "polling"), doing(4000, 0)), 0.08, 1e-9);
  EXPECT_NEAR(*cores(costs_of(*result, "long-polling"), doing(2000, 0)), 0.01, 1e-9);
}

TEST(ServerCosts, AreNoneOfWhatTheResultDidNotDo) {
  RunResult run = sample();
  run.transports.erase(run.transports.begin());
  const auto result = parse_result(to_json(run), "r.json");
  EXPECT_NEAR(*cores(costs_of(*result, "websocket"), doing(0, 11'000)), 0.055, 1e-9);
  EXPECT_NEAR(*cores(costs_of(*result, "sse"), doing(100, 11'000)), 0.0555, 1e-9);
  EXPECT_FALSE(cores(costs_of(*result, "polling"), doing(1000, 0)));
  EXPECT_FALSE(costs_of(*result, "polling").knows_exchange);
}

TEST(ServerCosts, OfOneTransportAreThoseOfThatMix) {
  RunResult run = sample();
  run.transports[1].name = "sse";
  run.transports.erase(run.transports.begin());
  const auto result = parse_result(to_json(run), "r.json");
  const MeasuredCosts costs = costs_of(*result, "sse");  // 100 posts on 1,000 pushes
  EXPECT_NEAR(costs.exchange_us, 5, 1e-6);
  EXPECT_NEAR(costs.push_us, 5, 1e-6);
  EXPECT_FALSE(costs.knows_exchange);
}

}  // namespace
}  // namespace pushbench::harness

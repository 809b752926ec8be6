#include "report/condition.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pushbench::report {
namespace {

using Of = Condition::Of;
using harness::MetricLimit;
using testing::HasSubstr;

Condition parsed(std::string_view text) {
  const auto condition = parse_condition(text);
  EXPECT_TRUE(condition.has_value()) << (condition ? "" : condition.error().line());
  return condition.value_or(Condition());
}

std::string complaint(std::string_view text) {
  const auto condition = parse_condition(text);
  return condition ? "none" : condition.error().line();
}

TEST(Condition, ReadsTransportMetricSignAndValue) {
  const Condition share = parsed("websocket.delivery_latency.p99 > +10%");
  EXPECT_EQ(share.transport, "websocket");
  EXPECT_EQ(share.metric->name, "delivery_latency.p99");
  EXPECT_EQ(share.sense, MetricLimit::Sense::above);
  EXPECT_EQ(share.of, Of::share);
  EXPECT_NEAR(share.value, 0.1, 1e-12);
  EXPECT_EQ(share.text, "websocket.delivery_latency.p99 > +10%");

  const Condition difference = parsed("delivery_latency.mean>=+1ms");
  EXPECT_EQ(difference.transport, "*");
  EXPECT_EQ(difference.of, Of::difference);
  EXPECT_EQ(difference.sense, MetricLimit::Sense::at_least);
  EXPECT_EQ(difference.value, 1000);

  const Condition less = parsed(" *.delivered_per_second  <  -5% ");
  EXPECT_EQ(less.sense, MetricLimit::Sense::below);
}

TEST(Condition, ReadsFiguresWithoutASignAsTheCandidatesOwn) {
  const Condition figure = parsed("sse.delivery_latency.p99 > 250ms");
  EXPECT_EQ(figure.of, Of::figure);
  EXPECT_EQ(figure.value, 250'000);
  EXPECT_EQ(parsed("polling.exchanges.empty_share > 20%").of, Of::figure);
  EXPECT_EQ(parsed("polling.exchanges.empty_share > +20%").of, Of::share);
  EXPECT_EQ(parsed("network_bytes > +1KiB").value, 1024);
  EXPECT_EQ(parsed("*.server_cpu > +150%").value, 1.5);
  EXPECT_EQ(parsed("server_cpu > +0%").value, 0);
}

TEST(Condition, SaysWhereItIsWrongAndTheNearestRightWord) {
  EXPECT_THAT(complaint("websokcet.delivery_latency.p99 > +10%"),
              HasSubstr("character 1: \"websokcet\": there is no such transport; did you mean "
                        "websocket?"));
  EXPECT_THAT(complaint("websocket.delivery_latncy.p99 > +10%"),
              HasSubstr("character 11: delivery_latncy.p99: there is no such metric; did you mean "
                        "delivery_latency.p99?"));
  EXPECT_THAT(complaint("delivry_latency.p99 > +10%"),
              HasSubstr("did you mean delivery_latency.p99?"));
  EXPECT_THAT(complaint("sse.server_cpu > +10"), HasSubstr("character 18: \"10\": write"));
  EXPECT_THAT(complaint("sse.server_cpu > 10%"), HasSubstr("for a change write +10% or -10%"));
  EXPECT_THAT(complaint("sse.server_cpu => +10%"), HasSubstr("character 16: \"=>\": write one of"));
  EXPECT_THAT(complaint("sse.server_cpu"), HasSubstr("write a metric, one of"));
  EXPECT_THAT(complaint("sse.server_cpu > "), HasSubstr("write a number"));
  EXPECT_THAT(complaint("sse.server_cpu > +x%"), HasSubstr("\"x%\": write a number and %"));
  EXPECT_THAT(complaint("> +10%"), HasSubstr("there is no such metric"));
}

Change change(std::vector<double> before, std::vector<double> after) {
  return change_of(**harness::parse_metric("delivery_latency.p99"),
                   {std::move(before), std::move(after), false, 0}, {});
}

TEST(Condition, FailsOnlyWhereTheChangeIsNoNoise) {
  const Condition condition = parsed("websocket.delivery_latency.p99 > +10%");
  EXPECT_TRUE(condition.fails(change({1000, 1010, 1020}, {1130, 1140, 1150})));
  EXPECT_FALSE(condition.is_met(change({1000, 1010, 1020}, {1030, 1040, 1050})));
  const Change noisy = change({900, 1010, 1400}, {1000, 1200, 1500});
  EXPECT_TRUE(condition.is_met(noisy));
  EXPECT_FALSE(condition.fails(noisy));
}

TEST(Condition, OfAFigureIsTheCandidatesMedian) {
  const Condition condition = parsed("delivery_latency.p99 > 1ms");
  EXPECT_TRUE(condition.fails(change({5000, 5000, 5000}, {900, 1100, 1200})));
  EXPECT_FALSE(condition.fails(change({5000, 5000, 5000}, {900, 950, 1200})));
}

TEST(Percent, IsAShare) {
  EXPECT_NEAR(*parse_percent("5%"), 0.05, 1e-12);
  EXPECT_EQ(*parse_percent("0%"), 0);
  EXPECT_FALSE(parse_percent("5").has_value());
  EXPECT_FALSE(parse_percent("%").has_value());
  EXPECT_FALSE(parse_percent("-5%").has_value());
}

}  // namespace
}  // namespace pushbench::report

#include "harness/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pushbench::harness {
namespace {

using testing::HasSubstr;

Repetition sample() {
  Repetition r;
  r.users = 10;
  r.duration_s = 2;
  r.messages.delivered = 100;
  for (int i = 1; i <= 100; ++i) r.delivery_latency.record(i * 10);
  r.exchanges.asked = 50;
  r.exchanges.empty = 20;
  r.payload = {100, 6'400};
  r.bytes.application = {1'000, 9'000};
  r.bytes.network = {3'000, 11'000};
  r.server.emplace().cpu_us = 700;
  r.server->peak_rss_bytes = 1'000'000;
  return r;
}

double value(std::string_view name, const Repetition& r) {
  const auto metric = parse_metric(name);
  return metric ? (*metric)->of(r).value_or(-1) : -2;
}

TEST(Metrics, AreTheFiguresOfARepetition) {
  const Repetition r = sample();
  EXPECT_NEAR(value("delivery_latency.mean", r), 505, 1);
  EXPECT_NEAR(value("delivery_latency.p50", r), 500, 1);
  EXPECT_NEAR(value("delivery_latency.p90", r), 900, 1);
  EXPECT_EQ(value("delivery_latency.p99", r), -1);  // takes 1,000
  EXPECT_EQ(value("delivery_latency.p999", r), -1);
  EXPECT_NEAR(value("delivery_latency.max", r), 1000, 1);
  EXPECT_EQ(value("exchanges.empty_share", r), 0.4);
  EXPECT_EQ(value("exchanges_per_message", r), 0.5);
  EXPECT_EQ(value("payload_bytes", r), 65);
  EXPECT_EQ(value("application_bytes", r), 100);
  EXPECT_EQ(value("network_bytes", r), 140);
  EXPECT_EQ(value("server_cpu", r), 7);
  EXPECT_EQ(value("server_memory", r), 100'000);
  EXPECT_EQ(value("delivered_per_second", r), 50);
}

TEST(Metrics, ThatWereNotMeasuredAreNothing) {
  const Repetition r;
  for (const Metric& metric : metrics()) {
    EXPECT_FALSE(metric.of(r)) << metric.name;
  }
}

TEST(Metrics, PercentilesTakeTenValuesBeyond) {
  Repetition r;
  for (int i = 1; i <= 999; ++i) r.delivery_latency.record(i);
  EXPECT_EQ(value("delivery_latency.p99", r), -1);
  const Metric& p99 = **parse_metric("delivery_latency.p99");
  EXPECT_THAT(lacking(p99, 999), HasSubstr("takes 1000 deliveries, there were 999"));
  r.delivery_latency.record(1000);
  EXPECT_NEAR(value("delivery_latency.p99", r), 990, 1);
  EXPECT_EQ(lacking(p99, 1000), "");
  EXPECT_EQ(lacking(**parse_metric("network_bytes"), 0), "");
}

TEST(Metrics, HaveTheoryWhereThereIsOne) {
  Theory theory;
  theory.application_up = 30;
  EXPECT_FALSE((*parse_metric("application_bytes"))->theory(theory));
  theory.application_down = 70;
  EXPECT_EQ((*parse_metric("application_bytes"))->theory(theory), 100);
  EXPECT_FALSE((*parse_metric("server_cpu"))->theory(theory));
}

TEST(Metrics, TheNearestNameIsNamed) {
  const auto metric = parse_metric("delivery_latency.p98");
  ASSERT_FALSE(metric);
  EXPECT_THAT(metric.error().line(), HasSubstr("did you mean delivery_latency.p9"));
  EXPECT_THAT(metric.error().line(), HasSubstr("network_bytes"));
}

TEST(Metrics, FiguresAreWrittenForPeople) {
  EXPECT_EQ(figure_text(FigureUnit::microseconds, 412), "412 µs");
  EXPECT_EQ(figure_text(FigureUnit::microseconds, 250'000), "250 ms");
  EXPECT_EQ(figure_text(FigureUnit::microseconds, 1'204'000), "1.20 s");
  EXPECT_EQ(figure_text(FigureUnit::bytes, 1480.4), "1480 B");
  EXPECT_EQ(figure_text(FigureUnit::share, 0.2), "20.0 %");
  EXPECT_EQ(figure_text(FigureUnit::share, 1e-17), "0 %");
  EXPECT_EQ(figure_text(FigureUnit::ratio, 0.8312), "0.831");
  EXPECT_EQ(figure_text(FigureUnit::rate, 12.34), "12.3/s");
}

TEST(MetricLimit, TakesTheMetricsUnit) {
  const auto latency = parse_limit("delivery_latency.p99<250ms");
  ASSERT_TRUE(latency);
  EXPECT_EQ(latency->bound, 250'000);
  EXPECT_TRUE(latency->holds(249'999));
  EXPECT_FALSE(latency->holds(250'000));
  EXPECT_EQ(parse_limit("network_bytes <= 2KiB")->bound, 2048);
  EXPECT_TRUE(parse_limit("network_bytes<=2KiB")->holds(2048));
  EXPECT_EQ(parse_limit("exchanges.empty_share<20%")->bound, 0.2);
  EXPECT_EQ(parse_limit("exchanges.empty_share<0.2")->bound, 0.2);
  EXPECT_EQ(parse_limit("exchanges_per_message<1.5")->bound, 1.5);
  EXPECT_TRUE(parse_limit("delivered_per_second>=1000/s")->holds(1000));
  EXPECT_FALSE(parse_limit("delivered_per_second>1000")->holds(1000));
}

std::string complaint(std::string_view text) {
  const auto limit = parse_limit(text);
  return limit ? "" : limit.error().line();
}

TEST(MetricLimit, ErrorsSayWhatWouldBeRight) {
  EXPECT_THAT(complaint("delivery_latency.p99"), HasSubstr("one of < <= > >="));
  EXPECT_THAT(complaint("latency.p99<1s"), HasSubstr("did you mean"));
  EXPECT_THAT(complaint("delivery_latency.p99<250"), HasSubstr("with its unit"));
  EXPECT_THAT(complaint("exchanges.empty_share<120%"), HasSubstr("write a share"));
  EXPECT_THAT(complaint("network_bytes<fast"), HasSubstr("64B"));
  EXPECT_THAT(complaint("exchanges_per_message<"), HasSubstr("a number above 0"));
}

TEST(Spread, IsTheMiddleAndTheEnds) {
  EXPECT_FALSE(spread_of(std::vector<double>{}));
  const auto odd = spread_of(std::vector<double>{3, 1, 2});
  EXPECT_EQ(odd->median, 2);
  EXPECT_EQ(odd->least, 1);
  EXPECT_EQ(odd->most, 3);
  EXPECT_EQ(spread_of(std::vector<double>{4, 1, 2, 3})->median, 2.5);
}

}  // namespace
}  // namespace pushbench::harness

#include "harness/needs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/account.h"
#include "harness/limits.h"
#include "harness/run.h"
#include "net/cores.h"

namespace pushbench::harness {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Schedule schedule_of(std::size_t users, std::size_t says) {
  Schedule schedule;
  schedule.poll_phases.assign(users, 0);
  for (std::uint32_t i = 0; i < says; ++i) schedule.says.push_back({1ms * i, i % 10, 64});
  return schedule;
}

TEST(Needs, GrowWithUsersMessagesAndWhatAConnectionCosts) {
  Scenario scenario;
  const Needs few = needs_of(scenario, schedule_of(100, 10), {"websocket"}, 1);
  const Needs many = needs_of(scenario, schedule_of(10'100, 10), {"websocket"}, 1);
  EXPECT_EQ(many.files - few.files, 10'000U);
  EXPECT_EQ(many.ports, 10'100U);
  EXPECT_GT(many.memory, few.memory);
  // A publisher has a second connection for its POSTs.
  EXPECT_EQ(needs_of(scenario, schedule_of(100, 10), {"sse"}, 1).ports, 110U);
  // Socket.IO's long polls have it from their handshake on, whoever publishes.
  EXPECT_EQ(
      needs_of(scenario, schedule_of(100, 10), {"websocket", "long-polling"}, 1, "socketio").ports,
      200U);
  EXPECT_EQ(needs_of(scenario, schedule_of(100, 10), {"websocket"}, 1, "socketio").ports, 100U);
  // A bit for each user and message.
  const Needs long_run = needs_of(scenario, schedule_of(10'000, 100'000), {"websocket"}, 1);
  EXPECT_GT(long_run.memory, 10'000 * 100'000 / 8U);
  scenario.tls = true;
  EXPECT_GT(needs_of(scenario, schedule_of(100, 10), {"websocket"}, 1).memory, few.memory);
}

TEST(Needs, HaveWhatJoiningTakesWhereAllJoinAtOnce) {
  Scenario scenario;
  for (const char* transport : {"sse", "websocket"}) {
    scenario.presence = Presence::fixed;
    EXPECT_EQ(needs_of(scenario, schedule_of(100, 10), {transport}, 1, "nchan").ports, 110U);
    scenario.presence = Presence::at_once;
    EXPECT_EQ(needs_of(scenario, schedule_of(100, 10), {transport}, 1, "nchan").ports, 200U);
  }
  EXPECT_EQ(needs_of(scenario, schedule_of(100, 10), {"long-polling"}, 1, "nchan").ports, 110U);
}

TEST(PlannedTime, IsOfTheFloorAndAllRepetitionsOfAllTransports) {
  RunPlan plan;
  plan.schedule = schedule_of(10, 10);
  plan.schedule.duration = 20s;
  plan.scenario.join_time = 1s;
  plan.scenario.warmup = 500ms;
  plan.scenario.clients.interval = 250ms;
  plan.scenario.repeat = 2;
  plan.transports = {"websocket"};
  constexpr net::Duration kFloor = 10'050ms;  // ten seconds at most, with its own warm-up
  EXPECT_EQ(planned_time(plan), kFloor + 2 * 21'500ms);
  plan.transports = {"websocket", "polling"};  // whose last polls come an interval later
  EXPECT_EQ(planned_time(plan), kFloor + 2 * (2 * 21'500ms + 250ms));
  plan.scenario.presence = Presence::at_once;
  EXPECT_EQ(planned_time(plan), kFloor + 2 * (2 * 20'500ms + 250ms));
  plan.schedule.duration = 4s;
  EXPECT_EQ(planned_time(plan), 4'050ms + 2 * (2 * 4'500ms + 250ms));
  plan.floor = false;
  EXPECT_EQ(planned_time(plan), 2 * (2 * 4'500ms + 250ms));
}

TEST(Needs, PortsThatDoNotSufficeAreTakenFromMoreAddresses) {
  EXPECT_EQ(sources_for(1'000, 28'232), 0U);
  EXPECT_EQ(sources_for(50'000, 28'232), 3U);
  EXPECT_EQ(source_of(0).text(), "127.0.1.1:0");
  EXPECT_EQ(source_of(253).text(), "127.0.1.254:0");
  EXPECT_EQ(source_of(254).text(), "127.0.2.1:0");
}

TEST(Needs, WhatIsMissingIsNamedWithItsAmount) {
  const Resources machine{28'000, 1ULL << 30};
  EXPECT_TRUE(ensure({100, 100, 1 << 20}, machine));
  EXPECT_THAT(ensure({100, 100, 3ULL << 30}, machine).error().line(),
              HasSubstr("about 3072 MiB are needed and 1024 MiB are available"));
  EXPECT_THAT(ensure({100, 1ULL << 40, 1 << 20}, machine).error().line(), HasSubstr("ports"));
  const Resources here = resources();
  EXPECT_GT(here.ports, 0U);
  EXPECT_GT(here.memory, 0U);
}

TEST(Cores, AreSharedOutOnlyWhereThereAreMoreThanThreads) {
  EXPECT_FALSE(net::assign_cores({}, 1));
  EXPECT_FALSE(net::assign_cores({5}, 1));
  EXPECT_FALSE(net::assign_cores({0, 1}, 2));
  const auto two = net::assign_cores({0, 1}, 1);
  ASSERT_TRUE(two);
  EXPECT_EQ(two->server, 1);
  EXPECT_THAT(two->harness, ElementsAre(0));
  const auto four = net::assign_cores({2, 3, 6, 7}, 3);
  ASSERT_TRUE(four);
  EXPECT_EQ(four->server, 7);
  EXPECT_THAT(four->harness, ElementsAre(2, 3, 6));
}

TEST(Limits, AreHeldAgainstTheMedianOverRepetitions) {
  TransportResult transport{"polling", {}, {}};
  for (const std::int64_t us : {1'000, 9'000, 2'000}) {
    Repetition& r = transport.repetitions.emplace_back();
    for (int i = 0; i < 20; ++i) r.delivery_latency.record(us);
    r.messages.delivered = 10;
    r.bytes.network = {1'000, 2'000};
    r.exchanges.asked = 10;
    r.exchanges.empty = 5;
  }
  Limits limits;
  EXPECT_THAT(failed_limits(limits, transport), IsEmpty());
  limits.latency_p50 = 3ms;
  limits.latency_max = 1500us;
  limits.empty_share = 0.4;
  limits.network_bytes = 299;
  EXPECT_THAT(failed_limits(limits, transport),
              ElementsAre("polling: delivery latency max 2 ms, over the limit of 1.5 ms",
                          "polling: empty share 0.5, over the limit of 0.4",
                          "polling: 300 network bytes per message, over the limit of 299"));
}

TEST(Limits, OfAPercentileNeedTheDeliveriesForIt) {
  TransportResult transport{"polling", {}, {}};
  transport.repetitions.emplace_back();
  Limits limits;
  limits.latency_p99 = 250ms;
  EXPECT_THAT(failed_limits(limits, transport),
              ElementsAre("polling: cannot be held against the limit of 250 ms: "
                          "delivery_latency.p99 takes 1000 deliveries, there were 0; lengthen the "
                          "run (traffic.duration)"));
  for (int i = 0; i < 1000; ++i) transport.repetitions[0].delivery_latency.record(1'000);
  EXPECT_THAT(failed_limits(limits, transport), IsEmpty());
}

TEST(Formula, AddsHeadersToWhatWasSent) {
  Repetition r;
  r.messages.published = 10;
  r.messages.delivered = 100;
  r.exchanges.total = r.exchanges.connections = 10;  // WebSockets
  r.bytes.application = {3'000, 20'000};
  add_headers_by_formula(r);
  EXPECT_EQ(r.network_source, "formula");
  // Upgrades, messages, ACKs; and SYN, ACK, FIN, ACK. 8 more are the options of each SYN.
  EXPECT_EQ(r.bytes.segments.up, 10 + 10 + 100 + 40U);
  EXPECT_EQ(r.bytes.network.up, 3'000 + 160 * 52 + 80U);
  EXPECT_EQ(r.bytes.segments.down, 10 + 100 + 10 + 20U);
  EXPECT_EQ(r.bytes.network.down, 20'000 + 140 * 52 + 80U);
}

}  // namespace
}  // namespace pushbench::harness

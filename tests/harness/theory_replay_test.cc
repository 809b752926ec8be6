#include "harness/theory_replay.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "harness/prediction.h"

namespace pushbench::harness {
namespace {

using namespace std::chrono_literals;

Scenario scenario_with(double rate, std::size_t users) {
  Scenario scenario;
  scenario.traffic = TrafficKind::poisson;
  scenario.users = users;
  scenario.rate = rate;
  scenario.duration = 300s;
  scenario.clients.interval = 500ms;
  scenario.link.profile.delay = 40ms;
  return scenario;
}

/// Twenty rooms of twenty users, who see 4 messages a second each.
Scenario plain() {
  Scenario scenario = scenario_with(80, 400);
  scenario.rooms = 20;
  return scenario;
}

/// As many as the rate says, whatever the seed would draw, so that nothing but the theories differ.
Schedule schedule_of(const Scenario& scenario) {
  Schedule schedule = *unroll(scenario, {}, 1);
  const double drawn = static_cast<double>(schedule.says.size()) / 300;
  for (Say& say : schedule.says) {
    say.due = net::Duration(static_cast<net::Duration::rep>(static_cast<double>(say.due.count()) *
                                                            drawn / scenario.rate));
  }
  schedule.duration = std::chrono::duration_cast<net::Duration>(300s * drawn / scenario.rate);
  return schedule;
}

/// What two ways to one answer must agree on: the formulas, and a schedule played through.
class BothTheories : public testing::TestWithParam<const char*> {};

void expect_agreement(const Theory& formula, const Theory& played, double tolerance) {
  const auto near = [tolerance](std::optional<double> a, std::optional<double> b, double least) {
    ASSERT_EQ(a.has_value(), b.has_value());
    EXPECT_NEAR(a.value_or(0), b.value_or(0), std::max(tolerance * b.value_or(0), least));
  };
  near(formula.mean_latency_us, played.mean_latency_us, 1000);
  near(formula.p50_latency_us, played.p50_latency_us, 3000);
  near(formula.p90_latency_us, played.p90_latency_us, 3000);
  near(formula.empty_share, played.empty_share, 0.01);
  near(formula.exchanges_per_message, played.exchanges_per_message, 0);
  near(formula.application_down, played.application_down, 0);
  near(formula.application_up, played.application_up, 0);
  near(formula.network_down, played.network_down, 0);
  near(formula.network_up, played.network_up, 0);
}

TEST_P(BothTheories, AgreeOnAPlainScenario) {
  const Scenario scenario = plain();
  const Schedule schedule = schedule_of(scenario);
  expect_agreement(predict(GetParam(), scenario, {}).theory,
                   replay(GetParam(), scenario, schedule, {}), 0.03);
}

TEST_P(BothTheories, AgreeOnJitterAndANarrowLink) {
  Scenario scenario = plain();
  scenario.link.profile.jitter = 30ms;
  scenario.link.profile.up = 200'000;
  scenario.link.profile.down = 400'000;
  const Schedule schedule = schedule_of(scenario);
  expect_agreement(predict(GetParam(), scenario, {}).theory,
                   replay(GetParam(), scenario, schedule, {}), 0.04);
}

TEST_P(BothTheories, AgreeOnGroups) {
  Scenario scenario = plain();
  scenario.groups.push_back({"far", 0.5, {}});
  scenario.groups[0].link.profile.delay = 100ms;
  Schedule schedule = schedule_of(scenario);
  for (std::size_t user = 0; user < 400; ++user) schedule.user_groups[user] = user / 20 % 2;
  expect_agreement(predict(GetParam(), scenario, {}).theory,
                   replay(GetParam(), scenario, schedule, {}), 0.04);
}

TEST_P(BothTheories, AgreeOnABatchWindow) {
  Scenario scenario = plain();
  scenario.batch_window = 200ms;
  const Schedule schedule = schedule_of(scenario);
  expect_agreement(predict(GetParam(), scenario, {}).theory,
                   replay(GetParam(), scenario, schedule, {}), 0.05);
}

TEST_P(BothTheories, AgreeOnAConnectionForEachExchange) {
  Scenario scenario = plain();
  scenario.clients.close_each = true;
  const Schedule schedule = schedule_of(scenario);
  expect_agreement(predict(GetParam(), scenario, {}).theory,
                   replay(GetParam(), scenario, schedule, {}), 0.03);
}

/// Ten rooms of sixteen, on one beat: each user, or four of each room, has one stream.
void expect_agreement_on_a_tick(const char* transport, TrafficPer per, double rate,
                                net::Duration delay) {
  Scenario scenario = scenario_with(rate, 160);
  scenario.rooms = 10;
  scenario.traffic = TrafficKind::tick;
  scenario.per = per;
  scenario.sources = 4;
  scenario.duration = 100s;
  scenario.link.profile.delay = delay;
  const Theory formula = predict(transport, scenario, {}).theory;
  const Theory played = replay(transport, scenario, *unroll(scenario, {}, 1), {});
  expect_agreement(formula, played, 0.04);
  EXPECT_NEAR(*formula.p99_latency_us / *played.p99_latency_us, 1, 0.04);
}

TEST_P(BothTheories, AgreeOnATick) {
  expect_agreement_on_a_tick(GetParam(), TrafficPer::user, 5, 40ms);
  expect_agreement_on_a_tick(GetParam(), TrafficPer::user, 20, 1ms);
  expect_agreement_on_a_tick(GetParam(), TrafficPer::source, 5, 40ms);
  expect_agreement_on_a_tick(GetParam(), TrafficPer::room, 20, 1ms);
}

TEST_P(BothTheories, AgreeOnATickInABatchWindow) {
  Scenario scenario = scenario_with(20, 160);
  scenario.rooms = 10;
  scenario.traffic = TrafficKind::tick;
  scenario.per = TrafficPer::user;
  scenario.duration = 100s;
  scenario.link.profile.delay = 1ms;
  scenario.batch_window = 70ms;  // of two beats, 50 ms apart
  expect_agreement(predict(GetParam(), scenario, {}).theory,
                   replay(GetParam(), scenario, *unroll(scenario, {}, 1), {}), 0.04);
}

INSTANTIATE_TEST_SUITE_P(Transports, BothTheories,
                         testing::Values("polling", "long-polling", "sse", "websocket"));

TEST(Replay, TakesAMessageUpItsPublishersLinkAndDownItsSubscribers) {
  Scenario scenario;
  scenario.users = 2;
  scenario.duration = 1s;
  scenario.link.profile.delay = 100ms;
  Schedule schedule = *unroll(scenario, {}, 1);
  schedule.says = {{500ms, 0, 64}};
  // A WebSocket is open: up and down. A POST opens its connection first: there and back again.
  EXPECT_EQ(*replay("websocket", scenario, schedule, {}).mean_latency_us, 200'000);
  EXPECT_EQ(*replay("sse", scenario, schedule, {}).mean_latency_us, 400'000);
  scenario.tls = true;
  EXPECT_EQ(*replay("sse", scenario, schedule, {}).mean_latency_us, 600'000);
  scenario.tls = false;
  // The second draft of a user waits for the answer to the first, at 900 ms.
  schedule.says.push_back({600ms, 0, 64});
  EXPECT_EQ(*replay("sse", scenario, schedule, {}).max_latency_us, 500'000);
}

TEST(Replay, BringsNothingBeforeAUserHasConnected) {
  Scenario scenario;
  scenario.users = 2;
  scenario.duration = 2s;
  scenario.link.profile.delay = 100ms;
  Schedule schedule = *unroll(scenario, {}, 1);
  schedule.stays = {{0s, 2s, 0}, {500ms, 2s, 1}};
  schedule.says = {{600ms, 0, 64}};
  // The server knows of user 1 three ways after 500 ms; the draft is there before.
  for (const char* transport : {"websocket", "sse"}) {
    const Theory theory = replay(transport, scenario, schedule, {});
    EXPECT_EQ(*theory.max_latency_us, transport == std::string("sse") ? 400'000 : 300'000);
  }
  schedule.says[0].due = 510ms;
  EXPECT_EQ(*replay("websocket", scenario, schedule, {}).max_latency_us, 390'000);
  EXPECT_EQ(*replay("websocket", scenario, schedule, {}).p50_latency_us, 200'000);
}

TEST(Replay, SendsNothingBeforeAUserHasConnected) {
  Scenario scenario;
  scenario.users = 2;
  scenario.duration = 4s;
  scenario.link.profile.delay = 100ms;
  Schedule schedule = *unroll(scenario, {}, 1);
  schedule.stays = {{0s, 4s, 0}, {500ms, 1s, 1}, {2s, 4s, 1}};
  schedule.says = {{510ms, 1, 64}};
  // Its own WebSocket is open at 900 ms.
  EXPECT_EQ(*replay("websocket", scenario, schedule, {}).max_latency_us, 390'000 + 200'000);
  // Each stay opens a connection for its posts, for a round trip more.
  schedule.says = {{950ms, 1, 64}, {3s, 1, 64}};
  const Theory theory = replay("sse", scenario, schedule, {});
  EXPECT_EQ(*theory.p50_latency_us, 400'000);
  EXPECT_EQ(*theory.max_latency_us, 400'000);
}

TEST(Replay, PollsOnTheBeatOfARun) {
  // One user polls at every whole second from its joining on: 5 ms of news, 10 ms of notice and
  // 2 µs a user, and 4 ways of 100 ms to join, before the measured time.
  Scenario scenario;
  scenario.users = 1;
  scenario.duration = 3s;
  scenario.warmup = 0s;
  scenario.join_time = 0s;
  scenario.clients.interval = 1s;
  scenario.link.profile.delay = 100ms;
  Schedule schedule = *unroll(scenario, {}, 1);
  schedule.poll_phases = {0.5};
  schedule.says = {{500ms, 0, 64}};
  // Posted at 500 ms it is there at 800 ms. Polls leave at 84.998 ms and then each second.
  EXPECT_NEAR(*replay("polling", scenario, schedule, {}).max_latency_us,
              1'084'998 + 200'000 - 500'000, 1);
}

TEST(Replay, LeavesThePublishersGroupToItsOwnLink) {
  Scenario scenario;
  scenario.users = 2;
  scenario.duration = 1s;
  scenario.link.profile.delay = 100ms;
  scenario.groups.push_back({"source", 0.5, {}});
  Schedule schedule = *unroll(scenario, {}, 1);
  schedule.user_groups = {0, 1};
  schedule.says = {{500ms, 0, 64}};
  const Theory theory = replay("websocket", scenario, schedule, {});
  EXPECT_EQ(*theory.p50_latency_us, 0);  // to itself
  EXPECT_EQ(*theory.max_latency_us, 100'000);
}

TEST(Replay, HasTheEndsOfARun) {
  // The first poll covers the silence before the first message, the last ones that behind the last.
  Scenario scenario = scenario_with(2000, 2000);
  scenario.rooms = 2000;
  scenario.duration = 20s;
  scenario.clients.interval = 2s;
  scenario.link = {};
  const Theory played = replay("polling", scenario, *unroll(scenario, {}, 1), {});
  const double none = std::exp(-2);
  EXPECT_NEAR(*played.empty_share, (9 * none + 2 * (1 - none) / 2) / 11, 0.01);
}

TEST(Replay, SaysNoQuantilesWhereLinksAreCut) {
  const Scenario scenario = plain();
  Schedule schedule = *unroll(scenario, {}, 1);
  schedule.cuts.push_back({1s, 3});
  const Theory theory = replay("sse", scenario, schedule, {});
  EXPECT_TRUE(theory.mean_latency_us);
  EXPECT_FALSE(theory.max_latency_us);
}

TEST(Population, KnowsWhoseRateItIs) {
  Scenario scenario;
  scenario.traffic = TrafficKind::poisson;
  scenario.users = 100;
  scenario.rooms = 10;
  scenario.rate = 2;
  const auto expect = [&](TrafficPer per, double rate, double published, double fan_out) {
    scenario.per = per;
    const Population population = population_of(scenario, {});
    EXPECT_NEAR(population.arrivals.rate, rate, 1e-9);
    EXPECT_NEAR(population.published, published, 1e-9);
    EXPECT_NEAR(population.fan_out, fan_out, 1e-9);
  };
  expect(TrafficPer::all, 0.2, 2, 10);
  expect(TrafficPer::room, 2, 20, 10);
  expect(TrafficPer::user, 20, 200, 10);
  scenario.sources = 3;
  expect(TrafficPer::source, 6, 60, 10);
  scenario.traffic = TrafficKind::burst;  // on for a tenth of the time
  expect(TrafficPer::source, 0.6, 6, 10);
}

/// Half an hour of what is drawn, against what it comes to in the mean.
void expect_rates_of_a_schedule(Scenario scenario, double tolerance) {
  scenario.duration = 1800s;
  const Schedule schedule = *unroll(scenario, {}, 5);
  const Population population = population_of(scenario, {});
  const auto said = static_cast<double>(schedule.says.size()) / 1800;
  const auto delivered = static_cast<double>(schedule.expected_deliveries()) / 1800;
  EXPECT_NEAR(population.published / said, 1, tolerance);
  EXPECT_NEAR(population.delivered() / delivered, 1, tolerance);
  EXPECT_NEAR(population.arrivals.rate * population.users * population.present,
              population.delivered(), 1e-6 * population.delivered());
}

TEST(Population, HearsNothingFromThoseWhoAreAway) {
  Scenario scenario;
  scenario.users = 200;
  scenario.stay = 10s;
  scenario.away = 30s;
  for (const Presence presence : {Presence::churn, Presence::ramp}) {
    for (const TrafficKind kind :
         {TrafficKind::poisson, TrafficKind::constant, TrafficKind::tick}) {
      for (const TrafficPer per : {TrafficPer::user, TrafficPer::all, TrafficPer::source}) {
        scenario.presence = presence;
        scenario.traffic = kind;
        scenario.per = per;
        scenario.rate = per == TrafficPer::all ? 20 : 1;
        scenario.rooms = per == TrafficPer::user ? 2 : 10;
        scenario.sources = 5;
        SCOPED_TRACE(testing::Message() << static_cast<int>(presence) << ' '
                                        << static_cast<int>(kind) << ' ' << static_cast<int>(per));
        expect_rates_of_a_schedule(scenario, 0.1);
      }
    }
  }
}

TEST(Theories, AgreeThatLongPollingOfManyBurstsIsHardlyEverEmpty) {
  // Twenty of one room are on for a fifth of the time, each for itself.
  Scenario scenario = scenario_with(10, 400);
  scenario.rooms = 20;
  scenario.traffic = TrafficKind::burst;
  scenario.per = TrafficPer::user;
  scenario.burst_on = 1s;
  scenario.burst_off = 4s;
  scenario.clients.hold = 500ms;
  scenario.duration = 60s;
  const Theory formula = predict("long-polling", scenario, {}).theory;
  const Theory played = replay("long-polling", scenario, *unroll(scenario, {}, 1), {});
  EXPECT_NEAR(*formula.empty_share, *played.empty_share, 0.01);
  EXPECT_NEAR(*formula.exchanges_per_message / *played.exchanges_per_message, 1, 0.15);
}

TEST_P(BothTheories, AgreeOnRoomsOfUnequalSize) {
  Scenario scenario = scenario_with(80, 400);
  scenario.rooms = 60;
  scenario.membership = Membership::zipf;
  scenario.zipf_exponent = 1;
  scenario.clients.hold = 2s;
  const Schedule schedule = schedule_of(scenario);
  expect_agreement(predict(GetParam(), scenario, {}).theory,
                   replay(GetParam(), scenario, schedule, {}), 0.05);
}

TEST(Predict, NeedsNoScheduleForABillionUsers) {
  Scenario scenario;
  scenario.traffic = TrafficKind::poisson;
  scenario.per = TrafficPer::room;
  scenario.users = 1'000'000'000;
  scenario.rooms = 1'000'000;
  scenario.rate = 1;
  const Prediction polling = predict("polling", scenario, {});
  EXPECT_NEAR(polling.exchanges, 1e9 + 1e6, 1e5);  // a poll a second each, and the posts
  EXPECT_NEAR(polling.delivered, 1e9, 1);
  EXPECT_NEAR(*polling.theory.empty_share, std::exp(-1), 1e-9);
  const Prediction socket = predict("websocket", scenario, {});
  EXPECT_NEAR(socket.connections, 1e9, 1);
  EXPECT_EQ(socket.exchanges, 0);
}

TEST(Theories, SayNothingOfATransportWithoutRules) {
  const Scenario scenario = plain();
  EXPECT_FALSE(replay("pigeons", scenario, *unroll(scenario, {}, 1), {}).mean_latency_us);
  const Prediction prediction = predict("pigeons", scenario, {});
  EXPECT_FALSE(prediction.theory.mean_latency_us);
  EXPECT_FALSE(prediction.theory.network_up);
  EXPECT_GT(prediction.delivered, 0);
}

TEST(Predict, SaysNoLatencyWherePostsCannotKeepUp) {
  Scenario scenario = scenario_with(100, 2);
  EXPECT_FALSE(predict("sse", scenario, {}).theory.mean_latency_us);
  EXPECT_TRUE(predict("websocket", scenario, {}).theory.mean_latency_us);
}

TEST(Predict, SaysNoLatencyWhereAServerOfOneThreadCannotKeepUp) {
  const Scenario scenario = scenario_with(10, 1000);  // 10,000 deliveries a second
  for (const char* transport : {"sse", "websocket"}) {
    Grounds grounds;
    grounds.costs.push = 0.9e-4;
    EXPECT_EQ(predict(transport, scenario, grounds).overload, Overload::none);
    EXPECT_NEAR(*predict(transport, scenario, grounds).theory.mean_latency_us -
                    *predict(transport, scenario, {}).theory.mean_latency_us,
                45'000, 1);
    grounds.costs.push = 1.1e-4;
    const Prediction overloaded = predict(transport, scenario, grounds);
    EXPECT_EQ(overloaded.overload, Overload::server);
    EXPECT_FALSE(overloaded.theory.mean_latency_us);
    EXPECT_TRUE(overloaded.theory.application_down);
  }
}

}  // namespace
}  // namespace pushbench::harness

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <random>
#include <vector>

#include "harness/prediction.h"
#include "harness/theory_replay.h"

namespace pushbench::harness {
namespace {

using namespace std::chrono_literals;

/// A simulation that knows nothing of the formulas: a user of one transport in front of a stream of
/// messages, event by event.
class Simulation {
 public:
  explicit Simulation(unsigned seed) : random_(seed) {}

  std::vector<double> poisson(double rate, double seconds) {
    std::exponential_distribution<double> gap(rate);
    std::vector<double> times;
    for (double at = gap(random_); at < seconds; at += gap(random_)) times.push_back(at);
    return times;
  }

  std::vector<double> bursts(double rate, double on, double off, double seconds) {
    std::exponential_distribution<double> gap(rate);
    std::exponential_distribution<double> on_time(1 / on);
    std::exponential_distribution<double> off_time(1 / off);
    std::vector<double> times;
    for (double at = 0; at < seconds; at += off_time(random_)) {
      const double end = at + on_time(random_);
      for (double say = at + gap(random_); say < end; say += gap(random_)) times.push_back(say);
      at = end;
    }
    return times;
  }

  double jitter(double most) { return std::uniform_real_distribution<double>(0, most)(random_); }

 private:
  std::mt19937 random_;
};

struct Seen {
  std::vector<double> waits;  // from the server's having a message to the answer's leaving
  double asked = 0;
  double empty = 0;

  double mean() const {
    double sum = 0;
    for (const double wait : waits) sum += wait;
    return sum / static_cast<double>(waits.size());
  }
  double quantile(double share) {
    std::sort(waits.begin(), waits.end());
    return waits[static_cast<std::size_t>(share * static_cast<double>(waits.size() - 1))];
  }
  double empty_share() const { return empty / asked; }
  double per_message() const { return asked / static_cast<double>(waits.size()); }
};

Seen simulate_polling(const std::vector<double>& messages, double interval, double delay,
                      double jitter, Simulation& random) {
  Seen seen;
  std::size_t next = 0;
  double beat = 0;
  while (next < messages.size()) {
    const double at = beat + delay + random.jitter(jitter);
    const std::size_t before = next;
    for (; next < messages.size() && messages[next] <= at; ++next) {
      seen.waits.push_back(at - messages[next]);
    }
    ++seen.asked;
    if (next == before) ++seen.empty;
    const double answered = at + delay + random.jitter(jitter);
    do beat += interval;
    while (beat <= answered);
  }
  return seen;
}

Seen simulate_long_polling(const std::vector<double>& messages, double hold, double delay,
                           double jitter, Simulation& random) {
  Seen seen;
  std::size_t next = 0;
  double sent = 0;
  while (next < messages.size()) {
    const double asked = sent + delay + random.jitter(jitter);
    const double answer = std::min(asked + hold, std::max(asked, messages[next]));
    const std::size_t before = next;
    for (; next < messages.size() && messages[next] <= answer; ++next) {
      seen.waits.push_back(answer - messages[next]);
    }
    ++seen.asked;
    if (next == before) ++seen.empty;
    sent = answer + delay + random.jitter(jitter);
  }
  return seen;
}

Path path_of(double delay, double jitter = 0) { return {delay, delay, jitter, 2 * delay + jitter}; }

/// 1 % or 1 ms: far more than the chance in a hundred thousand messages.
void expect_time(double theory, double simulated) {
  EXPECT_NEAR(theory, simulated, std::max(0.015 * simulated, 0.001));
}

struct Case {
  double rate;
  double interval;  // or hold
  double delay;
  double jitter;
};

void PrintTo(const Case& c, std::ostream* out) {
  *out << c.rate << "/s, " << c.interval << " s, delay " << c.delay << " s, jitter " << c.jitter;
}

class PollingTheory : public testing::TestWithParam<Case> {};

TEST_P(PollingTheory, IsWhatASimulationComesTo) {
  const auto [rate, interval, delay, jitter] = GetParam();
  Simulation random(1);
  const auto messages = random.poisson(rate, 200'000 / rate);
  Seen seen = simulate_polling(messages, interval, delay, jitter, random);
  const Waiting theory =
      polling_waiting({.rate = rate}, path_of(delay, jitter), interval, 0, false);
  expect_time(theory.wait.mean(), seen.mean());
  for (const double share : {0.5, 0.9, 0.99}) {
    expect_time(theory.wait.quantile(share), seen.quantile(share));
  }
  EXPECT_LE(seen.quantile(1), theory.wait.max() + jitter / 8 + 1e-9);  // jitter goes in slices
  EXPECT_NEAR(theory.empty_share, seen.empty_share(), 0.005);
  EXPECT_NEAR(theory.exchanges_per_message / seen.per_message(), 1, 0.015);
}

INSTANTIATE_TEST_SUITE_P(Cells, PollingTheory,
                         testing::Values(Case{0.2, 0.2, 0, 0}, Case{1, 1, 0, 0},
                                         Case{5, 2, 0.02, 0}, Case{5, 0.2, 0.02, 0.1},
                                         Case{2, 0.2, 0.15, 0},      // an answer takes over a beat
                                         Case{2, 0.2, 0.08, 0.1}));  // … or not

class LongPollingTheory : public testing::TestWithParam<Case> {};

TEST_P(LongPollingTheory, IsWhatASimulationComesTo) {
  const auto [rate, hold, delay, jitter] = GetParam();
  Simulation random(2);
  const auto messages = random.poisson(rate, 200'000 / rate);
  Seen seen = simulate_long_polling(messages, hold, delay, jitter, random);
  const Waiting theory =
      long_polling_waiting({.rate = rate}, path_of(delay, jitter), hold, 0, false);
  expect_time(theory.wait.mean(), seen.mean());
  expect_time(theory.wait.quantile(0.9), seen.quantile(0.9));
  EXPECT_LE(seen.quantile(1), theory.wait.max() + 1e-9);
  EXPECT_NEAR(theory.empty_share, seen.empty_share(), 0.005);
  EXPECT_NEAR(theory.exchanges_per_message / seen.per_message(), 1, 0.015);
}

INSTANTIATE_TEST_SUITE_P(Cells, LongPollingTheory,
                         testing::Values(Case{0.2, 25, 0, 0}, Case{0.2, 25, 0.1, 0},
                                         Case{2, 25, 0.02, 0}, Case{20, 25, 0.1, 0},
                                         Case{2, 0.3, 0.1, 0}, Case{2, 1, 0.05, 0.1}));

TEST(LongPollingTheory, IsSection7s) {
  const double rate = 2;
  const double gap = 0.2;
  const Waiting theory = long_polling_waiting({.rate = rate}, path_of(gap / 2), 1e6, 0, false);
  const double denominator = rate * gap + std::exp(-rate * gap);
  EXPECT_NEAR(theory.wait.mean(), rate * gap * gap / 2 / denominator, 1e-12);
  EXPECT_NEAR(theory.exchanges_per_message, 1 / denominator, 1e-12);
  EXPECT_DOUBLE_EQ(theory.wait.max(), gap);
}

TEST(PollingTheory, OfABeatIsEmptyWhereNoBeatFalls) {
  // Quotes change every 20 s and are polled every 5 s: 75 % empty; at random e^(−1/4).
  const Arrivals beat{.rate = 0.05, .period = 20};
  EXPECT_NEAR(polling_waiting(beat, {}, 5, 0, false).empty_share, 0.75, 1e-12);
  EXPECT_NEAR(polling_waiting({.rate = 0.05}, {}, 5, 0, false).empty_share, std::exp(-0.25), 1e-12);
  EXPECT_EQ(polling_waiting(beat, {}, 20, 0, false).empty_share, 0);
}

TEST(LongPollingTheory, OfABeatWaitsOnlyWhereTheGapIsLonger) {
  const Arrivals beat{.rate = 5, .period = 0.2};
  EXPECT_EQ(long_polling_waiting(beat, path_of(0.05), 25, 0, false).wait.mean(), 0);
  EXPECT_NEAR(long_polling_waiting(beat, path_of(0.2), 25, 0, false).wait.mean(), 0.2, 1e-12);
  // Every 10 s with a hold of 3 s: after a message three holds end empty, and one does not.
  const Waiting slow =
      long_polling_waiting({.rate = 0.1, .period = 10}, path_of(0.01), 3, 0, false);
  EXPECT_NEAR(slow.empty_share, 0.75, 1e-12);
  EXPECT_NEAR(slow.exchanges_per_message, 4, 1e-12);
}

TEST(BurstTheory, IsWhatASimulationComesTo) {
  Simulation random(3);
  const double on = 1;
  const double off = 4;
  const auto messages = random.bursts(10, on, off, 50'000);
  const Arrivals arrivals{.rate = 10 * on / (on + off), .on = on, .off = off};
  const Seen polled = simulate_polling(messages, 0.5, 0, 0, random);
  const Waiting polling = polling_waiting(arrivals, {}, 0.5, 0, false);
  EXPECT_NEAR(polling.empty_share, polled.empty_share(), 0.01);
  expect_time(polling.wait.mean(), polled.mean());
  const Seen held = simulate_long_polling(messages, 2, 0.05, 0, random);
  const Waiting holding = long_polling_waiting(arrivals, path_of(0.05), 2, 0, false);
  EXPECT_NEAR(holding.wait.mean() / held.mean(), 1, 0.05);  // bursts' ends are left out
  EXPECT_NEAR(holding.exchanges_per_message / held.per_message(), 1, 0.05);
}

TEST(ThinnedBeat, IsEmptyAsOftenAsItsDraws) {
  // Four beats fit into each poll, and a fifth of them are this user's.
  const Arrivals arrivals{.rate = 2, .period = 0.1, .kept = 0.2};
  EXPECT_NEAR(arrivals.none_within(0.4), std::pow(0.8, 4), 1e-12);
  EXPECT_NEAR(arrivals.none_within(0.05), 0.9, 1e-12);
}

TEST(PostWay, WaitsAsAQueueWithOneServerDoes) {
  // By simulation: Lindley's recursion for drafts at random and answers after one round trip.
  Simulation random(4);
  const double round_trip = 0.2;
  const double rate = 2;
  double free = 0;
  double sum = 0;
  const auto drafts = random.poisson(rate, 100'000);
  for (const double due : drafts) {
    const double sent = std::max(due, free);
    sum += sent - due + round_trip / 2;
    free = sent + round_trip;
  }
  const LatencyMixture way = post_way(path_of(round_trip / 2), rate, 0, 0);
  EXPECT_NEAR(way.mean() / (sum / static_cast<double>(drafts.size())), 1, 0.02);
  EXPECT_TRUE(post_way(path_of(0.3), rate, 0, 0).empty());
  EXPECT_NEAR(post_way(path_of(0.1), 1e-9, 1, 0).mean(), 0.3, 1e-6);  // all open a connection
}

TEST(LatencyMixture, AddsUniformTimes) {
  const LatencyMixture three({{1, 0.5, {1, 1, 1}}});
  EXPECT_NEAR(three.mean(), 2, 1e-12);
  EXPECT_NEAR(three.quantile(0.5), 2, 1e-9);
  EXPECT_NEAR(three.share_within(1.5), 1.0 / 6, 1e-12);
  EXPECT_DOUBLE_EQ(three.max(), 3.5);
  const LatencyMixture mixed({{3, 0, {}}, {1, 0, {2}}});
  EXPECT_NEAR(mixed.quantile(0.75), 0, 1e-9);
  EXPECT_NEAR(mixed.quantile(0.875), 1, 1e-9);
  EXPECT_NEAR(mixed.plus(three).mean(), 2.25, 1e-12);
  EXPECT_EQ(LatencyMixture().mean(), 0);
}

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

TEST(LongPollingTheory, OfManyBurstsIsHardlyEverEmpty) {
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

TEST(LongPollingTheory, OfAFewBurstsIsWhatASimulationComesTo) {
  Simulation random(6);
  const double on = 1;
  const double off = 4;
  std::vector<double> messages;
  for (int stream = 0; stream < 3; ++stream) {
    const auto one = random.bursts(10, on, off, 50'000);
    messages.insert(messages.end(), one.begin(), one.end());
  }
  std::sort(messages.begin(), messages.end());
  const Arrivals arrivals{.rate = 30 * on / (on + off), .on = on, .off = off, .streams = 3};
  const Seen held = simulate_long_polling(messages, 1, 0.02, 0, random);
  const Waiting theory = long_polling_waiting(arrivals, path_of(0.02), 1, 0, false);
  EXPECT_NEAR(theory.empty_share, held.empty_share(), 0.01);
  EXPECT_NEAR(theory.exchanges_per_message / held.per_message(), 1, 0.05);
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
    grounds.costs.delivery = 0.9e-4;
    EXPECT_EQ(predict(transport, scenario, grounds).overload, Overload::none);
    EXPECT_NEAR(*predict(transport, scenario, grounds).theory.mean_latency_us -
                    *predict(transport, scenario, {}).theory.mean_latency_us,
                45'000, 1);
    grounds.costs.delivery = 1.1e-4;
    const Prediction overloaded = predict(transport, scenario, grounds);
    EXPECT_EQ(overloaded.overload, Overload::server);
    EXPECT_FALSE(overloaded.theory.mean_latency_us);
    EXPECT_TRUE(overloaded.theory.application_down);
  }
}

}  // namespace
}  // namespace pushbench::harness

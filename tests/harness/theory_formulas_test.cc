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
  const LatencyMixture way = post_way(path_of(round_trip / 2), rate, 0, 0, 0);
  EXPECT_NEAR(way.mean() / (sum / static_cast<double>(drafts.size())), 1, 0.02);
  EXPECT_TRUE(post_way(path_of(0.3), rate, 0, 0, 0).empty());
  EXPECT_NEAR(post_way(path_of(0.1), 1e-9, 1, 0, 0).mean(), 0.3, 1e-6);  // all open a connection
}

TEST(PostWay, WaitsForNoOtherDraftOnABeatThatIsSlowEnough) {
  const Path path = path_of(0.02);
  EXPECT_DOUBLE_EQ(post_way(path, 10, 0, 0, 0.1).max(), 0.02);
  EXPECT_DOUBLE_EQ(post_way(path, 10, 0.5, 0, 0.1).max(), 0.06);  // some open a connection
  EXPECT_GT(post_way(path, 10, 0, 0, 0.03).max(), 0.02);
}

TEST(Batches, OfABeatAreWhatEachUserGetsAtOnce) {
  const Arrivals tick{.rate = 320, .period = 0.05, .together = 16};
  const Arrivals batches = batches_of(tick, 0);
  EXPECT_DOUBLE_EQ(batches.rate, 20);
  EXPECT_DOUBLE_EQ(batches.together, 1);
  EXPECT_DOUBLE_EQ(batches_of(tick, 0.07).period, 0.1);
  EXPECT_DOUBLE_EQ(batches_of(tick, 0.07).rate, 10);
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

}  // namespace
}  // namespace pushbench::harness

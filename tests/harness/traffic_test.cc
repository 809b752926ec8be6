#include "harness/traffic.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "tests/harness/unrolled.h"

namespace pushbench::harness {
namespace {

using namespace std::chrono_literals;

double count(const Schedule& schedule) { return static_cast<double>(schedule.says.size()); }

bool in_order(const Schedule& schedule) {
  return std::is_sorted(schedule.says.begin(), schedule.says.end(),
                        [](const Say& a, const Say& b) { return a.due < b.due; });
}

TEST(Traffic, ConstantOfAllComesAtEvenGaps) {
  Scenario scenario;
  scenario.rate = 4;
  scenario.duration = 2s;
  const Schedule schedule = unrolled(scenario, 1);
  ASSERT_EQ(schedule.says.size(), 8U);
  for (std::size_t i = 0; i < 8; ++i) {
    EXPECT_EQ(schedule.says[i].due, 125ms + i * 250ms);
    EXPECT_EQ(schedule.says[i].bytes, 64U);
  }
}

TEST(Traffic, ConstantStreamsOfUsersAreEvenAndOutOfStep) {
  Scenario scenario;
  scenario.users = 50;
  scenario.per = TrafficPer::user;
  scenario.rate = 2;
  scenario.duration = 10s;
  const Schedule schedule = unrolled(scenario, 1);
  EXPECT_EQ(schedule.says.size(), 50U * 20);
  EXPECT_TRUE(in_order(schedule));
  std::map<std::uint32_t, net::Duration> last;
  std::map<net::Duration, int> firsts;
  for (const Say& say : schedule.says) {
    const auto [before, is_first] = last.try_emplace(say.user, say.due);
    if (is_first) {
      ++firsts[say.due];
      EXPECT_LT(say.due, 500ms);
      continue;
    }
    EXPECT_NEAR(static_cast<double>((say.due - before->second).count()), 5e8, 1);
    before->second = say.due;
  }
  EXPECT_EQ(firsts.size(), 50U);
}

TEST(Traffic, TicksComeFromAllAtTheSameMoments) {
  Scenario scenario;
  scenario.users = 32;
  scenario.rooms = 2;
  scenario.traffic = TrafficKind::tick;
  scenario.per = TrafficPer::user;
  scenario.rate = 20;
  scenario.duration = 1s;
  const Schedule schedule = unrolled(scenario, 1);
  ASSERT_EQ(schedule.says.size(), 20U * 32);
  for (std::size_t i = 0; i < schedule.says.size(); ++i) {
    EXPECT_EQ(schedule.says[i].due, 25ms + (i / 32) * 50ms);
    EXPECT_EQ(schedule.says[i].user, i % 32);
  }
}

TEST(Traffic, PoissonHasTheRateAskedFor) {
  // 50 seeds with 1,000 expected each; 4 standard deviations of the sum are 894.
  double sum = 0;
  for (std::uint64_t seed = 1; seed <= 50; ++seed) sum += count(unrolled(poisson(), seed));
  EXPECT_NEAR(sum, 50'000, 894);
}

TEST(Traffic, PoissonGapsAreExponential) {
  Scenario scenario = poisson();
  scenario.duration = 200s;
  const Schedule schedule = unrolled(scenario, 11);
  double squares = 0;
  for (std::size_t i = 1; i < schedule.says.size(); ++i) {
    const double gap =
        std::chrono::duration<double>(schedule.says[i].due - schedule.says[i - 1].due).count();
    squares += gap * gap;
  }
  // An exponential gap's mean square is 2/λ².
  EXPECT_NEAR(squares / count(schedule), 2.0 / 2500, 0.0001);
}

TEST(Traffic, ARateOfEachRoomIsPublishedByItsUsers) {
  Scenario scenario = poisson();
  scenario.users = 40;
  scenario.rooms = 4;
  scenario.per = TrafficPer::room;
  const Schedule schedule = unrolled(scenario, 3);
  EXPECT_TRUE(in_order(schedule));
  std::map<std::uint32_t, double> of_room;
  for (const Say& say : schedule.says) ++of_room[schedule.room_of(say.user)];
  ASSERT_EQ(of_room.size(), 4U);
  for (const auto& [room, says] : of_room) EXPECT_NEAR(says, 1000, 127);  // 4 deviations
  EXPECT_EQ(schedule.publishers(), 40U);
}

TEST(Traffic, SourcesAreTheFirstUsersOfEachRoom) {
  Scenario scenario = poisson();
  scenario.users = 30;
  scenario.rooms = 3;
  scenario.per = TrafficPer::source;
  scenario.sources = 2;
  const Schedule schedule = unrolled(scenario, 3);
  std::map<std::uint32_t, double> of_user;
  for (const Say& say : schedule.says) ++of_user[say.user];
  ASSERT_EQ(of_user.size(), 6U);
  for (const auto& [user, says] : of_user) {
    EXPECT_LT(user, 6U);  // users 0, 3 are the first of room 0, and so on
    EXPECT_NEAR(says, 1000, 127);
  }
}

TEST(Traffic, BurstsAreOnForTheirShareOfTheTime) {
  Scenario scenario;
  scenario.traffic = TrafficKind::burst;
  scenario.per = TrafficPer::user;
  scenario.users = 400;
  scenario.rate = 20;
  scenario.burst_on = 1s;
  scenario.burst_off = 3s;
  scenario.duration = 100s;
  const Schedule schedule = unrolled(scenario, 2);
  EXPECT_TRUE(in_order(schedule));
  // A quarter of 400 × 20 × 100; a stream's time on varies by about 8.5 s, of 400 by 170 s.
  EXPECT_NEAR(count(schedule), 200'000, 4 * 170 * 20);
  // From the first second on.
  const auto early = std::count_if(schedule.says.begin(), schedule.says.end(),
                                   [](const Say& say) { return say.due < 1s; });
  EXPECT_NEAR(static_cast<double>(early), 2000, 4 * 165);
}

TEST(Traffic, WithinABurstTheRateIsTheOneAskedFor) {
  Scenario scenario;
  scenario.traffic = TrafficKind::burst;
  scenario.users = 1;
  scenario.rate = 100;
  scenario.burst_on = 1s;
  scenario.burst_off = 10s;
  scenario.duration = 1000s;
  const Schedule schedule = unrolled(scenario, 8);
  double on = 0;
  double gaps = 0;
  for (std::size_t i = 1; i < schedule.says.size(); ++i) {
    const net::Duration gap = schedule.says[i].due - schedule.says[i - 1].due;
    if (gap > 150ms) continue;  // exp(-15) of those within a burst; most pauses are longer
    on += std::chrono::duration<double>(gap).count();
    ++gaps;
  }
  EXPECT_NEAR(gaps / on, 100, 4);
}

Scenario sized(SizeKind kind) {
  Scenario scenario = poisson();
  scenario.rate = 1000;
  scenario.size_kind = kind;
  scenario.size = 100;
  scenario.size_min = 20;
  scenario.size_max = 1000;
  return scenario;
}

std::vector<double> sizes_of(const Schedule& schedule) {
  std::vector<double> sizes;
  for (const Say& say : schedule.says) sizes.push_back(say.bytes);
  std::sort(sizes.begin(), sizes.end());
  return sizes;
}

TEST(Traffic, UniformSizesLieBetweenTheirEnds) {
  const auto sizes = sizes_of(unrolled(sized(SizeKind::uniform), 5));
  EXPECT_GE(sizes.front(), 20);
  EXPECT_LE(sizes.front(), 22);
  EXPECT_LE(sizes.back(), 1000);
  EXPECT_GE(sizes.back(), 998);
  double sum = 0;
  for (const double size : sizes) sum += size;
  EXPECT_NEAR(sum / static_cast<double>(sizes.size()), 510, 8);  // 4 × 283 / √20,000
}

TEST(Traffic, LogNormalSizesHaveTheirMedianAndDeviation) {
  Scenario scenario = sized(SizeKind::lognormal);
  scenario.size_sigma = 0.5;
  const auto sizes = sizes_of(unrolled(scenario, 5));
  const auto quantile = [&](double q) {
    return sizes[static_cast<std::size_t>(q * static_cast<double>(sizes.size()))];
  };
  EXPECT_NEAR(quantile(0.5), 100, 2);
  EXPECT_NEAR(quantile(0.8413), 100 * std::exp(0.5), 4);
  EXPECT_NEAR(quantile(0.1587), 100 * std::exp(-0.5), 2);
  EXPECT_GE(sizes.front(), 20);
  scenario.size_sigma = 3;
  const auto wide = sizes_of(unrolled(scenario, 5));
  EXPECT_EQ(wide.front(), 20);
  EXPECT_EQ(wide.back(), 1000);
}

TEST(Traffic, SizesMoveNoMessage) {
  const Schedule uniform = unrolled(sized(SizeKind::uniform), 5);
  const Schedule fixed = unrolled(sized(SizeKind::fixed), 5);
  ASSERT_EQ(uniform.says.size(), fixed.says.size());
  for (std::size_t i = 0; i < fixed.says.size(); ++i) {
    EXPECT_EQ(uniform.says[i].due, fixed.says[i].due);
    EXPECT_EQ(uniform.says[i].user, fixed.says[i].user);
    EXPECT_EQ(fixed.says[i].bytes, 100U);
  }
}

TEST(Traffic, ChurnMovesNoMessageAndChangesNoSize) {
  Scenario churning = sized(SizeKind::uniform);
  churning.presence = Presence::churn;
  const Schedule fixed = unrolled(sized(SizeKind::uniform), 5);
  const Schedule schedule = unrolled(churning, 5);
  ASSERT_EQ(schedule.says.size(), fixed.says.size());
  for (std::size_t i = 0; i < fixed.says.size(); ++i) {
    EXPECT_EQ(schedule.says[i].due, fixed.says[i].due);
    EXPECT_EQ(schedule.says[i].bytes, fixed.says[i].bytes);
  }
}

Scenario traced() {
  Scenario scenario;
  scenario.traffic = TrafficKind::trace;
  scenario.trace = "x";
  scenario.users = 3;
  scenario.trace_from = 1s;
  scenario.speedup = 2;
  scenario.duration = 1s;
  return scenario;
}

TEST(Traffic, ReplaysTheTracesWindowAtItsSpeed) {
  using Kind = TraceEventKind;
  const Schedule schedule = unrolled(traced(), 1,
                                     {{999, Kind::say, 0, 1},
                                      {1000, Kind::say, 5, 10},
                                      {1500, Kind::join, 6, 0},
                                      {2000, Kind::say, 3, 20},
                                      {2998, Kind::say, 7, 30},
                                      {3000, Kind::say, 7, 40}});
  ASSERT_EQ(schedule.says.size(), 3U);
  EXPECT_EQ(schedule.says[0].due, 0ms);
  EXPECT_EQ(schedule.says[1].due, 500ms);
  EXPECT_EQ(schedule.says[2].due, 999ms);
  EXPECT_EQ(schedule.says[0].user, 2U);  // speaker 5 of 3 users
  EXPECT_EQ(schedule.says[2].bytes, 30U);
  EXPECT_EQ(schedule.publishers(), 3U);
  EXPECT_EQ(schedule.largest_text(), 30U);
}

TEST(Traffic, ATraceThatIsOverSaysWhatToMove) {
  const auto schedule = unroll(traced(), {{999, TraceEventKind::say, 0, 1}}, 1);
  ASSERT_FALSE(schedule);
  EXPECT_EQ(schedule.error().what,
            "nobody says anything in 1s; lengthen traffic.duration or move traffic.from");
}

}  // namespace
}  // namespace pushbench::harness

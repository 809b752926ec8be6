#include "harness/schedule.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "harness/membership.h"
#include "tests/harness/unrolled.h"

namespace pushbench::harness {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

bool same_says(const Schedule& a, const Schedule& b) {
  return a.says.size() == b.says.size() &&
         std::equal(a.says.begin(), a.says.end(), b.says.begin(), [](const Say& x, const Say& y) {
           return x.due == y.due && x.user == y.user && x.bytes == y.bytes;
         });
}

bool same_cuts(const Schedule& a, const Schedule& b) {
  return a.cuts.size() == b.cuts.size() &&
         std::equal(a.cuts.begin(), a.cuts.end(), b.cuts.begin(),
                    [](const Cut& x, const Cut& y) { return x.due == y.due && x.user == y.user; });
}

TEST(Schedule, TheSameSeedGivesTheSameEvents) {
  EXPECT_EQ(unrolled(poisson(), 7).hash(), unrolled(poisson(), 7).hash());
}

TEST(Schedule, AnotherSeedGivesOthers) {
  EXPECT_FALSE(same_says(unrolled(poisson(), 7), unrolled(poisson(), 8)));
}

TEST(Schedule, CutsDependOnTheSeedAndChangeNothingElse) {
  Scenario cut = poisson();
  cut.link.cut_every = 10s;
  const Schedule schedule = unrolled(cut, 7);
  EXPECT_TRUE(same_says(schedule, unrolled(poisson(), 7)));
  EXPECT_TRUE(same_cuts(schedule, unrolled(cut, 7)));
  EXPECT_FALSE(same_cuts(schedule, unrolled(cut, 8)));
  EXPECT_TRUE(unrolled(poisson(), 7).cuts.empty());
}

TEST(Schedule, EachUserIsCutAsOftenAsAskedOnAverage) {
  Scenario scenario = poisson();
  scenario.users = 100;
  scenario.link.cut_every = 4s;
  scenario.duration = 100s;
  const Schedule schedule = unrolled(scenario, 5);
  // 100 users for 100 s: 2,500 expected; 4 standard deviations are 200.
  EXPECT_NEAR(static_cast<double>(schedule.cuts.size()), 2500, 200);
  std::vector<std::size_t> of_user(100);
  for (const Cut& cut : schedule.cuts) ++of_user.at(cut.user);
  EXPECT_GE(*std::min_element(of_user.begin(), of_user.end()), 5U);  // 25 each, 4 deviations below
  EXPECT_TRUE(std::is_sorted(schedule.cuts.begin(), schedule.cuts.end(),
                             [](const Cut& x, const Cut& y) { return x.due < y.due; }));
  EXPECT_LT(schedule.cuts.back().due, 100s);
}

TEST(Schedule, CutsAllAtTheMomentsThatAreNamed) {
  Scenario scenario = poisson();
  scenario.users = 3;
  scenario.link.cut_at = {5s, 7s};
  const Schedule schedule = unrolled(scenario, 1);
  ASSERT_EQ(schedule.cuts.size(), 6U);
  for (std::uint32_t i = 0; i < 6; ++i) {
    EXPECT_EQ(schedule.cuts[i].due, i < 3 ? 5s : 7s);
    EXPECT_EQ(schedule.cuts[i].user, i % 3);
  }
}

/// A quarter of the users is cut at 3 s, the others every 5 s on average.
Scenario grouped() {
  Scenario scenario = poisson();
  scenario.users = 200;
  scenario.link.cut_every = 5s;
  UserGroup mobile;
  mobile.name = "mobile";
  mobile.share = 0.25;
  mobile.link.cut_at = {3s};
  scenario.groups = {mobile};
  return scenario;
}

TEST(Schedule, DealsGroupsInTheirExactSharesAtRandom) {
  const Schedule schedule = unrolled(grouped(), 3);
  const auto& groups = schedule.user_groups;
  EXPECT_EQ(groups.size(), 200U);
  EXPECT_EQ(std::count(groups.begin(), groups.end(), 0U), 50);
  EXPECT_EQ(std::count(groups.begin(), groups.end(), 1U), 150);
  EXPECT_FALSE(std::is_sorted(groups.begin(), groups.end()));
  EXPECT_NE(groups, unrolled(grouped(), 4).user_groups);
  Scenario ungrouped = grouped();
  ungrouped.groups.clear();
  EXPECT_TRUE(same_says(schedule, unrolled(ungrouped, 3)));
}

TEST(Schedule, AGroupIsCutAsItsOwnLinkSays) {
  const Schedule schedule = unrolled(grouped(), 3);
  std::size_t at_three = 0;
  for (const Cut& cut : schedule.cuts) {
    const bool is_mobile = schedule.user_groups[cut.user] == 0;
    EXPECT_EQ(is_mobile, cut.due == 3s);
    at_three += is_mobile ? 1 : 0;
  }
  EXPECT_EQ(at_three, 50U);
  // 150 users for 20 s, every 5 s: 600 expected; 4 standard deviations are 98.
  EXPECT_NEAR(static_cast<double>(schedule.cuts.size() - at_three), 600, 98);
}

TEST(Schedule, DoesNotDependOnWhatTheTransportsAreToldToDo) {
  Scenario other = poisson();
  other.clients.interval = 123ms;
  other.clients.hold = 3s;
  other.repeat = 9;
  other.link.profile.delay = 40ms;
  EXPECT_EQ(unrolled(poisson(), 7).hash(), unrolled(other, 7).hash());
}

TEST(Schedule, SpreadsPollsEvenlyOverTheInterval) {
  Scenario scenario = poisson();
  scenario.users = 200;
  Schedule schedule = unrolled(scenario, 3);
  EXPECT_FALSE(std::is_sorted(schedule.poll_phases.begin(), schedule.poll_phases.end()));
  std::sort(schedule.poll_phases.begin(), schedule.poll_phases.end());
  for (std::size_t i = 0; i < 200; ++i) {
    EXPECT_GE(schedule.poll_phases[i], static_cast<double>(i) / 200);
    EXPECT_LT(schedule.poll_phases[i], static_cast<double>(i + 1) / 200);
  }
}

TEST(Schedule, ExpectsEachMessageAtEachUserOfItsRoom) {
  Scenario scenario;
  scenario.rooms = 2;
  scenario.users = 5;  // three in the first room, two in the second
  scenario.rate = 10;
  scenario.duration = 10s;
  const Schedule schedule = unrolled(scenario, 5);
  EXPECT_EQ(schedule.users_in(0), 3U);
  EXPECT_EQ(schedule.users_in(1), 2U);
  EXPECT_THAT(schedule.user_rooms, ElementsAre(0, 1, 0, 1, 0));
  std::uint64_t expected = 0;
  for (const Say& say : schedule.says) expected += say.user % 2 == 0 ? 3 : 2;
  EXPECT_EQ(schedule.expected_deliveries(), expected);
  EXPECT_EQ(schedule.says.size(), 100U);
}

TEST(Schedule, MadeByHandAllAreInTheFirstRoom) {
  Schedule schedule;
  schedule.poll_phases = {0, 0, 0};
  schedule.says = {{1s, 0, 5}, {2s, 1, 5}};
  EXPECT_EQ(schedule.room_of(2), 0U);
  EXPECT_EQ(schedule.users_in(0), 3U);
  EXPECT_EQ(schedule.expected_deliveries(), 6U);
  EXPECT_EQ(schedule.publishers(), 2U);
}

TEST(Schedule, ZipfRoomsHaveTheirSharesAndNoneIsEmpty) {
  Scenario scenario;
  scenario.membership = Membership::zipf;
  scenario.rooms = 4;
  scenario.users = 25;  // 1 + 1/2 + 1/3 + 1/4 = 25/12
  EXPECT_THAT(room_sizes(scenario), ElementsAre(12, 6, 4, 3));
  scenario.zipf_exponent = 4;  // three of them would be empty or nearly so
  scenario.users = 6;
  EXPECT_THAT(room_sizes(scenario), ElementsAre(3, 1, 1, 1));
  scenario.users = 4;
  EXPECT_THAT(room_sizes(scenario), ElementsAre(1, 1, 1, 1));
}

TEST(Schedule, ZipfRoomsAreDealtAtRandomInTheseSizes) {
  Scenario scenario = poisson();
  scenario.membership = Membership::zipf;
  scenario.rooms = 10;
  scenario.users = 1000;
  const Schedule schedule = unrolled(scenario, 2);
  const auto sizes = room_sizes(scenario);
  EXPECT_EQ(std::accumulate(sizes.begin(), sizes.end(), std::uint64_t{0}), 1000U);
  EXPECT_TRUE(std::is_sorted(sizes.rbegin(), sizes.rend()));
  for (std::uint32_t room = 0; room < 10; ++room) {
    const auto& rooms = schedule.user_rooms;
    EXPECT_EQ(schedule.users_in(room), sizes[room]);
    EXPECT_EQ(static_cast<std::uint64_t>(std::count(rooms.begin(), rooms.end(), room)),
              sizes[room]);
  }
  EXPECT_FALSE(std::is_sorted(schedule.user_rooms.begin(), schedule.user_rooms.end()));
}

TEST(Schedule, SharesAddUpToTheWhole) {
  EXPECT_THAT(in_shares(10, {1, 1, 1}), ElementsAre(4, 3, 3));
  EXPECT_THAT(in_shares(7, {0.5, 0.5, 0}), ElementsAre(4, 3, 0));
  EXPECT_THAT(in_shares(3, {0.1, 0.9}), ElementsAre(0, 3));
  EXPECT_THAT(in_shares(1'000'000, {0.33, 0.67}), ElementsAre(330'000, 670'000));
}

TEST(Schedule, RefusesAScenarioInWhichNobodySpeaks) {
  Scenario scenario;
  scenario.rate = 0.01;
  scenario.duration = 1s;
  const auto schedule = unroll(scenario, {}, 1);
  ASSERT_FALSE(schedule);
  EXPECT_THAT(schedule.error().line(), testing::HasSubstr("raise traffic.rate"));
}

TEST(Schedule, RefusesAScenarioThatDoesNotFitTogether) {
  Scenario scenario;
  scenario.rooms = 200;
  EXPECT_EQ(unroll(scenario, {}, 1).error().where, "users.count");
}

TEST(Schedule, AMillionUsersUnroll) {
  Scenario scenario;
  scenario.users = 1'000'000;
  scenario.rooms = 10'000;
  scenario.per = TrafficPer::room;
  scenario.membership = Membership::zipf;
  const Schedule schedule = unrolled(scenario, 1);
  EXPECT_EQ(schedule.users(), 1'000'000U);
  EXPECT_NEAR(static_cast<double>(schedule.says.size()), 150'000, 1'000);
}

}  // namespace
}  // namespace pushbench::harness

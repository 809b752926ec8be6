#include "harness/presence.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "tests/harness/unrolled.h"

namespace pushbench::harness {
namespace {

using namespace std::chrono_literals;

/// Three quarters of 400 users are there on average.
Scenario churn() {
  Scenario scenario = poisson();
  scenario.users = 400;
  scenario.presence = Presence::churn;
  scenario.stay = 3s;
  scenario.away = 1s;
  return scenario;
}

bool is_there(const Schedule& schedule, std::uint32_t user, net::Duration at) {
  return std::any_of(schedule.stays.begin(), schedule.stays.end(), [&](const Stay& stay) {
    return stay.user == user && stay.from <= at && at < stay.until;
  });
}

TEST(Presence, FixedUsersNeedNoStays) {
  EXPECT_TRUE(unrolled(poisson(), 1).stays.empty());
  Scenario at_once = poisson();
  at_once.presence = Presence::at_once;
  EXPECT_EQ(unrolled(at_once, 1).hash(), unrolled(poisson(), 1).hash());
}

TEST(Presence, ARampBringsOneAfterTheOther) {
  Scenario scenario = poisson();
  scenario.users = 40;
  scenario.presence = Presence::ramp;
  const Schedule schedule = unrolled(scenario, 1);
  ASSERT_EQ(schedule.stays.size(), 40U);
  for (std::uint32_t user = 0; user < 40; ++user) {
    EXPECT_EQ(schedule.stays[user].user, user);
    EXPECT_EQ(schedule.stays[user].from, 500ms * user);
    EXPECT_EQ(schedule.stays[user].until, 20s);
  }
  // Each message goes to those who have come: half of them on average.
  EXPECT_NEAR(static_cast<double>(schedule.expected_deliveries()),
              static_cast<double>(schedule.says.size()) * 20.5,
              static_cast<double>(schedule.says.size()));
}

TEST(Presence, ChurningUsersComeAndGoInOrderAndWithinTheTime) {
  const Schedule schedule = unrolled(churn(), 4);
  std::vector<net::Duration> last(400, -1ns);
  net::Duration before{};
  for (const Stay& stay : schedule.stays) {
    EXPECT_LE(before, stay.from);
    EXPECT_LT(last[stay.user], stay.from);
    EXPECT_LT(stay.from, stay.until);
    EXPECT_LE(stay.until, 20s);
    before = stay.from;
    last[stay.user] = stay.until;
  }
}

TEST(Presence, AsManyAreThereAtTheStartAsLater) {
  const Schedule schedule = unrolled(churn(), 4);
  for (const net::Duration at : {net::Duration(0), net::Duration(7s), net::Duration(19s)}) {
    Attendance attendance(schedule);
    attendance.advance(at);
    // 300 of 400, binomial: 4 standard deviations are 35.
    EXPECT_NEAR(static_cast<double>(attendance.count(0)), 300, 35) << at.count();
  }
}

TEST(Presence, StaysHaveTheMeanThatIsAsked) {
  Scenario scenario = churn();
  scenario.duration = 200s;
  scenario.rate = 1;
  const Schedule schedule = unrolled(scenario, 6);
  double there = 0;
  for (const Stay& stay : schedule.stays) {
    there += std::chrono::duration<double>(stay.until - stay.from).count();
  }
  EXPECT_NEAR(there / 200, 300, 10);
  // 400 users come every 4 s, and some are there already: 20,300; 4 deviations are about 400.
  EXPECT_NEAR(static_cast<double>(schedule.stays.size()), 20'300, 400);
}

TEST(Presence, AttendanceKnowsWhoIsInWhichRoom) {
  Scenario scenario = churn();
  scenario.users = 30;
  scenario.rooms = 3;
  const Schedule schedule = unrolled(scenario, 2);
  Attendance attendance(schedule);
  Draw draw(1, Concern::stand_ins);
  for (net::Duration at{}; at < 20s; at += 137ms) {
    attendance.advance(at);
    std::uint64_t counts[3] = {};
    for (std::uint32_t user = 0; user < 30; ++user) {
      EXPECT_EQ(attendance.is_there(user), is_there(schedule, user, at));
      if (attendance.is_there(user)) ++counts[user % 3];
    }
    for (std::uint32_t room = 0; room < 3; ++room) {
      EXPECT_EQ(attendance.count(room), counts[room]);
      const auto someone = attendance.anyone(room, draw);
      ASSERT_EQ(someone.has_value(), counts[room] > 0);
      if (!someone) continue;
      EXPECT_TRUE(attendance.is_there(*someone));
      EXPECT_EQ(*someone % 3, room);
    }
  }
}

TEST(Presence, NobodySpeaksWhileAway) {
  for (const TrafficPer per :
       {TrafficPer::all, TrafficPer::room, TrafficPer::user, TrafficPer::source}) {
    Scenario scenario = churn();
    scenario.users = 20;
    scenario.rooms = 2;
    scenario.per = per;
    scenario.rate = 5;
    scenario.sources = 4;
    const Schedule schedule = unrolled(scenario, 9);
    std::uint64_t deliveries = 0;
    for (const Say& say : schedule.says) {
      EXPECT_TRUE(is_there(schedule, say.user, say.due));
      for (std::uint32_t user = say.user % 2; user < 20; user += 2) {
        deliveries += is_there(schedule, user, say.due) ? 1 : 0;
      }
    }
    EXPECT_EQ(schedule.expected_deliveries(), deliveries);
  }
}

TEST(Presence, AnotherSpeaksForOneThatIsAwayButNotForASource) {
  const Scenario scenario = churn();
  Scenario fixed = scenario;
  fixed.presence = Presence::fixed;
  EXPECT_EQ(unrolled(scenario, 3).says.size(), unrolled(fixed, 3).says.size());
  Scenario own = scenario;
  own.per = TrafficPer::user;
  own.rate = 1;
  // 400 streams of 20 messages, three quarters of which find their user there.
  EXPECT_NEAR(static_cast<double>(unrolled(own, 3).says.size()), 6000, 400);
}

}  // namespace
}  // namespace pushbench::harness

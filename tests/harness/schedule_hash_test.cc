#include <gtest/gtest.h>

#include <functional>
#include <set>

#include "tests/harness/unrolled.h"

namespace pushbench::harness {
namespace {

using namespace std::chrono_literals;

/// Small, and with something of everything in it.
Scenario everything() {
  Scenario scenario;
  scenario.users = 12;
  scenario.rooms = 3;
  scenario.membership = Membership::zipf;
  scenario.presence = Presence::churn;
  scenario.stay = 2s;
  scenario.away = 1s;
  scenario.traffic = TrafficKind::burst;
  scenario.per = TrafficPer::user;
  scenario.burst_off = 2s;
  scenario.duration = 5s;
  scenario.size_kind = SizeKind::lognormal;
  scenario.link.cut_every = 3s;
  UserGroup group;
  group.name = "g";
  group.share = 0.5;
  group.link.cut_at = {1s};
  scenario.groups = {group};
  return scenario;
}

TEST(ScheduleHash, IsThatOfThisScenarioOnEveryMachine) {
  // Recorded once. Another value means that what was measured before cannot be compared any more:
  // change it only with a reason.
  const Schedule schedule = unrolled(everything(), 1);
  EXPECT_EQ(schedule.hash(), "f7abf582743b2452");
  EXPECT_EQ(schedule.says.size(), 23U);
  EXPECT_EQ(schedule.stays.size(), 27U);
  EXPECT_EQ(schedule.cuts.size(), 17U);
  EXPECT_EQ(unrolled(poisson(), 1).hash(), "deefb8ed73db9477");
}

TEST(ScheduleHash, ChangesWithEveryField) {
  const Schedule schedule = unrolled(everything(), 1);
  const std::vector<std::function<void(Schedule&)>> changes = {
      [](Schedule&) {},
      [](Schedule& s) { ++s.seed; },
      [](Schedule& s) { s.duration += 1ns; },
      [](Schedule& s) { ++s.rooms; },
      [](Schedule& s) { s.says[1].due += 1ns; },
      [](Schedule& s) { ++s.says[1].user; },
      [](Schedule& s) { ++s.says[1].bytes; },
      [](Schedule& s) { s.says.pop_back(); },
      [](Schedule& s) { s.cuts[1].due += 1ns; },
      [](Schedule& s) { ++s.cuts[1].user; },
      [](Schedule& s) { s.cuts.clear(); },
      [](Schedule& s) { s.stays[1].from += 1ns; },
      [](Schedule& s) { s.stays[1].until += 1ns; },
      [](Schedule& s) { ++s.stays[1].user; },
      [](Schedule& s) { s.poll_phases[1] += 1e-9; },
      [](Schedule& s) { ++s.user_rooms[1]; },
      [](Schedule& s) { ++s.user_groups[1]; },
      [](Schedule& s) { std::swap(s.user_rooms, s.user_groups); },
  };
  std::set<std::string> hashes;
  for (const auto& change : changes) {
    Schedule changed = schedule;
    change(changed);
    EXPECT_EQ(changed.hash().size(), 16U);
    hashes.insert(changed.hash());
  }
  EXPECT_EQ(hashes.size(), changes.size());
}

}  // namespace
}  // namespace pushbench::harness

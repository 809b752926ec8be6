// A scenario file. "#--set key=value" as its first line is an override too. What is taken unrolls
// to a schedule in order and in range, if it is a small one.

#include <algorithm>

#include "harness/scenario_check.h"
#include "harness/scenario_file.h"
#include "harness/schedule.h"
#include "tests/fuzz/fuzz.h"

namespace {

using namespace pushbench;
using harness::Scenario;
using harness::Schedule;
using harness::TraceEventKind;

constexpr double kMostEvents = 2'000;  // that one input may take the time for

bool is_small(const Scenario& scenario) {
  const harness::Extent extent = harness::extent_of(scenario);
  return static_cast<double>(scenario.users + scenario.rooms) + extent.says + extent.cuts +
             extent.phases <
         kMostEvents;
}

/// Times of events, each of one user.
template <class Event>
void expect_in_order(const std::vector<Event>& events, const Schedule& schedule) {
  net::Duration before{};
  for (const Event& event : events) {
    fuzz::expect(event.due >= before && event.due < schedule.duration, "an event out of its time");
    fuzz::expect(event.user < schedule.users(), "an event of nobody");
    before = event.due;
  }
}

void expect_whole(const Scenario& scenario, const Schedule& schedule) {
  expect_in_order(schedule.says, schedule);
  expect_in_order(schedule.cuts, schedule);
  for (const harness::Say& say : schedule.says) {
    fuzz::expect(say.bytes >= 1 && say.bytes <= 1024 * 1024, "a text out of its range");
  }
  net::Duration before{};
  for (const harness::Stay& stay : schedule.stays) {
    fuzz::expect(stay.from >= before && stay.from < stay.until, "a stay out of order");
    fuzz::expect(stay.until <= schedule.duration && stay.user < schedule.users(), "a stray stay");
    before = stay.from;
  }
  std::uint64_t users = 0;
  for (std::uint32_t room = 0; room < schedule.rooms; ++room) {
    fuzz::expect(schedule.users_in(room) > 0, "an empty room");
    users += schedule.users_in(room);
  }
  fuzz::expect(users == scenario.users && schedule.users() == users, "users are missing");
  for (std::size_t user = 0; user < schedule.users(); ++user) {
    fuzz::expect(schedule.room_of(user) < schedule.rooms, "a room that is none");
    fuzz::expect(schedule.user_groups[user] <= scenario.groups.size(), "a group that is none");
    const double phase = schedule.poll_phases[user];
    fuzz::expect(phase >= 0 && phase < 1, "a poll out of its interval");
  }
}

void expect_unrolls(const Scenario& scenario) {
  if (!is_small(scenario)) return;
  const auto schedule = harness::unroll(
      scenario, {{0, TraceEventKind::say, 7, 30}, {90'000, TraceEventKind::say, 1u << 31, 9}}, 1);
  if (!schedule) {
    fuzz::expect(schedule.error().what.starts_with("nobody says anything"), "does not unroll");
    return;
  }
  expect_whole(scenario, *schedule);
  fuzz::expect(schedule->expected_deliveries() <= schedule->says.size() * scenario.users,
               "more deliveries than there can be");
  fuzz::expect(schedule->hash().size() == 16, "no hash");
}

/// Any error has a place; a scenario that is taken is one that fits together.
void read(const std::string& toml, const std::vector<std::string>& overrides) {
  const auto scenario = harness::parse_scenario(toml, "some/fuzzed.toml", overrides);
  if (!scenario) {
    fuzz::expect(!scenario.error().where.empty() && !scenario.error().what.empty(), "no reason");
    return;
  }
  fuzz::expect_same("the name", scenario->name, "fuzzed");
  fuzz::expect(harness::check(*scenario).has_value(), "a scenario that does not fit together");
  expect_unrolls(*scenario);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string all(reinterpret_cast<const char*>(data), size);
  const std::size_t line = std::min(all.find('\n'), all.size());
  const bool has_override = all.starts_with("#--set ");
  read(all, {});
  if (has_override) read(all, {all.substr(7, line - 7)});
  return 0;
}

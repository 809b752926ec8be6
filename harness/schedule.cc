#include "harness/schedule.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "harness/draw.h"
#include "harness/membership.h"
#include "harness/presence.h"
#include "harness/traffic.h"
#include "harness/units.h"

namespace pushbench::harness {

namespace {

/// One phase in each of as many equal parts of the interval as there are users, dealt out at
/// random: no two users poll in step, and no stretch of the interval is left bare.
std::vector<double> spread_phases(std::size_t users, Draw draw) {
  std::vector<std::size_t> parts(users);
  std::iota(parts.begin(), parts.end(), std::size_t{0});
  draw.shuffle(parts);
  std::vector<double> phases;
  for (const std::size_t part : parts) {
    phases.push_back((static_cast<double>(part) + draw.unit()) / static_cast<double>(users));
  }
  return phases;
}

/// Each user's cuts are a Poisson process; those of all on the same link are one of as many times
/// the rate.
void cut_at_random(const LinkSettings& link, const std::vector<std::uint32_t>& users,
                   net::Duration end, Draw draw, std::vector<Cut>& cuts) {
  if (link.cut_every == net::Duration::zero() || users.empty()) return;
  const double gap = net::seconds(link.cut_every) / static_cast<double>(users.size());
  for (net::Duration at = draw.wait(gap); at < end; at += draw.wait(gap)) {
    cuts.push_back({at, users[draw.below(users.size())]});
  }
}

/// Each group's links, and then the scenario's.
std::vector<Cut> draw_cuts(const Scenario& scenario, const Schedule& schedule) {
  std::vector<std::vector<std::uint32_t>> members(scenario.groups.size() + 1);
  for (std::uint32_t user = 0; user < schedule.users(); ++user) {
    members[schedule.user_groups[user]].push_back(user);
  }
  std::vector<Cut> cuts;
  for (std::size_t group = 0; group < members.size(); ++group) {
    const bool is_last = group == scenario.groups.size();
    const LinkSettings& link = is_last ? scenario.link : scenario.groups[group].link;
    const Draw draw(schedule.seed, Concern::cuts, group);
    cut_at_random(link, members[group], scenario.duration, draw, cuts);
    for (const net::Duration moment : link.cut_at) {
      for (const std::uint32_t user : members[group]) cuts.push_back({moment, user});
    }
  }
  std::sort(cuts.begin(), cuts.end(), [](const Cut& a, const Cut& b) {
    return a.due != b.due ? a.due < b.due : a.user < b.user;
  });
  return cuts;
}

}  // namespace

std::uint64_t Schedule::users_in(std::uint32_t room) const {
  if (room < room_sizes.size()) return room_sizes[room];
  if (user_rooms.empty()) return room == 0 ? users() : 0;
  return static_cast<std::uint64_t>(std::count(user_rooms.begin(), user_rooms.end(), room));
}

std::uint64_t Schedule::expected_deliveries() const {
  Attendance attendance(*this);
  std::uint64_t sum = 0;
  for (const Say& say : says) {
    attendance.advance(say.due);
    sum += attendance.count(room_of(say.user));
  }
  return sum;
}

std::uint32_t Schedule::largest_text() const {
  std::uint32_t largest = 0;
  for (const Say& say : says) largest = std::max(largest, say.bytes);
  return largest;
}

std::size_t Schedule::publishers() const {
  std::vector<bool> publishes(users());
  for (const Say& say : says) publishes[say.user] = true;
  return static_cast<std::size_t>(std::count(publishes.begin(), publishes.end(), true));
}

Result<Schedule> unroll(const Scenario& scenario, const std::vector<TraceEvent>& trace,
                        std::uint64_t seed) {
  if (const auto fits = check(scenario); !fits) return tl::unexpected(fits.error());
  Schedule schedule;
  schedule.rooms = scenario.rooms;
  schedule.seed = seed;
  schedule.duration = scenario.duration;
  schedule.poll_phases = spread_phases(scenario.users, Draw(seed, Concern::poll_phases));
  schedule.user_rooms = deal_rooms(scenario, seed);
  schedule.room_sizes = room_sizes(scenario);
  schedule.user_groups = deal_groups(scenario, seed);
  schedule.stays = draw_stays(scenario, seed);
  schedule.says = draw_says(scenario, trace, schedule, seed);
  schedule.cuts = draw_cuts(scenario, schedule);
  if (schedule.says.empty()) {
    const bool traced = scenario.traffic == TrafficKind::trace;
    return failure(scenario.name,
                   fmt::format("nobody says anything in {}; lengthen traffic.duration or {}",
                               format_duration(scenario.duration),
                               traced ? "move traffic.from" : "raise traffic.rate"));
  }
  return schedule;
}

}  // namespace pushbench::harness

#include "harness/schedule.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <set>

#include "harness/units.h"

namespace pushbench::harness {

namespace {

/// Draws that are the same on every machine: the standard fixes the generator's numbers, but not
/// what its distributions make of them.
class Draw {
 public:
  explicit Draw(std::uint64_t seed) : generator_(seed) {}
  double unit() { return static_cast<double>(generator_() >> 11) * 0x1.0p-53; }  // [0, 1)
  std::size_t below(std::size_t n) {
    return std::min(n - 1, static_cast<std::size_t>(unit() * static_cast<double>(n)));
  }
  double exponential(double rate) { return -std::log1p(-unit()) / rate; }

 private:
  std::mt19937_64 generator_;
};

net::Duration seconds(double s) { return net::Duration(std::llround(s * 1e9)); }

/// One phase in each of as many equal parts of the interval as there are users, dealt out at
/// random: no two users poll in step, and no stretch of the interval is left bare.
std::vector<double> spread_phases(std::size_t users, Draw& draw) {
  std::vector<std::size_t> parts(users);
  std::iota(parts.begin(), parts.end(), std::size_t{0});
  for (std::size_t i = users; i > 1; --i) std::swap(parts[i - 1], parts[draw.below(i)]);
  std::vector<double> phases;
  for (const std::size_t part : parts) {
    phases.push_back((static_cast<double>(part) + draw.unit()) / static_cast<double>(users));
  }
  return phases;
}

std::vector<Say> say_by_rate(const Scenario& scenario, Draw& draw) {
  std::vector<Say> says;
  const bool random = scenario.traffic == TrafficKind::poisson;
  const double end = std::chrono::duration<double>(scenario.duration).count();
  const double gap = 1 / scenario.rate;
  double at = random ? draw.exponential(scenario.rate) : gap / 2;
  while (at < end) {
    const auto user = static_cast<std::uint32_t>(draw.below(scenario.users));
    says.push_back({seconds(at), user, static_cast<std::uint32_t>(scenario.size)});
    at = random ? at + draw.exponential(scenario.rate)
                : gap * (static_cast<double>(says.size()) + 0.5);
  }
  return says;
}

/// What was said in the trace's window, each speaker being one user. Who joined and who left is not
/// replayed: the scenario's users are there from start to end.
std::vector<Say> say_by_trace(const Scenario& scenario, const std::vector<TraceEvent>& trace) {
  std::vector<Say> says;
  const double from_ms = std::chrono::duration<double, std::milli>(scenario.trace_from).count();
  for (const TraceEvent& event : trace) {
    const double at = (static_cast<double>(event.time_ms) - from_ms) / 1000 / scenario.speedup;
    if (event.kind != TraceEventKind::say || at < 0 || seconds(at) >= scenario.duration) continue;
    says.push_back(
        {seconds(at), static_cast<std::uint32_t>(event.speaker % scenario.users), event.bytes});
  }
  return says;
}

/// Each user's cuts are a Poisson process; together they are one of as many times the rate.
std::vector<Cut> cut_at_random(const Scenario& scenario, Draw& draw) {
  std::vector<Cut> cuts;
  if (scenario.link.cut_every == net::Duration::zero()) return cuts;
  const double end = std::chrono::duration<double>(scenario.duration).count();
  const double rate = static_cast<double>(scenario.users) /
                      std::chrono::duration<double>(scenario.link.cut_every).count();
  for (double at = draw.exponential(rate); at < end; at += draw.exponential(rate)) {
    cuts.push_back({seconds(at), static_cast<std::uint32_t>(draw.below(scenario.users))});
  }
  return cuts;
}

}  // namespace

std::uint64_t Schedule::users_in(std::uint32_t room) const {
  return static_cast<std::uint64_t>(std::count(user_rooms.begin(), user_rooms.end(), room));
}

std::uint64_t Schedule::expected_deliveries() const {
  std::uint64_t sum = 0;
  for (const Say& say : says) sum += users_in(room_of(say.user));
  return sum;
}

std::uint32_t Schedule::largest_text() const {
  std::uint32_t largest = 0;
  for (const Say& say : says) largest = std::max(largest, say.bytes);
  return largest;
}

std::string Schedule::hash() const { return std::to_string(seed); }

std::size_t Schedule::publishers() const {
  std::set<std::uint32_t> users;
  for (const Say& say : says) users.insert(say.user);
  return users.size();
}

Result<Schedule> unroll(const Scenario& scenario, const std::vector<TraceEvent>& trace,
                        std::uint64_t seed) {
  Draw draw(seed);
  Schedule schedule;
  schedule.poll_phases = spread_phases(scenario.users, draw);
  schedule.rooms = scenario.rooms;
  schedule.seed = seed;
  for (std::uint32_t user = 0; user < scenario.users; ++user) {
    schedule.user_rooms.push_back(user % static_cast<std::uint32_t>(scenario.rooms));
    schedule.user_groups.push_back(0);
  }
  schedule.duration = scenario.duration;
  schedule.says = scenario.traffic == TrafficKind::trace ? say_by_trace(scenario, trace)
                                                         : say_by_rate(scenario, draw);
  schedule.cuts = cut_at_random(scenario, draw);  // last: the rest is the same with and without
  if (schedule.says.empty()) {
    return failure(scenario.name, "nobody says anything in " + format_duration(scenario.duration) +
                                      "; lengthen traffic.duration, raise traffic.rate or move "
                                      "traffic.from");
  }
  return schedule;
}

}  // namespace pushbench::harness

#include "harness/presence.h"

#include <algorithm>
#include <numeric>

namespace pushbench::harness {

namespace {

using net::seconds;

/// One by one, evenly, and then they stay.
std::vector<Stay> ramp(const Scenario& scenario) {
  std::vector<Stay> stays;
  const auto count = static_cast<double>(scenario.users);
  for (std::uint32_t user = 0; user < scenario.users; ++user) {
    const double from = static_cast<double>(scenario.duration.count()) * user / count;
    stays.push_back({net::Duration(static_cast<std::int64_t>(from)), scenario.duration, user});
  }
  return stays;
}

/// Each user comes and goes. At the start as many are there as at any other moment, and as the
/// exponential has no memory, for a time of the same mean.
void churn(const Scenario& scenario, std::uint32_t user, Draw draw, std::vector<Stay>& stays) {
  constexpr net::Duration kLeast{1};
  const double stay = seconds(scenario.stay);
  const double away = seconds(scenario.away);
  bool is_there = draw.unit() < stay / (stay + away);
  for (net::Duration at{}; at < scenario.duration; is_there = !is_there) {
    const net::Duration until = at + std::max(kLeast, draw.wait(is_there ? stay : away));
    if (is_there) stays.push_back({at, std::min(until, scenario.duration), user});
    at = until;
  }
}

}  // namespace

std::vector<Stay> draw_stays(const Scenario& scenario, std::uint64_t seed) {
  if (scenario.presence == Presence::ramp) return ramp(scenario);
  std::vector<Stay> stays;
  if (scenario.presence != Presence::churn) return stays;
  for (std::uint32_t user = 0; user < scenario.users; ++user) {
    churn(scenario, user, Draw(seed, Concern::presence, user), stays);
  }
  std::sort(stays.begin(), stays.end(), [](const Stay& a, const Stay& b) {
    return a.from != b.from ? a.from < b.from : a.user < b.user;
  });
  return stays;
}

Attendance::Attendance(const Schedule& schedule)
    : schedule_(schedule), rooms_(schedule.rooms), by_end_(schedule.stays.size()) {
  const std::size_t users = schedule.users();
  if (schedule.stays.empty()) {
    for (std::uint32_t user = 0; user < users; ++user) {
      rooms_[schedule.room_of(user)].push_back(user);
    }
    return;
  }
  places_.assign(users, kAway);
  std::iota(by_end_.begin(), by_end_.end(), 0U);
  std::stable_sort(by_end_.begin(), by_end_.end(), [&](std::uint32_t a, std::uint32_t b) {
    return schedule.stays[a].until < schedule.stays[b].until;
  });
}

void Attendance::advance(net::Duration to) {
  const std::vector<Stay>& stays = schedule_.stays;
  // A stay begins before it ends, so there is always one that ends as long as one begins.
  while (left_ < stays.size()) {
    const Stay& ends = stays[by_end_[left_]];
    const bool enters = entered_ < stays.size() && stays[entered_].from < ends.until;
    if ((enters ? stays[entered_].from : ends.until) > to) return;
    if (enters) {
      enter(stays[entered_++].user);
    } else {
      leave(ends.user);
      ++left_;
    }
  }
}

std::optional<std::uint32_t> Attendance::anyone(std::uint32_t room, Draw& draw) const {
  const std::vector<std::uint32_t>& there = rooms_[room];
  if (there.empty()) return std::nullopt;
  return there[draw.below(there.size())];
}

void Attendance::enter(std::uint32_t user) {
  std::vector<std::uint32_t>& room = rooms_[schedule_.room_of(user)];
  places_[user] = static_cast<std::uint32_t>(room.size());
  room.push_back(user);
}

/// The last one of the list takes the place that becomes free.
void Attendance::leave(std::uint32_t user) {
  std::vector<std::uint32_t>& room = rooms_[schedule_.room_of(user)];
  room[places_[user]] = room.back();
  places_[room.back()] = places_[user];
  room.pop_back();
  places_[user] = kAway;
}

}  // namespace pushbench::harness

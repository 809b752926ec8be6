#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "harness/draw.h"
#include "harness/schedule.h"

namespace pushbench::harness {

/// Who is there when, in order of `from`; empty if everybody is there all the time.
std::vector<Stay> draw_stays(const Scenario& scenario, std::uint64_t seed);

/// Walks through a schedule's time and knows who is in which room. The schedule outlives it.
class Attendance {
 public:
  explicit Attendance(const Schedule& schedule);

  void advance(net::Duration to);  // never back; before the first call nobody is there yet
  bool is_there(std::size_t user) const { return places_.empty() || places_[user] != kAway; }
  std::uint64_t count(std::uint32_t room) const { return rooms_[room].size(); }
  /// One of those in the room, at random; none if it is empty.
  std::optional<std::uint32_t> anyone(std::uint32_t room, Draw& draw) const;

 private:
  static constexpr std::uint32_t kAway = UINT32_MAX;

  void enter(std::uint32_t user);
  void leave(std::uint32_t user);

  const Schedule& schedule_;
  std::vector<std::vector<std::uint32_t>> rooms_;  // who is in each
  std::vector<std::uint32_t> places_;  // a user each: where in its room's list; empty: all stay
  std::vector<std::uint32_t> by_end_;  // the schedule's stays, in order of `until`
  std::size_t entered_ = 0;
  std::size_t left_ = 0;
};

}  // namespace pushbench::harness

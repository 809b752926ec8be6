#pragma once

#include <cstdint>
#include <vector>

#include "harness/recorder.h"
#include "harness/schedule.h"

namespace pushbench::harness {

enum class EventKind : std::uint8_t { leave, join, say, cut };  // in this order at the same moment

/// Something that a schedule has a user do, counted from the start of what is measured.
struct Event {
  net::Duration due;
  std::uint32_t number;  // of the stay, say or cut in the schedule
  EventKind kind;
};

/// What is due for a shard's users in the measured time, in order. Not: joining before it begins,
/// and leaving when it ends.
std::vector<Event> events_of(const Schedule& schedule, Shard shard);

/// The shard's stays that have begun before the measured time, in order of users. Where a schedule
/// has no stays there are none, and all users are there.
std::vector<std::uint32_t> first_stays(const Schedule& schedule, Shard shard);

}  // namespace pushbench::harness

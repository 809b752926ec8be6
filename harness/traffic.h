#pragma once

#include <cstdint>
#include <vector>

#include "harness/schedule.h"

namespace pushbench::harness {

/// Who says what when, in order. `schedule` says who is in which room at what time.
std::vector<Say> draw_says(const Scenario& scenario, const std::vector<TraceEvent>& trace,
                           const Schedule& schedule, std::uint64_t seed);

/// How many streams of messages go at `traffic.rate` each: one, or one of each room, user or
/// source.
std::uint64_t streams_of(const Scenario& scenario);

}  // namespace pushbench::harness

#pragma once

#include <gtest/gtest.h>

#include <vector>

#include "harness/schedule.h"

namespace pushbench::harness {

/// The schedule of a scenario that has one.
inline Schedule unrolled(const Scenario& scenario, std::uint64_t seed,
                         const std::vector<TraceEvent>& trace = {}) {
  auto schedule = unroll(scenario, trace, seed);
  EXPECT_TRUE(schedule) << schedule.error().line();
  return schedule.value_or(Schedule());
}

/// 100 users in one room, 50 messages a second for 20 s.
inline Scenario poisson() {
  Scenario scenario;
  scenario.traffic = TrafficKind::poisson;
  scenario.rate = 50;
  scenario.duration = std::chrono::seconds(20);
  return scenario;
}

}  // namespace pushbench::harness

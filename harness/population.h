#pragma once

#include <optional>
#include <vector>

#include "harness/scenario.h"
#include "harness/theory_formulas.h"
#include "harness/trace.h"

namespace pushbench::harness {

/// A scenario in the mean: what its schedule would come to, however many users there are. Rates are
/// in events a second.
struct Population {
  double users = 0;
  double rooms = 0;
  double present = 1;     // share of the users who are there at a time
  double published = 0;   // messages a second, of all rooms
  double fan_out = 0;     // users that a message goes to
  double publishers = 0;  // users that publish
  Arrivals arrivals;      // at one user
  double text = 0;        // mean bytes of a message

  double delivered() const { return published * fan_out; }  // a second, to all
};

/// `trace` is what a trace scenario replays; a trace counts as Poisson traffic of its mean rate.
Population population_of(const Scenario& scenario, const std::vector<TraceEvent>& trace);

}  // namespace pushbench::harness

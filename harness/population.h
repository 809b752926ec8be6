#pragma once

#include <optional>
#include <vector>

#include "harness/scenario.h"
#include "harness/theory_formulas.h"
#include "harness/trace.h"

namespace pushbench::harness {

/// What some of the users see.
struct Sight {
  double share = 1;  // of all deliveries, those that are theirs
  Arrivals arrivals;
};

/// A scenario in the mean: what its schedule would come to, however many users there are. Rates are
/// in events a second.
struct Population {
  double users = 0;
  double rooms = 0;
  double present = 1;     // share of the users who are there at a time
  double published = 0;   // messages a second, of all rooms
  double fan_out = 0;     // users that a message goes to
  double publishers = 0;  // users that publish, of those who are there at a time
  Arrivals arrivals;      // at one user who is there, in the mean
  double text = 0;        // mean bytes of a message
  /// Where users of unequal rooms see unequal rates: each kind of them. Else one kind.
  std::vector<Sight> sights;

  double delivered() const { return published * fan_out; }  // a second, to all
};

/// `trace` is what a trace scenario replays; a trace counts as Poisson traffic of its mean rate.
Population population_of(const Scenario& scenario, const std::vector<TraceEvent>& trace);

}  // namespace pushbench::harness

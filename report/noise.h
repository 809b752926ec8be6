#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "harness/metrics.h"

namespace pushbench::report {

/// How far a metric moves by itself from one run to the next: the program, the scenario and the
/// machine are the same. docs/comparing.md says what the defaults are taken from.
struct Noise {
  double share = 0;     // of the baseline, or of that part of it that is not waiting by theory …
  double absolute = 0;  // … but at least this, in the metric's unit
  std::size_t fewest = 1;          // repetitions a side without which nothing can be told
  std::string_view unjudged = {};  // why no verdict rests on this metric; empty: they do
};

/// Of two runs, one after the other; `paired`: of repetitions that took turns, which leaves only
/// what changes from one minute to the next.
Noise noise_of(const harness::Metric& metric, bool paired);

/// A change below this counts as none, in the metric's unit. `waiting` is what theory says of the
/// baseline's figure: a latency is by schedule and links then, which no noise touches. `share`, if
/// the user gives one, replaces the defaults.
double threshold_of(const harness::Metric& metric, const Noise& noise, double baseline,
                    double waiting, std::optional<double> share);

}  // namespace pushbench::report

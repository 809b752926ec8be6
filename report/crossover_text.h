#pragma once

#include <string>

#include "harness/crossover.h"
#include "report/curve.h"

namespace pushbench::report {

/// Where the two cross by theory, what was run at both sides, and whether that confirms it. For a
/// terminal of 80 columns.
std::string crossover_text(const std::string& scenario, const harness::Crossover& crossover,
                           const harness::CrossoverQuestion& question);

/// crossover.csv: value, why it was run ("cost" or "side"), transport, source ("theory",
/// "measured"), metric, unit and figure; measured ones are medians.
std::string crossover_csv(const harness::Crossover& crossover,
                          const harness::CrossoverQuestion& question);

/// Theory as lines, what was measured as marks.
Curve crossover_curve(const std::string& scenario, const harness::Crossover& crossover,
                      const harness::CrossoverQuestion& question,
                      const harness::CrossoverTheory& theory);

}  // namespace pushbench::report

#pragma once

#include <string>
#include <vector>

#include "harness/capacity.h"
#include "harness/crossover.h"
#include "harness/machine.h"
#include "harness/sweep.h"

namespace pushbench::harness {

/// What every search was asked with.
struct SearchContext {
  std::string scenario;
  std::uint64_t seed = 1;
  std::vector<std::string> overrides;  // as given to --set
  BuildInfo build;
};

// sweep.json, capacity.json and crossover.json: indented, with a newline at the end. Figures have
// the units that "metrics" names; a figure that was not measured is null.

std::string to_json(const SweepResult& sweep, const SearchContext& context);
std::string to_json(const std::vector<CapacityCurve>& curves, const CapacityQuestion& question,
                    const SearchContext& context);
std::string to_json(const Crossover& crossover, const CrossoverQuestion& question,
                    const SearchContext& context);

}  // namespace pushbench::harness

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cli/output.h"
#include "harness/sweep.h"

namespace pushbench::cli {

/// What `pushbench run --sweep` was asked.
struct SweepRequest {
  harness::Scenario scenario;
  harness::SweepSpec spec;
  std::vector<harness::RunPlan> plans;  // one a value, ready to run
  std::vector<std::string> overrides;   // as given to --set
  std::string out;
  bool json = false;
  bool allow_invalid = false;  // figures that do not count are no reason to fail
};

/// Runs the scenario for each value, into one folder with a sub-folder for each value's result.
/// Returns the exit code: the worst of the runs'.
int sweep(const SweepRequest& request, const Output& output);

}  // namespace pushbench::cli

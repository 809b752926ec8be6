#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/result.h"
#include "harness/run.h"
#include "harness/value_runner.h"

namespace pushbench::harness {

/// One key of the scenario and the values it takes in turn.
struct SweepSpec {
  NamedKey key;
  std::vector<std::string> values;
};

/// Reads "transport.polling.interval=100ms,1s,5s": at least two values, each once.
Result<SweepSpec> parse_sweep(std::string_view text);

/// The scenario with each of the values, unrolled; every value is tried before anything runs.
/// Shipped header files are in `headers_folder`.
Result<std::vector<RunPlan>> plan_sweep(const Scenario& scenario, const SweepSpec& spec,
                                        std::uint64_t seed, const std::string& headers_folder);

/// Makes sure that the key says something to one of a plan's columns; the error names them.
Result<void> check_concerned(const NamedKey& key, const RunPlan& plan);

struct SweepStep {
  std::string value;
  RunResult result;
};

/// The folder of a value's result within the sweep's: the value, with a dash for what a file name
/// had better not have.
std::string step_folder(std::string_view value);

struct SweepResult {
  SweepSpec spec;
  std::vector<SweepStep> steps;  // as far as it came
  Outcome outcome = Outcome::complete;
  std::string problem;  // what broke, in one line

  bool valid() const;  // complete, and every run valid
};

class SweepListener : public ValueListener {
 public:
  /// A value's run has ended, whichever way. Fails if its result could not be kept, which ends the
  /// sweep.
  virtual Result<void> on_step(const SweepStep& step) = 0;
};

/// One run a value, in the order given; stops at the first that does not end complete.
SweepResult run_sweep(const SweepSpec& spec, const std::vector<RunPlan>& plans,
                      SweepListener& listener);

}  // namespace pushbench::harness

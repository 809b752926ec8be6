#pragma once

#include <string>
#include <vector>

#include "harness/lab.h"
#include "harness/run.h"
#include "report/lab_figures.h"

namespace pushbench::report {

/// A lab of two runs with polling, and results of it as an honest student has them: made up, and of
/// the very plan that the lab gives.
class MadeLab {
 public:
  MadeLab();

  const harness::Lab& lab() const { return lab_; }
  /// As the lab has it, or with settings of a student's own.
  harness::RunPlan plan(const std::string& run, const std::vector<std::string>& set = {}) const;
  /// All messages took about `latency_us`, and this share of the polls was empty.
  harness::RunResult result(const harness::RunPlan& plan, double latency_us,
                            double empty_share) const;
  /// Slow: 250 ms, 20 % empty; fast: 25 ms, 80 %.
  LabResults honest() const;
  /// The run of that name with another result.
  LabResult with(const std::string& run, harness::RunResult result) const;

 private:
  harness::Lab lab_;
};

}  // namespace pushbench::report

#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "harness/lab.h"
#include "harness/result.h"
#include "report/interval.h"
#include "report/lab_prediction.h"

namespace pushbench::report {

/// A student's result of one of a lab's runs.
struct LabResult {
  const harness::LabRun* run;
  harness::RunResult result;
};

using LabResults = std::vector<LabResult>;

/// Figures as checks compare them: medians over the repetitions, and what was predicted.
class MeasuredFigures final : public harness::LabFigures {
 public:
  /// All must outlive it; `prediction` may be null.
  MeasuredFigures(const harness::Lab& lab, const LabResults& results,
                  const LabPrediction* prediction)
      : lab_(lab), results_(results), prediction_(prediction) {}
  std::optional<double> figure(const harness::LabOperand& operand) const override;

 private:
  const harness::Lab& lab_;
  const LabResults& results_;
  const LabPrediction* prediction_;
};

/// The figure over the repetitions, each with those of the same number where several runs are in
/// it; nothing if a run lacks what it takes.
std::optional<Interval> measured(const harness::LabExpression& figure, const LabResults& results);

/// How many repetitions that is over.
std::size_t repetitions_of(const harness::LabExpression& figure, const LabResults& results);

/// The figure by theory; nothing where it says nothing.
std::optional<double> theory(const harness::LabExpression& figure, const LabResults& results);

}  // namespace pushbench::report

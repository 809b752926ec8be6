#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/capacity.h"
#include "report/curve.h"

namespace pushbench::report {

/// For each transport the values that were tried, in ascending order, with their figures and
/// verdicts; then the answer and what stopped it. For a terminal of 80 columns.
std::string capacity_table(const std::string& scenario,
                           const std::vector<harness::CapacityCurve>& curves,
                           const harness::CapacityQuestion& question);

/// What stopped a search, and what was found, in one sentence.
std::string capacity_answer(const harness::CapacityCurve& curve,
                            const harness::CapacityQuestion& question);

/// What was tried, by its value. The curve owns it.
std::vector<const harness::Probe*> ascending(const harness::CapacityCurve& curve);

/// What became of a value, for a person: "good", "too much", "unclear", "not tried", "interrupted".
std::string_view probe_verdict(const harness::Probe& probe);

/// A figure of question.metrics() over the runs at one value.
std::optional<harness::Spread> probe_figure(const harness::Probe& probe, std::size_t metric);

/// capacity.csv: transport, value, run, verdict, why, metric, unit and figure. A run that measured
/// nothing has one line, without a figure.
std::string capacity_csv(const std::vector<harness::CapacityCurve>& curves,
                         const harness::CapacityQuestion& question);

/// The limits' metrics over the varied key; hollow marks are values that failed.
Curve capacity_curve(const std::string& scenario, const std::vector<harness::CapacityCurve>& curves,
                     const harness::CapacityQuestion& question);

/// The unit of a curve's x axis over this key, and a number of it as that axis takes it.
harness::FigureUnit x_unit(const harness::VariedKey& key);
double x_of(const harness::VariedKey& key, double value);

}  // namespace pushbench::report

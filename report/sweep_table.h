#pragma once

#include <string>

#include "harness/sweep.h"
#include "report/curve.h"

namespace pushbench::report {

/// A row for each value and transport, with medians over the repetitions, for a terminal of 80
/// columns; then whatever makes a run invalid.
std::string sweep_table(const harness::SweepResult& sweep);

/// sweep.csv, a line a figure: value, transport, repetition, whether it is valid, metric, unit and
/// figure. Figures that were not measured have no line.
std::string sweep_csv(const harness::SweepResult& sweep);

/// Median and 99th percentile of latency, and bytes a message, over the swept key.
Curve sweep_curve(const harness::SweepResult& sweep);

}  // namespace pushbench::report

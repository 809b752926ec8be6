#pragma once

#include <string>

#include "harness/result.h"
#include "report/curve.h"

namespace pushbench::report {

/// What the pictures of a run's report.html are drawn from, as JSON: plain numbers in microseconds,
/// bytes and counts, from chart_figures.h. report/web/ has the reader of each part.
std::string chart_data(const harness::RunResult& result);

/// The same of a sweep's or a capacity search's curves.
std::string chart_data(const Curve& curve);

}  // namespace pushbench::report

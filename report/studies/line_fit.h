#pragma once

#include <utility>
#include <vector>

namespace pushbench::report {

/// The straight line that fits best by least squares.
struct LineFit {
  double intercept = 0;
  double slope = 0;
  double r2 = 0;  // how much of the scatter it explains, 0 to 1

  double at(double x) const { return intercept + slope * x; }
};

/// Of two points or more, not all at the same x.
LineFit fit_line(const std::vector<std::pair<double, double>>& points);

}  // namespace pushbench::report

#pragma once

#include <string>
#include <vector>

#include "harness/metrics.h"

namespace pushbench::report {

/// Values of one axis and where they are drawn.
class Axis {
 public:
  /// Takes in all `values`; from `start` to `end` in pixels.
  Axis(const std::vector<double>& values, double start, double end);

  bool logarithmic() const { return logarithmic_; }
  double place(double value) const;
  /// Round numbers within the axis, at most ten.
  std::vector<double> ticks() const;

 private:
  std::vector<double> linear_ticks() const;
  std::vector<double> logarithmic_ticks() const;

  bool logarithmic_ = false;
  double low_ = 0;
  double high_ = 1;
  double start_;
  double end_;
};

/// "100 ms", "2,000 B", "20 %": no more digits than the number has.
std::string tick_text(harness::FigureUnit unit, double value);

}  // namespace pushbench::report

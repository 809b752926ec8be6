#pragma once

#include <vector>

namespace pushbench::report {

/// A figure over repetitions: its median, and where that would lie if the run were done again.
struct Interval {
  double median = 0;
  double low = 0;
  double high = 0;
  bool bootstrap =
      false;  // false: fewer than 3 values, and low and high are the least and the most

  bool holds(double value) const { return low <= value && value <= high; }
};

/// The 95 % interval of the median by bootstrap: 2,000 resamples, drawn by a fixed seed, so that
/// the same values always give the same interval. All zero for no values.
Interval interval_of(std::vector<double> values);

}  // namespace pushbench::report

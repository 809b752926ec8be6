#pragma once

#include <cstddef>
#include <vector>

namespace pushbench::report {

/// Of fewer values a bootstrap's 95 % reach from the least to the most.
inline constexpr std::size_t kFewestForInterval = 6;

/// A figure over repetitions: its median, and where that would lie if the run were done again.
struct Interval {
  double median = 0;
  double low = 0;
  double high = 0;
  bool bootstrap = false;  // false: too few values, and low and high are the least and the most

  bool holds(double value) const { return low <= value && value <= high; }
};

/// The 95 % interval of the median by bootstrap: 2,000 resamples, drawn by a fixed seed, so that
/// the same values always give the same interval. Of fewer than kFewestForInterval values from the
/// least to the most, which is what the bootstrap says, too. All zero for no values.
Interval interval_of(std::vector<double> values);

}  // namespace pushbench::report

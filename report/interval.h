#pragma once

#include <cstddef>
#include <random>
#include <vector>

namespace pushbench::report {

/// Of fewer values a bootstrap's 95 % reach from the least to the most.
inline constexpr std::size_t kFewestForInterval = 6;

/// How often a bootstrap draws its values again, and the share at each end beyond its 95 %.
inline constexpr std::size_t kResamples = 2000;
inline constexpr double kIntervalTail = 0.025;

/// As many values as there are, each any of them.
std::vector<double> resampled(const std::vector<double>& values, std::mt19937& random);

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

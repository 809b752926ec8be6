#pragma once

#include <optional>
#include <vector>

namespace pushbench::harness {

/// The middle of several repetitions' figures, and how far they lie apart.
struct Spread {
  double median = 0;
  double least = 0;
  double most = 0;
};

/// Nothing if there are no values.
std::optional<Spread> spread_of(std::vector<double> values);

/// Sorts the values, of which there is at least one; of an even number the mean of the middle two.
double sort_to_median(std::vector<double>& values);

}  // namespace pushbench::harness

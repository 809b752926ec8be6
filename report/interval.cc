#include "report/interval.h"

#include <algorithm>
#include <cstddef>

#include "harness/spread.h"

namespace pushbench::report {

std::vector<double> resampled(const std::vector<double>& values, std::mt19937& random) {
  std::vector<double> sample(values.size());
  // Not uniform_int_distribution, which the standard leaves to each library.
  for (double& value : sample) value = values[random() % values.size()];
  return sample;
}

Interval interval_of(std::vector<double> values) {
  if (values.empty()) return {};
  const double median = harness::sort_to_median(values);
  if (values.size() < kFewestForInterval) return {median, values.front(), values.back(), false};
  std::mt19937 random(1);
  std::vector<double> medians;
  for (std::size_t i = 0; i < kResamples; ++i) {
    std::vector<double> sample = resampled(values, random);
    medians.push_back(harness::sort_to_median(sample));
  }
  std::sort(medians.begin(), medians.end());
  const auto at = [&](double share) {
    return medians[static_cast<std::size_t>(share * static_cast<double>(kResamples - 1))];
  };
  return {median, at(kIntervalTail), at(1 - kIntervalTail), true};
}

}  // namespace pushbench::report

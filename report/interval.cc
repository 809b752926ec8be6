#include "report/interval.h"

#include <algorithm>
#include <cstddef>
#include <random>

#include "harness/spread.h"

namespace pushbench::report {

namespace {

constexpr std::size_t kResamples = 2000;
constexpr double kTail = 0.025;

}  // namespace

Interval interval_of(std::vector<double> values) {
  if (values.empty()) return {};
  const double median = harness::sort_to_median(values);
  if (values.size() < kFewestForInterval) return {median, values.front(), values.back(), false};
  std::mt19937 random(1);
  std::vector<double> medians;
  std::vector<double> sample(values.size());
  for (std::size_t i = 0; i < kResamples; ++i) {
    // Not uniform_int_distribution, which the standard leaves to each library.
    for (double& value : sample) value = values[random() % values.size()];
    medians.push_back(harness::sort_to_median(sample));
  }
  std::sort(medians.begin(), medians.end());
  const auto at = [&](double share) {
    return medians[static_cast<std::size_t>(share * static_cast<double>(kResamples - 1))];
  };
  return {median, at(kTail), at(1 - kTail), true};
}

}  // namespace pushbench::report

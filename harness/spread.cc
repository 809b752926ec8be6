#include "harness/spread.h"

#include <algorithm>
#include <cstddef>

namespace pushbench::harness {

double sort_to_median(std::vector<double>& values) {
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

std::optional<Spread> spread_of(std::vector<double> values) {
  if (values.empty()) return std::nullopt;
  const double median = sort_to_median(values);
  return Spread{median, values.front(), values.back()};
}

}  // namespace pushbench::harness

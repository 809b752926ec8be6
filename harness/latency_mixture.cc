#include "harness/latency_mixture.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

namespace pushbench::harness {

namespace {

/// A width so much smaller than the widest changes nothing that one could see, but costs digits.
constexpr double kNarrow = 1e-4;

/// P(U1 + … + Un ≤ x) for Ui uniform from 0 to widths[i]:
/// Σ over the subsets S of (−1)^|S| (x − Σ of S)₊^n, divided by n! and the product of the widths.
double sum_within(const std::vector<double>& widths, double x) {
  const std::size_t n = widths.size();
  if (n == 0) return x >= 0 ? 1 : 0;
  double sum = 0;
  for (std::size_t subset = 0; subset < (std::size_t{1} << n); ++subset) {
    double rest = x;
    double sign = 1;
    for (std::size_t i = 0; i < n; ++i) {
      if ((subset >> i & 1) == 0) continue;
      rest -= widths[i];
      sign = -sign;
    }
    if (rest > 0) sum += sign * std::pow(rest, static_cast<double>(n));
  }
  for (std::size_t i = 0; i < n; ++i) sum /= widths[i] * static_cast<double>(i + 1);
  return std::clamp(sum, 0.0, 1.0);
}

double part_within(const LatencyMixture::Part& part, double time) {
  double x = time - part.offset;
  double all = 0;
  double widest = 0;
  for (const double width : part.widths) {
    all += width;
    widest = std::max(widest, width);
  }
  if (x >= all) return 1;
  if (x < 0) return 0;
  std::vector<double> widths;
  for (const double width : part.widths) {
    if (width > widest * kNarrow) {
      widths.push_back(width);
    } else {
      x -= width / 2;
    }
  }
  return sum_within(widths, x);
}

double mean_of(const LatencyMixture::Part& part) {
  double mean = part.offset;
  for (const double width : part.widths) mean += width / 2;
  return mean;
}

double max_of(const LatencyMixture::Part& part) {
  double max = part.offset;
  for (const double width : part.widths) max += width;
  return max;
}

}  // namespace

void LatencyMixture::add(const LatencyMixture& other, double weight) {
  const double all = other.weight();
  if (all <= 0 || weight <= 0) return;
  for (Part part : other.parts_) {
    part.weight *= weight / all;
    parts_.push_back(std::move(part));
  }
}

LatencyMixture LatencyMixture::plus(const LatencyMixture& other) const {
  LatencyMixture sum;
  for (const Part& a : parts_) {
    for (const Part& b : other.parts_) {
      Part both{a.weight * b.weight, a.offset + b.offset, a.widths};
      for (const double width : b.widths) {
        if (width > 0) both.widths.push_back(width);
      }
      if (both.weight > 0) sum.add(std::move(both));
    }
  }
  return sum;
}

double LatencyMixture::weight() const {
  double all = 0;
  for (const Part& part : parts_) all += part.weight;
  return all;
}

double LatencyMixture::mean() const {
  double sum = 0;
  for (const Part& part : parts_) sum += part.weight * mean_of(part);
  return parts_.empty() ? 0 : sum / weight();
}

double LatencyMixture::max() const {
  double most = 0;
  for (const Part& part : parts_) {
    if (part.weight > 0) most = std::max(most, max_of(part));
  }
  return most;
}

double LatencyMixture::share_within(double time) const {
  double sum = 0;
  for (const Part& part : parts_) sum += part.weight * part_within(part, time);
  return parts_.empty() ? 0 : sum / weight();
}

double LatencyMixture::quantile(double share) const {
  double low = 0;
  double high = max();
  for (int step = 0; step < 50 && low < high; ++step) {
    const double middle = (low + high) / 2;
    (share_within(middle) < share ? low : high) = middle;
  }
  return high;
}

}  // namespace pushbench::harness

#include "report/rank_tests.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <numeric>

namespace pushbench::report {

namespace {

/// Twice the ranks, so that a tie's mean rank is a whole number, too.
struct Ranks {
  std::vector<std::size_t> doubled;  // of the values, in their order
  double ties = 0;                   // the sum of t^3 - t over groups of t equal values
};

Ranks ranks_of(const std::vector<double>& values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&values](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  Ranks ranks{std::vector<std::size_t>(values.size()), 0};
  for (std::size_t from = 0; from < order.size();) {
    std::size_t to = from + 1;
    while (to < order.size() && values[order[to]] == values[order[from]]) ++to;
    for (std::size_t i = from; i < to; ++i) ranks.doubled[order[i]] = from + 1 + to;
    const auto t = static_cast<double>(to - from);
    ranks.ties += t * t * t - t;
    from = to;
  }
  return ranks;
}

/// Of all ways to give `chosen` of the ranks to the second sample, the share by its doubled sum.
std::vector<double> shares_by_sum(const std::vector<std::size_t>& doubled, std::size_t chosen) {
  const std::size_t most = std::accumulate(doubled.begin(), doubled.end(), std::size_t{0});
  std::vector<std::vector<double>> ways(chosen + 1, std::vector<double>(most + 1, 0));
  ways[0][0] = 1;
  for (const std::size_t rank : doubled) {
    for (std::size_t size = chosen; size >= 1; --size) {
      for (std::size_t sum = most; sum >= rank; --sum) {
        ways[size][sum] += ways[size - 1][sum - rank];
      }
    }
  }
  std::vector<double> shares = ways[chosen];
  const double all = std::accumulate(shares.begin(), shares.end(), 0.0);
  for (double& share : shares) share /= all;
  return shares;
}

/// Of all signs, the share by the doubled sum of the positive ones' ranks.
std::vector<double> shares_by_signs(const std::vector<std::size_t>& doubled) {
  const std::size_t most = std::accumulate(doubled.begin(), doubled.end(), std::size_t{0});
  std::vector<double> shares(most + 1, 0);
  shares[0] = 1;
  for (const std::size_t rank : doubled) {
    for (std::size_t sum = most + 1; sum-- > 0;) {
      shares[sum] = (shares[sum] + (sum >= rank ? shares[sum - rank] : 0)) / 2;
    }
  }
  return shares;
}

/// How likely a sum at least as far from the mean is, on either side.
double as_far(const std::vector<double>& shares, double sum, double mean) {
  constexpr double kRounding = 1e-9;
  double p = 0;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    if (std::abs(static_cast<double>(i) - mean) >= std::abs(sum - mean) - kRounding) p += shares[i];
  }
  return std::min(1.0, p);
}

/// The same by a normal distribution; half a step is taken off, for sums go by steps of one.
double as_far_normally(double distance, double variance) {
  if (variance <= 0) return 1;
  const double z = std::max(0.0, std::abs(distance) - 0.5) / std::sqrt(variance);
  return std::erfc(z / std::numbers::sqrt2);
}

double choose(double n, double k) {
  double ways = 1;
  for (double i = 1; i <= k; ++i) ways *= (n - k + i) / i;
  return ways;
}

double sum_of(const std::vector<std::size_t>& doubled, std::size_t from) {
  return static_cast<double>(std::accumulate(doubled.begin() + static_cast<std::ptrdiff_t>(from),
                                             doubled.end(), std::size_t{0}));
}

}  // namespace

RankTest mann_whitney(const std::vector<double>& first, const std::vector<double>& second) {
  std::vector<double> all = first;
  all.insert(all.end(), second.begin(), second.end());
  const Ranks ranks = ranks_of(all);
  const auto m = static_cast<double>(first.size());
  const auto n = static_cast<double>(second.size());
  const double doubled_sum = sum_of(ranks.doubled, first.size());
  RankTest test;
  test.statistic = doubled_sum / 2 - n * (n + 1) / 2;
  test.least_p = std::min(1.0, 2 / choose(m + n, n));
  test.exact = std::max(first.size(), second.size()) <= kExactMannWhitney;
  const double mean = n * (m + n + 1) / 2;
  if (test.exact) {
    test.p = as_far(shares_by_sum(ranks.doubled, second.size()), doubled_sum, 2 * mean);
  } else {
    const double corrected = (m + n + 1) - ranks.ties / ((m + n) * (m + n - 1));
    test.p = as_far_normally(doubled_sum / 2 - mean, m * n / 12 * corrected);
  }
  return test;
}

RankTest signed_rank(const std::vector<double>& differences) {
  std::vector<double> sizes;
  std::vector<bool> positive;
  for (const double difference : differences) {
    if (difference == 0) continue;
    sizes.push_back(std::abs(difference));
    positive.push_back(difference > 0);
  }
  RankTest test;
  if (sizes.empty()) return test;
  const Ranks ranks = ranks_of(sizes);
  double doubled_sum = 0;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    if (positive[i]) doubled_sum += static_cast<double>(ranks.doubled[i]);
  }
  const auto n = static_cast<double>(sizes.size());
  test.statistic = doubled_sum / 2;
  test.least_p = std::min(1.0, std::pow(2.0, 1 - n));
  test.exact = sizes.size() <= kExactSignedRank;
  const double mean = n * (n + 1) / 4;
  if (test.exact) {
    test.p = as_far(shares_by_signs(ranks.doubled), doubled_sum, 2 * mean);
  } else {
    const double variance = n * (n + 1) * (2 * n + 1) / 24 - ranks.ties / 48;
    test.p = as_far_normally(test.statistic - mean, variance);
  }
  return test;
}

}  // namespace pushbench::report

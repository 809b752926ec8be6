#include "report/change.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <utility>

#include "harness/spread.h"
#include "report/interval.h"
#include "report/rank_tests.h"
#include "report/student.h"

namespace pushbench::report {

using harness::FigureUnit;
using harness::Metric;

namespace {

constexpr double kNormalBound = 1.96;
constexpr double kShown = 0.95;
/// Of some fifty figures two or three lie outside of their 95 % by chance: a verdict takes more.
constexpr double kDecided = 0.9998;
constexpr double kSignificant = 0.05;
constexpr double kRounding = 1e-9;

double median_of(std::vector<double> values) { return harness::sort_to_median(values); }

/// The median of all means of two, each value with itself, too: with few values it is far steadier
/// than their own median.
double middle_of(const std::vector<double>& values) {
  std::vector<double> means;
  means.reserve(values.size() * (values.size() + 1) / 2);
  for (std::size_t i = 0; i < values.size(); ++i) {
    for (std::size_t j = 0; j <= i; ++j) means.push_back((values[i] + values[j]) / 2);
  }
  const auto half = means.begin() + static_cast<std::ptrdiff_t>(means.size() / 2);
  std::nth_element(means.begin(), half, means.end());
  if (means.size() % 2 == 1) return *half;
  return (*half + *std::max_element(means.begin(), half)) / 2;
}

std::vector<double> differences_of(const Samples& samples) {
  std::vector<double> differences;
  for (std::size_t i = 0; i < samples.before.size(); ++i) {
    differences.push_back(samples.after[i] - samples.before[i]);
  }
  return differences;
}

double range_of(const std::vector<double>& values) {
  const auto [least, most] = std::minmax_element(values.begin(), values.end());
  return *most - *least;
}

/// 95 % of the resampled changes, and as much wider as it takes with few values, whose bootstrap
/// is too sure of itself (the "expanded percentile interval"). The margin makes 95 % those 99.98 %
/// that verdicts take.
void take_interval(std::vector<double> changes, std::size_t fewest, std::size_t freedom,
                   Change& change) {
  std::sort(changes.begin(), changes.end());
  const auto last = static_cast<double>(changes.size() - 1);
  const double low = changes[static_cast<std::size_t>(std::floor(kIntervalTail * last))];
  const double high = changes[static_cast<std::size_t>(std::ceil((1 - kIntervalTail) * last))];
  const auto n = static_cast<double>(fewest);
  const double bound = student_bound(kShown, freedom);
  const double wider = std::sqrt(n / (n - 1)) * bound / kNormalBound;
  change.low = change.change - wider * std::max(0.0, change.change - low);
  change.high = change.change + wider * std::max(0.0, high - change.change);
  change.bootstrap = true;
  change.margin = std::max(change.change - change.low, change.high - change.change) *
                  (student_bound(kDecided, freedom) / bound - 1);
}

void measure_pairs(Change& change) {
  const std::vector<double> differences = differences_of(change.samples);
  change.change = middle_of(differences);
  if (differences.size() >= kFewestForInterval) {
    std::mt19937 random(1);
    std::vector<double> changes(kResamples);
    for (double& one : changes) one = middle_of(resampled(differences, random));
    take_interval(std::move(changes), differences.size(), differences.size() - 1, change);
  } else {
    const auto [least, most] = std::minmax_element(differences.begin(), differences.end());
    change.low = *least;
    change.high = *most;
    change.margin = *most - *least;
  }
}

void measure_apart(Change& change) {
  const auto& [before, after, paired, waiting] = change.samples;
  change.change = change.after - change.before;
  const std::size_t fewest = std::min(before.size(), after.size());
  if (fewest >= kFewestForInterval) {
    std::mt19937 random(1);
    std::vector<double> changes(kResamples);
    for (double& one : changes) {
      const double from = median_of(resampled(before, random));
      one = median_of(resampled(after, random)) - from;
    }
    take_interval(std::move(changes), fewest, before.size() + after.size() - 2, change);
  } else {
    const auto [least_before, most_before] = std::minmax_element(before.begin(), before.end());
    const auto [least_after, most_after] = std::minmax_element(after.begin(), after.end());
    change.low = *least_after - *most_before;
    change.high = *most_after - *least_before;
    change.margin = range_of(before) + range_of(after);
  }
}

std::optional<double> p_of(const Samples& samples) {
  const RankTest test = samples.paired ? signed_rank(differences_of(samples))
                                       : mann_whitney(samples.before, samples.after);
  if (test.least_p > kSignificant) return std::nullopt;
  return test.p;
}

/// What keeps a change from being told, whatever its size; empty: nothing does.
std::string obstacle(const Change& change, const Noise& noise) {
  if (!noise.unjudged.empty()) return std::string(noise.unjudged);
  const std::size_t a = change.samples.before.size();
  const std::size_t b = change.samples.after.size();
  if (std::min(a, b) >= noise.fewest) return "";
  return change.samples.paired
             ? fmt::format("too few pairs: {}, it takes {}", a, noise.fewest)
             : fmt::format("too few repetitions: {} and {}, it takes {} each", a, b, noise.fewest);
}

void judge(Change& change, const Noise& noise) {
  change.why = obstacle(change, noise);
  if (!change.why.empty()) return;
  const double rounding = kRounding * std::max(std::abs(change.before), std::abs(change.after));
  const double threshold = change.threshold + rounding;
  if (change.low >= -threshold && change.high <= threshold) {
    change.judgement = Judgement::same;
    return;
  }
  const bool is_more = change.low > threshold + change.margin;
  const bool is_less = change.high < -threshold - change.margin;
  if ((is_more || is_less) && change.is_real()) {
    change.judgement =
        is_more == more_is_better(*change.metric) ? Judgement::better : Judgement::worse;
    return;
  }
  const bool is_beyond = change.low > threshold || change.high < -threshold;
  change.why = is_beyond ? "too close: more repetitions would tell" : "too noisy";
}

}  // namespace

std::string_view name_of(Judgement judgement) {
  switch (judgement) {
    case Judgement::same:
      return "same";
    case Judgement::better:
      return "better";
    case Judgement::worse:
      return "worse";
    case Judgement::unclear:
      break;
  }
  return "cannot tell";
}

bool Change::relative() const { return metric->unit != FigureUnit::share && before != 0; }

double Change::share(double value) const {
  if (metric->unit == FigureUnit::share || value == 0) return value;
  if (before != 0) return value / std::abs(before);
  return std::copysign(std::numeric_limits<double>::infinity(), value);
}

bool Change::is_real() const {
  const double rounding = kRounding * std::max(std::abs(before), std::abs(after));
  return (low > rounding || high < -rounding) && p.value_or(0) <= kSignificant;
}

bool more_is_better(const Metric& metric) { return metric.unit == FigureUnit::rate; }

Change change_of(const Metric& metric, Samples samples, std::optional<double> threshold) {
  Change change;
  change.metric = &metric;
  change.samples = std::move(samples);
  change.before = median_of(change.samples.before);
  change.after = median_of(change.samples.after);
  const Noise noise = noise_of(metric, change.samples.paired);
  change.threshold = threshold_of(metric, noise, change.before, change.samples.waiting, threshold);
  if (change.samples.paired) {
    measure_pairs(change);
  } else {
    measure_apart(change);
  }
  change.p = p_of(change.samples);
  judge(change, noise);
  return change;
}

}  // namespace pushbench::report

#include "report/axis.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "report/numbers.h"

namespace pushbench::report {

namespace {

constexpr double kLinearSpan = 20;  // beyond it small values would lie on the axis
constexpr std::size_t kMostTicks = 10;

}  // namespace

Axis::Axis(const std::vector<double>& values, double start, double end) : start_(start), end_(end) {
  if (values.empty()) return;
  const auto [least, most] = std::minmax_element(values.begin(), values.end());
  low_ = *least;
  high_ = *most;
  logarithmic_ = low_ > 0 && high_ / low_ > kLinearSpan;
  if (logarithmic_) {
    low_ /= 1.1;
    high_ *= 1.1;
    return;
  }
  low_ = std::min(0.0, low_);
  high_ = high_ > low_ ? high_ + (high_ - low_) * 0.05 : low_ + 1;
}

double Axis::place(double value) const {
  const double part = logarithmic_ ? std::log(value / low_) / std::log(high_ / low_)
                                   : (value - low_) / (high_ - low_);
  return start_ + (end_ - start_) * part;
}

std::vector<double> Axis::ticks() const {
  return logarithmic_ ? logarithmic_ticks() : linear_ticks();
}

std::vector<double> Axis::linear_ticks() const {
  const double unit = std::pow(10, std::floor(std::log10((high_ - low_) / 2)));
  double step = unit;
  for (const double factor : {1.0, 2.0, 5.0}) {
    step = unit * factor;
    if ((high_ - low_) / step <= 6) break;
  }
  std::vector<double> ticks;
  for (double n = std::ceil(low_ / step); n * step <= high_ && ticks.size() < kMostTicks; ++n) {
    ticks.push_back(n * step);
  }
  return ticks;
}

std::vector<double> Axis::logarithmic_ticks() const {
  static constexpr std::array<double, 3> kFine{1, 2, 5};
  std::vector<double> fine;
  std::vector<double> coarse;
  for (double unit = std::pow(10, std::floor(std::log10(low_))); unit <= high_; unit *= 10) {
    for (const double factor : kFine) {
      if (unit * factor < low_ || unit * factor > high_) continue;
      fine.push_back(unit * factor);
      if (factor == 1) coarse.push_back(unit);
    }
  }
  return fine.size() <= kMostTicks ? fine : coarse;
}

std::string tick_text(harness::FigureUnit unit, double value) {
  switch (unit) {
    case harness::FigureUnit::microseconds:
      if (value == 0) return "0";
      if (value < 1e3) return fmt::format("{:.3g} µs", value);
      if (value < 1e6) return fmt::format("{:.3g} ms", value / 1e3);
      return fmt::format("{:.4g} s", value / 1e6);
    case harness::FigureUnit::share:
      return fmt::format("{:.3g} %", value * 100);
    case harness::FigureUnit::bytes:
    case harness::FigureUnit::rate:
    case harness::FigureUnit::ratio:
      break;
  }
  if (value >= 1000) return thousands(static_cast<std::uint64_t>(std::llround(value)));
  return fmt::format("{:.4g}", value);
}

}  // namespace pushbench::report

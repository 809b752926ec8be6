#include "report/student.h"

#include <cmath>
#include <numbers>

namespace pushbench::report {

/// Abramowitz and Stegun, 26.7.3 and 26.7.4: a finite sum in the cosine of atan(t/√ν).
double student_within(double t, std::size_t freedom) {
  const double angle = std::atan(t / std::sqrt(static_cast<double>(freedom)));
  const double cosine = std::cos(angle);
  const bool is_odd = freedom % 2 == 1;
  double term = is_odd ? cosine : 1;
  double sum = 0;
  for (std::size_t k = is_odd ? 3 : 2; k <= freedom; k += 2) {
    sum += term;
    const auto number = static_cast<double>(k);
    term *= (number - 1) / number * cosine * cosine;
  }
  sum *= std::sin(angle);
  return is_odd ? (angle + sum) * 2 / std::numbers::pi : sum;
}

double student_bound(double probability, std::size_t freedom) {
  double low = 0;
  double high = 1e6;
  for (int i = 0; i < 100; ++i) {
    const double middle = (low + high) / 2;
    (student_within(middle, freedom) < probability ? low : high) = middle;
  }
  return high;
}

}  // namespace pushbench::report

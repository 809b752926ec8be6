#pragma once

#include <cstddef>

namespace pushbench::report {

/// How likely a Student's t of so many degrees of freedom, at least one, is to lie within ±t.
double student_within(double t, std::size_t freedom);

/// The t within which it lies with that probability, 0 to 0.99999.
double student_bound(double probability, std::size_t freedom);

}  // namespace pushbench::report

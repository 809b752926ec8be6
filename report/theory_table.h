#pragma once

#include <string>

#include "harness/result.h"

namespace pushbench::report {

/// Each figure that the theory foretells beside the measured one, for a terminal of 80 columns: the
/// median and its interval, the theory's, the difference, and a * where the theory's lies outside
/// of the interval. "" if there is no theory.
std::string theory_table(const harness::RunResult& result);

}  // namespace pushbench::report

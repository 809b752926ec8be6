#pragma once

#include <string>

#include "harness/result.h"

namespace pushbench::report {

/// All that `run` prints of a result, and `show` again: the comparison, the theory beside it, and
/// at the end whatever makes the run invalid. For a terminal of 80 columns.
std::string run_text(const harness::RunResult& result);

}  // namespace pushbench::report

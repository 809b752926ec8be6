#pragma once

#include <string>

#include "harness/result.h"

namespace pushbench::report {

/// All that `run` prints of a result, and `show` again: the comparison, then the theory beside it.
/// For a terminal of 80 columns.
std::string run_text(const harness::RunResult& result);

}  // namespace pushbench::report

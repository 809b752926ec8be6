#pragma once

#include <string>

#include "report/compare.h"

namespace pushbench::report {

/// A comparison for a pull request: what changed as a table, all figures below a fold.
std::string compare_markdown(const Compared& compared);

}  // namespace pushbench::report

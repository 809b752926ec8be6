#pragma once

#include <string>

#include "report/compare.h"

namespace pushbench::report {

/// A comparison for a terminal of 80 columns: for each candidate a block a transport, changed rows
/// marked, then a line for whatever got worse and for each condition. UTF-8, no colours.
std::string compare_text(const Compared& compared);

}  // namespace pushbench::report

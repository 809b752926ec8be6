#pragma once

#include <string>

#include "report/compare.h"

namespace pushbench::report {

/// A comparison as JSON, "pushbench-compare/1": each figure with all its repetitions, the change,
/// its interval, threshold and verdict.
std::string compare_json(const Compared& compared);

}  // namespace pushbench::report

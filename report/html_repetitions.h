#pragma once

#include <string>

#include "harness/result.h"

namespace pushbench::report {

/// Every repetition's figures: for each transport a table with a column a repetition, first the
/// metrics, then what was counted, by its place in result.json.
std::string repetition_tables(const harness::RunResult& result);

}  // namespace pushbench::report

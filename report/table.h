#pragma once

#include <optional>
#include <string>

#include "harness/result.h"

namespace pushbench::report {

/// The comparison for a terminal of 80 columns: a row a transport, and a plain sentence for each
/// below. UTF-8, no colours.
std::string measured(const harness::RunResult& result);

/// Limits that failed, and whatever makes the run invalid, each after an empty line; else nothing.
std::string alarms(const harness::RunResult& result);

/// Both.
std::string comparison(const harness::RunResult& result);

/// What the harness costs by itself, as a paragraph after an empty line; nothing if that is not
/// known.
std::string floor_note(const std::optional<harness::Floor>& floor);

}  // namespace pushbench::report

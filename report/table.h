#pragma once

#include <optional>
#include <string>

#include "harness/result.h"

namespace pushbench::report {

/// The comparison for a terminal of 80 columns: a row a transport, a plain sentence for each below,
/// and whatever makes the run invalid. UTF-8, no colours.
std::string comparison(const harness::RunResult& result);

/// What the harness costs by itself, as a paragraph after an empty line; nothing if that is not
/// known.
std::string floor_note(const std::optional<harness::Floor>& floor);

}  // namespace pushbench::report

#pragma once

#include <optional>
#include <string>

#include "harness/result.h"

namespace pushbench::report {

/// The comparison for a terminal of 80 columns: a row a transport, a plain sentence for each below,
/// and whatever makes the run invalid. UTF-8, no colours.
std::string comparison(const harness::RunResult& result);

/// How many columns a UTF-8 text takes in a terminal, for texts without wide characters.
std::size_t columns(std::string_view text);

/// Breaks a text at spaces so that no line is over 80 columns; further lines are indented. Spaces
/// at its start stay.
std::string wrapped(std::string_view text, std::size_t indent);

/// What the harness costs by itself, as a paragraph after an empty line; nothing if that is not
/// known.
std::string floor_note(const std::optional<harness::Floor>& floor);

}  // namespace pushbench::report

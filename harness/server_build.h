#pragma once

#include <string>
#include <string_view>

#include "harness/machine.h"

namespace pushbench::harness {

/// What a server program says of itself when it is started with --version, as this one does:
/// "pushbench 0.1.0 (9e7f204)". Empty where it cannot be started, or says something else first, or
/// nothing for five seconds.
BuildInfo build_of(const std::string& binary);

/// The same from the line that it prints.
BuildInfo parse_build(std::string_view line);

}  // namespace pushbench::harness

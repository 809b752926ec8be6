#pragma once

#include <string>

#include "harness/machine.h"

namespace pushbench::report {

/// "0.1.0 (9e7f204)", or "of a version that it does not say".
std::string build_words(const harness::BuildInfo& build);

/// Who made a result: "pushbench 0.1.0 (9e7f204)", and where another program served "server 0.0.9
/// (1c2d3e4), harness 0.1.0 (9e7f204)".
std::string maker_words(const harness::Context& context);

}  // namespace pushbench::report

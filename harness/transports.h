#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/result.h"
#include "harness/scenario.h"
#include "harness/schedule.h"

namespace pushbench::harness {

using Options = std::vector<std::pair<std::string, std::string>>;

/// What the scenario sets for this transport alone, as the result names it: {"hold", "25s"}.
Options options_of(std::string_view transport, const Scenario& scenario);

/// What arithmetic says about it.
Theory forecast(std::string_view transport, const Scenario& scenario, const Schedule& schedule);

}  // namespace pushbench::harness

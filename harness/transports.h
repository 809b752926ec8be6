#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "clients/request_headers.h"
#include "harness/result.h"
#include "harness/scenario.h"
#include "harness/schedule.h"

namespace pushbench::harness {

using Options = std::vector<std::pair<std::string, std::string>>;

/// What the scenario sets for this transport alone, as the result names it: {"hold", "25s"}.
Options options_of(std::string_view transport, const Scenario& scenario);

/// What arithmetic says about it for this very schedule: see theory_replay.h. Nothing of a
/// transport that it does not know.
Theory forecast(std::string_view transport, const Scenario& scenario, const Schedule& schedule,
                const clients::RequestHeaders& headers = {});

}  // namespace pushbench::harness

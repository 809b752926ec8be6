#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "clients/registry.h"
#include "clients/request_headers.h"
#include "harness/result.h"
#include "harness/scenario.h"
#include "harness/schedule.h"

namespace pushbench::harness {

using Options = std::vector<std::pair<std::string, std::string>>;

/// What the scenario sets for this transport alone, as the result names it: {"hold", "25s"}.
/// A server of another dialect has settings of its own instead.
Options options_of(std::string_view transport, const Scenario& scenario,
                   std::string_view dialect = clients::kOwnDialect);

/// What arithmetic says about it for this very schedule: see theory_replay.h. Nothing of a
/// transport that it does not know.
Theory forecast(std::string_view transport, const Scenario& scenario, const Schedule& schedule,
                const clients::RequestHeaders& headers = {});

/// What of a transport's forecast holds for a target. Bytes are those of our own requests, batches
/// and rooms' names, and so unknown there; how long a poll is held, a server of another dialect
/// says itself, and some bring messages by other rules than ours.
Theory of_target(Theory forecast, std::string_view transport, std::string_view dialect);

}  // namespace pushbench::harness

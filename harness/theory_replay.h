#pragma once

#include <string_view>

#include "clients/request_headers.h"
#include "harness/result.h"
#include "harness/scenario.h"
#include "harness/schedule.h"

namespace pushbench::harness {

/// What a transport's rules and the links make of this very schedule, if nothing else took time:
/// the theory without the chance that lies in a schedule of some seconds. Long schedules are played
/// for some of the users only, evenly spread. Cuts are left out.
Theory replay(std::string_view transport, const Scenario& scenario, const Schedule& schedule,
              const clients::RequestHeaders& headers);

}  // namespace pushbench::harness

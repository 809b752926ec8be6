#pragma once

#include <string_view>

#include "harness/result.h"
#include "harness/scenario.h"
#include "harness/schedule.h"

namespace pushbench::harness {

/// What arithmetic says about a transport on a link without delay, to stand beside the measurement.
Theory forecast(std::string_view transport, const Scenario& scenario, const Schedule& schedule);

}  // namespace pushbench::harness

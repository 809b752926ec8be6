#pragma once

#include "harness/result.h"
#include "harness/scenario.h"
#include "harness/schedule.h"

namespace pushbench::harness {

// What arithmetic says about each transport on a link without delay, to stand beside the
// measurement.

Theory polling_theory(const Scenario& scenario, const Schedule& schedule);
Theory long_polling_theory(const Scenario& scenario, const Schedule& schedule);
Theory push_theory(const Scenario& scenario, const Schedule& schedule);  // SSE and WebSocket

}  // namespace pushbench::harness

#pragma once

#include <string>

#include "harness/run.h"

namespace pushbench::report {

/// What a run would do, without running it: who is there, what is published, how long it takes,
/// what theory forecasts, and what of the machine it needs. One screen of 80 columns.
std::string plan_text(const harness::RunPlan& plan);

}  // namespace pushbench::report

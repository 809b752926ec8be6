#pragma once

#include <string>
#include <vector>

#include "harness/capacity.h"
#include "harness/search_json.h"
#include "harness/sweep.h"

namespace pushbench::report {

// What a sweep and a capacity search give, made up as made_result() is.

harness::SweepResult made_sweep(const std::string& name);
std::vector<harness::CapacityCurve> made_capacity(const std::string& name);
harness::CapacityQuestion made_question();
harness::SearchContext made_context(const std::string& name);

}  // namespace pushbench::report

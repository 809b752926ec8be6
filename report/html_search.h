#pragma once

#include <string>
#include <vector>

#include "harness/capacity.h"
#include "harness/search_json.h"
#include "harness/sweep.h"

namespace pushbench::report {

// report.html of what runs a scenario at several values of a key: what that does to each transport
// in sentences, the curves and their figures. sweep.json or capacity.json is inside.

std::string html_report(const harness::SweepResult& sweep, const harness::SearchContext& context);
std::string html_report(const std::vector<harness::CapacityCurve>& curves,
                        const harness::CapacityQuestion& question,
                        const harness::SearchContext& context);

}  // namespace pushbench::report

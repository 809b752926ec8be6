#pragma once

#include <string>
#include <vector>

#include "harness/result.h"
#include "harness/scenario.h"

namespace pushbench::harness {

/// Which of a scenario's thresholds a transport is over, each with its figure and the limit. A
/// figure is the median over its repetitions; a percentile that takes more deliveries than there
/// were fails its threshold, and says so.
std::vector<std::string> failed_limits(const Limits& limits, const TransportResult& transport);

}  // namespace pushbench::harness

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/result.h"

namespace pushbench::harness {

/// The harness may publish this late at its 99th percentile: a quarter of the delivery latency's,
/// or 5 ms where that is more. Later than that, the figures would be the harness's own.
std::int64_t lateness_limit_us(const Repetition& repetition);

/// Why a repetition's figures do not count, each with the figure that broke the rule. None: they
/// do.
std::vector<std::string> faults(const Repetition& repetition, std::uint64_t users_asked);

}  // namespace pushbench::harness

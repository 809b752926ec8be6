#pragma once

#include <string>
#include <vector>

#include "harness/result.h"

namespace pushbench::report {

/// Why repetitions do not count, a line each: "polling, repetition 2: 3 deliveries were lost".
std::vector<std::string> invalid_reasons(const harness::TransportResult& transport);

/// The same of all transports.
std::vector<std::string> invalid_reasons(const harness::RunResult& result);

/// "these figures" of a run that is invalid; where it stands all the same, "the figures of" the
/// targets' columns that are.
std::string what_does_not_count(const harness::RunResult& result);

/// False of the repetition with which the run ended early: what of it was under way counts as lost.
bool is_whole(const harness::RunResult& result, const harness::Repetition& repetition);

}  // namespace pushbench::report

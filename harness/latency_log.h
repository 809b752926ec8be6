#pragma once

#include <string>

#include "harness/result.h"
#include "wire/result.h"

namespace pushbench::harness {

/// latency.hlog: a run's histograms as an HdrHistogram log, version 1.3, in microseconds. A
/// transport's delivery latency has its name as tag and a line for each second; other histograms
/// have one line a repetition and a tag "polling:lateness" ("…:sender", "…:last-receiver",
/// "…:join", "…:rejoin"); the floor's are "floor" and "floor:lateness". Start times count from the
/// run's start, so that a line's repetition is the one whose measured time it lies in.
std::string latency_log(const RunResult& result);

/// Puts the histograms of a log into the result that it lies beside, whose repetitions know when
/// they began. The error names the line: broken, or of no repetition. `path` only names the log.
Result<void> take_latency_log(const std::string& text, const std::string& path, RunResult& result);

}  // namespace pushbench::harness

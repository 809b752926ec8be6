#pragma once

#include <string>
#include <string_view>

#include "harness/result.h"
#include "wire/result.h"

namespace pushbench::harness {

/// latency.hlog: a run's histograms as an HdrHistogram log, version 1.3, in microseconds. A
/// transport's delivery latency has its name as tag and a line for each second; other histograms
/// have one line a repetition and a tag "polling:lateness" ("…:sender", "…:last-receiver",
/// "…:join", "…:rejoin"); the floor's are "floor" and "floor:lateness". Empty ones have none. Start
/// times count from the run's start, so that a line's repetition is the one whose measured time it
/// lies in. A repetition without seconds has one line for all of its delivery latencies.
std::string latency_log(const RunResult& result);

/// Puts the histograms of a log into the result that it lies beside, in place of those that are
/// there: repetitions must know when they began and what they delivered, the floor too. The error
/// names the line that is broken or of no repetition; or says that log and result do not hold the
/// same deliveries, and which of them was changed. `path` only names the log. After an error the
/// result's histograms mean nothing.
Result<void> take_latency_log(const std::string& text, const std::string& path, RunResult& result);

/// Whether a log's lines are as they were written, by the checksum in its head. Where a result and
/// the log beside it differ, this tells which of them was changed.
bool is_as_written(std::string_view log);

}  // namespace pushbench::harness

#pragma once

#include <string>
#include <vector>

#include "report/compare.h"

namespace pushbench::report {

// What the terminal's table and the Markdown say alike.

/// A figure of the metric: "1.34 ms", "110 B", "1.2 MiB".
std::string figure_words(const harness::Metric& metric, double value);

/// The change: "+12 %", "-1.2 pp" (of a share: percentage points), from 0 "+1.2 ms", "0 %".
std::string change_words(const Change& change);

/// Its interval: "-1.2 to +2.5 %".
std::string interval_words(const Change& change);

/// "interval (95 %)" or "least to most": what the intervals of a candidate's changes are.
std::string interval_name(const Candidate& candidate);

/// "websocket.delivery_latency.p50: 602 µs → 1.63 ms, +171 % (+150 to +180 %, p 0.008)"
std::string line_of(const std::string& transport, const Change& change);

/// "FAILED websocket.delivery_latency.p99 > +10%: 1.34 ms → …"; with * each transport its own.
std::string line_of(const ConditionOutcome& outcome);

/// Of what nothing can be told, a line for each reason.
std::vector<std::string> unclear_lines(const Candidate& candidate);

/// "48 figures: 2 worse, 0 better, 40 same, 6 cannot be told."
std::string count_line(const Candidate& candidate);

/// "A, results/old: 2026-01-31T12:00:00Z, pushbench 0.1.0 (9e7f204), 3 repetitions"; of servers
/// that took turns each side's own build.
std::string source_line(const Source& source);

}  // namespace pushbench::report

#pragma once

#include <string>
#include <vector>

#include "report/chart_figures.h"

namespace pushbench::report {

// What each picture shows in a sentence or two, from its figures alone. They stand above the
// picture, and are what a screen reader says of it. "" where there is nothing to say.

std::string latency_caption(const std::vector<LatencyLine>& lines);
std::string times_caption(const std::vector<LatencyTimes>& times);
std::string exchanges_caption(const std::vector<StackedBar>& bars);
std::string bytes_caption(const std::vector<StackedBar>& bars);
std::string theory_caption(const std::vector<TheoryPoint>& points);
/// "Of the server's CPU time a delivered message cost 3.21 µs over sse, the least, and …"
std::string cost_caption(const std::vector<CostBar>& bars, const std::string& what,
                         std::string (*text)(double));

/// A figure by its unit, as numbers.h writes it: "4.12 ms", "81 %", "1,480 B".
std::string unit_text(harness::FigureUnit unit, double value);
std::string bytes_text(double bytes);

/// "0.98–1.03 ms", "0.98 ms–1.03 s": from the least to the most. "" where both read alike.
std::string range_text(const Interval& interval, std::string (*text)(double));

/// "+3.1 %": how far a measured figure is from theory's. "–" where theory's is 0.
std::string difference_text(double measured, double theory);

}  // namespace pushbench::report

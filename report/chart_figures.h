#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/metrics.h"
#include "harness/result.h"
#include "report/interval.h"

namespace pushbench::report {

// What each picture of a run shows, and the table below it: both are written from these. Transports
// stand in the result's order, without those that delivered nothing.

struct PercentilePoint {
  double percent = 0;  // 99.9
  double us = 0;       // of all repetitions' deliveries together
  double least = 0;    // the repetitions' own lie between these; equal where at most one has it
  double most = 0;
};

struct LatencyLine {
  std::string transport;
  std::vector<PercentilePoint> points;  // as far as ten deliveries lie beyond
  std::uint64_t deliveries = 0;
  double max_us = 0;
};
std::vector<LatencyLine> latency_lines(const harness::RunResult& result);

/// The percentiles that tables show.
const std::vector<double>& table_percentiles();

/// A stretch of the measured time, of all repetitions together.
struct LatencySlice {
  double start_s = 0;
  double length_s = 1;
  std::uint64_t deliveries = 0;
  std::optional<double> p50_us, p99_us;  // nothing where there are too few
  double max_us = 0;
};

struct LatencyTimes {
  std::string transport;
  std::vector<LatencySlice> slices;  // one a second, longer ones of a long run
};
std::vector<LatencyTimes> latency_times(const harness::RunResult& result);

struct BarPart {
  std::string_view name;
  double value = 0;  // the median over repetitions
};

/// Parts that add up to a whole.
struct StackedBar {
  std::string transport;
  std::vector<BarPart> parts;
  double total() const;
};
/// HTTP exchanges of a repetition: "useful", "empty", and "other", which did not ask for messages.
std::vector<StackedBar> exchange_bars(const harness::RunResult& result);
/// Bytes per delivered message, both ways, by layer. Without TLS there is no such part.
std::vector<StackedBar> byte_bars(const harness::RunResult& result);

/// A figure that theory foretells, beside the measured one.
struct TheoryPoint {
  const harness::Metric* metric = nullptr;
  std::string transport;
  std::optional<Interval> measured;
  double theory = 0;
};
/// Metric by metric. Without percentiles and maximum where theory gives links no time at all.
std::vector<TheoryPoint> theory_points(const harness::RunResult& result);

struct CostBar {
  std::string transport;
  std::optional<Interval> interval;
};
std::vector<CostBar> cost_bars(const harness::RunResult& result, std::string_view metric);

/// A metric over those repetitions that have it; nothing if none has.
std::optional<Interval> interval_over(const harness::TransportResult& transport,
                                      const harness::Metric& metric);

}  // namespace pushbench::report

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/result.h"
#include "harness/spread.h"
#include "wire/result.h"

namespace pushbench::harness {

/// What a figure counts. `ratio` is a number without a unit, `rate` one a second.
enum class FigureUnit { microseconds, bytes, share, ratio, rate };

/// One named figure of a repetition, by its path in result.json.
struct Metric {
  std::string_view name;     // "delivery_latency.p99"
  std::string_view meaning;  // "delivery latency, 99th percentile"
  FigureUnit unit;
  /// Nothing where the repetition has no such figure: nothing was delivered, say, or too little for
  /// a percentile (Histogram::supports).
  std::optional<double> (*of)(const Repetition&);
  /// The same by theory; nothing where it says nothing.
  std::optional<double> (*theory)(const Theory&);
  double percent = 0;  // of a percentile of the delivery latency: 99
};

/// Every metric, in the order of the documentation.
const std::vector<Metric>& metrics();

/// The metric of that name, which lives as long as the program. The error names the nearest.
Result<const Metric*> parse_metric(std::string_view name);

/// "us", "bytes", "share", "ratio", "/s": as files name the unit.
std::string_view unit_name(FigureUnit unit);

/// A figure for a person: "412 µs", "1.2 s", "1480 B", "20 %", "0.83".
std::string figure_text(FigureUnit unit, double value);

/// A bound on a metric: "delivery_latency.p99<250ms".
struct MetricLimit {
  enum class Sense { below, at_most, above, at_least };

  const Metric* metric;
  Sense sense;
  double bound;      // in the metric's unit
  std::string text;  // as it was written

  bool holds(double value) const;
};

/// Reads a metric, one of < <= > >=, and a value with the metric's unit.
Result<MetricLimit> parse_limit(std::string_view text);

/// An amount by the messages a repetition delivered; nothing if it delivered none.
std::optional<double> per_message(std::uint64_t amount, const Repetition& repetition);

/// Why a percentile of the latency cannot be told of so few deliveries, and what would help; empty
/// for other metrics, and where there are enough.
std::string lacking(const Metric& metric, std::uint64_t deliveries);

/// Over those repetitions that have the figure; nothing if none has.
std::optional<Spread> spread_of(const std::vector<Repetition>& repetitions, const Metric& metric);

}  // namespace pushbench::harness

#include "report/noise.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "report/interval.h"

namespace pushbench::report {

using harness::FigureUnit;
using harness::Metric;

namespace {

/// Below so many repetitions a side, one knows nothing of their spread.
constexpr std::size_t kFewestTimes = 3;
/// Pairs have nothing but their own spread to go by.
constexpr std::size_t kFewestPairs = kFewestForInterval;

struct Entry {
  std::string_view metric;
  Noise run_after_run;
  Noise paired;
};

// Counts go by the schedule; what the network adds to them also by how packets and acknowledgements
// fall together. Times go by all that the machine does.
constexpr std::array kNoise{
    Entry{"delivery_latency.mean", {0.20, 200, kFewestTimes}, {0.01, 10, kFewestPairs}},
    Entry{"delivery_latency.p50", {0.20, 200, kFewestTimes}, {0.01, 10, kFewestPairs}},
    Entry{"delivery_latency.p90", {0.30, 300, kFewestTimes}, {0.01, 10, kFewestPairs}},
    Entry{"delivery_latency.p99", {0.30, 500, kFewestTimes}, {0.02, 20, kFewestPairs}},
    Entry{"delivery_latency.p999", {0.50, 2000, kFewestTimes}, {0.05, 50, kFewestPairs}},
    Entry{"delivery_latency.max",
          {0.5, 2000, kFewestTimes, "a single delivery's"},
          {0.5, 2000, kFewestTimes, "a single delivery's"}},
    Entry{"exchanges.empty_share", {0, 0.01}, {0, 0.005}},
    Entry{"exchanges_per_message", {0.02, 0.005}, {0.01, 0.005}},
    Entry{"payload_bytes", {0.01, 0}, {0.005, 0}},
    Entry{"application_bytes", {0.01, 0}, {0.005, 0}},
    Entry{"network_bytes", {0.02, 0}, {0.01, 0}},
    Entry{"server_cpu", {0.25, 0.5, kFewestTimes}, {0.01, 0.02, kFewestPairs}},
    Entry{"server_memory", {0.05, 4096, kFewestTimes}, {0.02, 1024, kFewestPairs}},
    Entry{"lateness.p99",
          {0.5, 500, kFewestTimes, "the harness's own"},
          {0.5, 500, kFewestTimes, "the harness's own"}},
    Entry{"delivered_per_second", {0.02, 0}, {0.01, 0}},
};

/// A metric without a line of its own is as noisy as the worst of its kind.
constexpr Noise kUnknownTime{0.50, 2000, kFewestTimes};
constexpr Noise kUnknownCount{0.05, 0, kFewestTimes};

}  // namespace

Noise noise_of(const Metric& metric, bool paired) {
  const auto* const entry = std::find_if(kNoise.begin(), kNoise.end(),
                                         [&](const Entry& e) { return e.metric == metric.name; });
  if (entry != kNoise.end()) return paired ? entry->paired : entry->run_after_run;
  return metric.unit == FigureUnit::microseconds ? kUnknownTime : kUnknownCount;
}

double threshold_of(const Metric& metric, const Noise& noise, double baseline, double waiting,
                    std::optional<double> share) {
  // A share's change is itself one: of all, not of what the share was.
  const double whole = metric.unit == FigureUnit::share ? 1 : std::abs(baseline);
  if (share) return *share * whole;
  if (metric.unit == FigureUnit::share) return noise.absolute;
  const double noisy =
      metric.unit == FigureUnit::microseconds ? std::max(0.0, whole - waiting) : whole;
  return std::max(noise.share * noisy, noise.absolute);
}

}  // namespace pushbench::report

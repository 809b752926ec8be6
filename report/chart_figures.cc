#include "report/chart_figures.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace pushbench::report {

using harness::Histogram;
using harness::Metric;
using harness::Repetition;
using harness::RunResult;
using harness::TransportResult;

namespace {

constexpr double kTicksPerHalving = 8;  // of the share that is beyond
constexpr double kMostOneIn = 100'000;  // the histogram tells no finer percentile
constexpr std::size_t kMostSlices = 300;

std::vector<const TransportResult*> delivering(const RunResult& result) {
  std::vector<const TransportResult*> found;
  for (const TransportResult& transport : result.transports) {
    if (std::any_of(transport.repetitions.begin(), transport.repetitions.end(),
                    [](const Repetition& r) { return r.messages.delivered > 0; })) {
      found.push_back(&transport);
    }
  }
  return found;
}

Histogram merged_latency(const TransportResult& transport) {
  Histogram all;
  for (const Repetition& r : transport.repetitions) all.add(r.delivery_latency);
  return all;
}

/// HdrHistogram's: each halving of what is beyond in equal steps, and the tables' between them.
std::vector<double> drawn_percentiles() {
  std::vector<double> percents = table_percentiles();
  for (double step = 0;; ++step) {
    const double one_in = std::exp2(step / kTicksPerHalving);
    if (one_in > kMostOneIn) break;
    percents.push_back(100 * (1 - 1 / one_in));
  }
  std::sort(percents.begin(), percents.end());
  percents.erase(std::unique(percents.begin(), percents.end()), percents.end());
  return percents;
}

PercentilePoint point_at(double percent, const Histogram& all, const TransportResult& transport) {
  const auto us = static_cast<double>(all.percentile(percent));
  PercentilePoint point{percent, us, us, us};
  bool first = true;
  for (const Repetition& r : transport.repetitions) {
    if (!r.delivery_latency.supports(percent)) continue;
    const auto own = static_cast<double>(r.delivery_latency.percentile(percent));
    point.least = first ? own : std::min(point.least, own);
    point.most = first ? own : std::max(point.most, own);
    first = false;
  }
  return point;
}

/// The median over those repetitions that delivered something.
template <class Pick>
double median_of(const TransportResult& transport, Pick pick) {
  std::vector<double> values;
  for (const Repetition& r : transport.repetitions) {
    if (r.messages.delivered > 0) values.push_back(static_cast<double>(pick(r)));
  }
  const auto spread = harness::spread_of(std::move(values));
  return spread ? spread->median : 0;
}

template <class Pick>
double bytes_per_message(const TransportResult& transport, Pick pick) {
  return median_of(transport, [&pick](const Repetition& r) {
    const harness::Directions bytes = pick(r);
    return harness::per_message(bytes.up + bytes.down, r).value_or(0);
  });
}

/// Compression may leave less of a body than its payload: then all of it counts as payload.
harness::Directions payload_within(const Repetition& r) {
  return {std::min(r.payload.up, r.bytes.bodies.up), std::min(r.payload.down, r.bytes.bodies.down)};
}

StackedBar bytes_of(const TransportResult& transport, bool tls) {
  StackedBar bar{transport.name, {}};
  bar.parts = {
      {"payload", bytes_per_message(transport, payload_within)},
      {"JSON",
       bytes_per_message(transport,
                         [](const Repetition& r) { return r.bytes.bodies - payload_within(r); })},
      {"heads", bytes_per_message(transport, [](const Repetition& r) { return r.bytes.heads; })},
      {"frames",
       bytes_per_message(transport, [](const Repetition& r) { return r.bytes.frames(); })}};
  if (tls) {
    bar.parts.push_back(
        {"TLS", bytes_per_message(transport, [](const Repetition& r) { return r.bytes.tls; })});
  }
  bar.parts.push_back({"TCP/IP", bytes_per_message(transport, [](const Repetition& r) {
                         return r.bytes.tcp_ip();
                       })});
  return bar;
}

/// How many seconds a slice takes in, so that a long run has no more slices than can be seen. The
/// same for all transports, of which one may last a second longer than another.
std::int64_t slice_seconds(const RunResult& result) {
  double last = 0;
  for (const TransportResult& transport : result.transports) {
    for (const Repetition& r : transport.repetitions) {
      for (const harness::LatencySecond& second : r.by_second) {
        last = std::max(last, second.start_s);
      }
    }
  }
  return static_cast<std::int64_t>(last) / static_cast<std::int64_t>(kMostSlices) + 1;
}

LatencySlice slice_of(const Histogram& latency, double start_s, double length_s) {
  const auto at = [&latency](double percent) -> std::optional<double> {
    if (!latency.supports(percent)) return std::nullopt;
    return static_cast<double>(latency.percentile(percent));
  };
  return {start_s, length_s, latency.count(), at(50), at(99), static_cast<double>(latency.max())};
}

std::vector<LatencySlice> slices_of(const TransportResult& transport, std::int64_t width) {
  std::map<std::int64_t, std::vector<const harness::SparseHistogram*>> by_slice;
  for (const Repetition& r : transport.repetitions) {
    for (const harness::LatencySecond& second : r.by_second) {
      by_slice[static_cast<std::int64_t>(second.start_s) / width].push_back(&second.latency);
    }
  }
  std::vector<LatencySlice> slices;
  Histogram latency;
  for (const auto& [slice, parts] : by_slice) {
    latency.clear();
    for (const harness::SparseHistogram* part : parts) latency.add(*part);
    slices.push_back(
        slice_of(latency, static_cast<double>(slice * width), static_cast<double>(width)));
  }
  return slices;
}

/// Where links take no time, all of a latency's percentiles are 0 in theory: the mean says it.
bool says_nothing(const Metric& metric, const harness::Theory& theory) {
  const bool tail = metric.percent > 0 || metric.name == "delivery_latency.max";
  return tail && theory.max_latency_us == 0;
}

}  // namespace

const std::vector<double>& table_percentiles() {
  static const std::vector<double> percents{50, 75, 90, 95, 99, 99.9, 99.99};
  return percents;
}

double StackedBar::total() const {
  double sum = 0;
  for (const BarPart& part : parts) sum += part.value;
  return sum;
}

std::vector<LatencyLine> latency_lines(const RunResult& result) {
  std::vector<LatencyLine> lines;
  const std::vector<double> percents = drawn_percentiles();
  for (const TransportResult* transport : delivering(result)) {
    const Histogram all = merged_latency(*transport);
    LatencyLine line{transport->name, {}, all.count(), static_cast<double>(all.max())};
    for (const double percent : percents) {
      if (all.supports(percent)) line.points.push_back(point_at(percent, all, *transport));
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

std::vector<LatencyTimes> latency_times(const RunResult& result) {
  std::vector<LatencyTimes> times;
  const std::int64_t width = slice_seconds(result);
  for (const TransportResult* transport : delivering(result)) {
    times.push_back({transport->name, slices_of(*transport, width)});
  }
  return times;
}

std::vector<StackedBar> exchange_bars(const RunResult& result) {
  std::vector<StackedBar> bars;
  for (const TransportResult* transport : delivering(result)) {
    const auto median = [transport](auto pick) { return median_of(*transport, pick); };
    bars.push_back(
        {transport->name,
         {{"useful", median([](const auto& r) { return r.exchanges.asked - r.exchanges.empty; })},
          {"empty", median([](const auto& r) { return r.exchanges.empty; })},
          {"other", median([](const auto& r) { return r.exchanges.total - r.exchanges.asked; })}}});
  }
  return bars;
}

std::vector<StackedBar> byte_bars(const RunResult& result) {
  std::vector<StackedBar> bars;
  for (const TransportResult* transport : delivering(result)) {
    bars.push_back(bytes_of(*transport, result.tls));
  }
  return bars;
}

std::vector<TheoryPoint> theory_points(const RunResult& result) {
  std::vector<TheoryPoint> points;
  for (const Metric& metric : harness::metrics()) {
    for (const TransportResult* transport : delivering(result)) {
      const harness::Theory& theory = transport->repetitions.front().theory;
      const auto foretold = metric.theory(theory);
      if (!foretold || says_nothing(metric, theory)) continue;
      points.push_back({&metric, transport->name, interval_over(*transport, metric), *foretold});
    }
  }
  return points;
}

std::vector<CostBar> cost_bars(const RunResult& result, std::string_view metric) {
  std::vector<CostBar> bars;
  for (const TransportResult* transport : delivering(result)) {
    bars.push_back({transport->name, interval_over(*transport, **harness::parse_metric(metric))});
  }
  return bars;
}

std::optional<Interval> interval_over(const TransportResult& transport, const Metric& metric) {
  std::vector<double> values;
  for (const Repetition& r : transport.repetitions) {
    if (const auto value = metric.of(r)) values.push_back(*value);
  }
  if (values.empty()) return std::nullopt;
  return interval_of(std::move(values));
}

}  // namespace pushbench::report

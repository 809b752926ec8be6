#include "report/all_figures.h"

#include <fmt/format.h>

#include <array>

#include "harness/count_names.h"
#include "harness/metrics.h"

namespace pushbench::report {

using harness::Histogram;
using harness::Repetition;

namespace {

/// Collects figures, with what their names have in common in front.
class Figures {
 public:
  void add(std::string name, std::string_view unit, double value) {
    figures_.push_back({std::move(name), unit, value});
  }
  void count(std::string name, std::uint64_t value) {
    add(std::move(name), "count", static_cast<double>(value));
  }
  void bytes(std::string_view name, const harness::Directions& bytes) {
    add(fmt::format("bytes.{}.up", name), "bytes", static_cast<double>(bytes.up));
    add(fmt::format("bytes.{}.down", name), "bytes", static_cast<double>(bytes.down));
  }
  void times(std::string_view name, const Histogram& histogram);

  std::vector<NamedFigure> take() { return std::move(figures_); }

 private:
  std::vector<NamedFigure> figures_;
};

void Figures::times(std::string_view name, const Histogram& histogram) {
  struct Percentile {
    std::string_view name;
    double percent;
  };
  constexpr std::array kPercentiles{Percentile{"p50", 50}, Percentile{"p90", 90},
                                    Percentile{"p99", 99}, Percentile{"p999", 99.9}};
  count(fmt::format("{}.count", name), histogram.count());
  if (histogram.count() == 0) return;
  add(fmt::format("{}.mean", name), "us", histogram.mean());
  for (const Percentile& p : kPercentiles) {
    if (!histogram.supports(p.percent)) continue;
    add(fmt::format("{}.{}", name, p.name), "us",
        static_cast<double>(histogram.percentile(p.percent)));
  }
  add(fmt::format("{}.max", name), "us", static_cast<double>(histogram.max()));
}

template <class Names, class Counts>
void add_counts(std::string_view group, const Names& names, const Counts& counts,
                Figures& figures) {
  for (const auto& [name, count] : names) {
    figures.count(fmt::format("{}.{}", group, name), counts.*count);
  }
}

void add_bytes(const Repetition& r, Figures& figures) {
  figures.bytes("payload", r.payload);
  figures.bytes("application", r.bytes.application);
  figures.bytes("heads", r.bytes.heads);
  figures.bytes("bodies", r.bytes.bodies);
  figures.bytes("frames", r.bytes.frames());
  figures.bytes("tls", r.bytes.tls);
  figures.bytes("network", r.bytes.network);
  figures.count("bytes.segments.up", r.bytes.segments.up);
  figures.count("bytes.segments.down", r.bytes.segments.down);
}

void add_costs(const Repetition& r, Figures& figures) {
  const auto us = [&](std::string name, std::uint64_t value) {
    figures.add(std::move(name), "us", static_cast<double>(value));
  };
  if (r.server) {
    us("server.cpu_us", r.server->cpu_us);
    figures.add("server.peak_rss_bytes", "bytes", static_cast<double>(r.server->peak_rss_bytes));
    figures.count("server.context_switches", r.server->context_switches);
  }
  figures.count("harness.events.due", r.events.due);
  figures.count("harness.events.done", r.events.done);
  us("harness.cpu_us", r.harness_cpu_us);
}

}  // namespace

std::vector<NamedFigure> all_figures(const Repetition& r) {
  Figures figures;
  for (const harness::Metric& metric : harness::metrics()) {
    const auto value = metric.of(r);
    if (value) figures.add(std::string(metric.name), harness::unit_name(metric.unit), *value);
  }
  figures.add("started_s", "s", r.started_s);
  figures.add("duration_s", "s", r.duration_s);
  figures.count("users", r.users);
  figures.count("users_asked", r.users_asked);
  add_counts("messages", harness::kMessageCounts, r.messages, figures);
  add_counts("exchanges", harness::kExchangeCounts, r.exchanges, figures);
  add_bytes(r, figures);
  add_costs(r, figures);
  figures.times("sender_latency_us", r.sender_latency);
  figures.times("last_receiver_latency_us", r.last_receiver_latency);
  figures.times("join_us", r.join);
  figures.times("rejoin_us", r.rejoin);
  figures.times("harness.lateness_us", r.lateness);
  for (const harness::Metric& metric : harness::metrics()) {
    const auto value = metric.theory(r.theory);
    if (!value) continue;
    figures.add(fmt::format("theory.{}", metric.name), harness::unit_name(metric.unit), *value);
  }
  return figures.take();
}

}  // namespace pushbench::report

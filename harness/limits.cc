#include "harness/limits.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>

#include "harness/metrics.h"

namespace pushbench::harness {

namespace {

/// Holds one transport's figures against the scenario's thresholds.
class Judge {
 public:
  explicit Judge(const TransportResult& transport) : transport_(transport) {}

  void latency(const std::optional<net::Duration>& limit, std::string_view name) {
    if (!limit || transport_.repetitions.empty()) return;
    const Metric& metric = **parse_metric(fmt::format("delivery_latency.{}", name));
    const double most = std::chrono::duration<double, std::milli>(*limit).count();
    const auto figure = spread_of(transport_.repetitions, metric);
    if (!figure) return cannot_tell(metric, fmt::format("{:g} ms", most));
    const double ms = figure->median / 1000;
    if (ms <= most) return;
    fail(fmt::format("delivery latency {} {:.3g} ms, over the limit of {:g} ms", name, ms, most));
  }

  /// A transport that never asks has no empty share, and none that is too large.
  void empty_share(const std::optional<double>& limit) {
    const auto share = figure_of("exchanges.empty_share");
    if (!limit || !share || *share <= *limit) return;
    fail(fmt::format("empty share {:.3g}, over the limit of {:g}", *share, *limit));
  }

  void network_bytes(const std::optional<double>& limit) {
    const auto bytes = figure_of("network_bytes");
    if (!limit || !bytes || *bytes <= *limit) return;
    fail(fmt::format("{:.4g} network bytes per message, over the limit of {:g}", *bytes, *limit));
  }

  std::vector<std::string> failed() && { return std::move(failed_); }

 private:
  std::optional<double> figure_of(std::string_view metric) const {
    const auto figure = spread_of(transport_.repetitions, **parse_metric(metric));
    return figure ? std::optional(figure->median) : std::nullopt;
  }

  /// A limit that nobody can say is kept, is not kept.
  void cannot_tell(const Metric& metric, const std::string& limit) {
    std::uint64_t most = 0;
    for (const Repetition& repetition : transport_.repetitions) {
      most = std::max(most, repetition.delivery_latency.count());
    }
    const std::string why = lacking(metric, most);
    fail(fmt::format("cannot be held against the limit of {}: {}", limit,
                     why.empty() ? "nothing was delivered" : why));
  }

  void fail(const std::string& what) {
    failed_.push_back(fmt::format("{}: {}", transport_.name, what));
  }

  const TransportResult& transport_;
  std::vector<std::string> failed_;
};

}  // namespace

std::vector<std::string> failed_limits(const Limits& limits, const TransportResult& transport) {
  Judge judge(transport);
  judge.latency(limits.latency_p50, "p50");
  judge.latency(limits.latency_p99, "p99");
  judge.latency(limits.latency_max, "max");
  judge.empty_share(limits.empty_share);
  judge.network_bytes(limits.network_bytes);
  return std::move(judge).failed();
}

}  // namespace pushbench::harness

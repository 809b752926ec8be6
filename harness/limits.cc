#include "harness/limits.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "harness/spread.h"

namespace pushbench::harness {

namespace {

template <class Pick>
double median(const std::vector<Repetition>& repetitions, Pick pick) {
  std::vector<double> values;
  for (const Repetition& repetition : repetitions) values.push_back(pick(repetition));
  return sort_to_median(values);
}

double network_bytes_per_message(const Repetition& r) {
  const auto both = static_cast<double>(r.bytes.network.up + r.bytes.network.down);
  return r.messages.delivered == 0 ? 0 : both / static_cast<double>(r.messages.delivered);
}

}  // namespace

std::vector<std::string> failed_limits(const Limits& limits, const TransportResult& transport) {
  std::vector<std::string> failed;
  const std::vector<Repetition>& all = transport.repetitions;
  if (all.empty()) return failed;
  const auto check_latency = [&](const std::optional<net::Duration>& limit, std::string_view name,
                                 auto pick) {
    if (!limit) return;
    const double most = std::chrono::duration<double, std::milli>(*limit).count();
    const double ms =
        median(all,
               [&](const Repetition& r) { return static_cast<double>(pick(r.delivery_latency)); }) /
        1000;
    if (ms <= most) return;
    failed.push_back(fmt::format("{}: delivery latency {} {:.3g} ms, over the limit of {:g} ms",
                                 transport.name, name, ms, most));
  };
  check_latency(limits.latency_p50, "p50", [](const Histogram& h) { return h.percentile(50); });
  check_latency(limits.latency_p99, "p99", [](const Histogram& h) { return h.percentile(99); });
  check_latency(limits.latency_max, "max", [](const Histogram& h) { return h.max(); });
  if (limits.empty_share) {
    const double share = median(all, [](const Repetition& r) { return r.exchanges.empty_share(); });
    if (share > *limits.empty_share) {
      failed.push_back(fmt::format("{}: empty share {:.3g}, over the limit of {:g}", transport.name,
                                   share, *limits.empty_share));
    }
  }
  if (limits.network_bytes) {
    const double bytes = median(all, network_bytes_per_message);
    if (bytes > *limits.network_bytes) {
      failed.push_back(fmt::format("{}: {:.4g} network bytes per message, over the limit of {:g}",
                                   transport.name, bytes, *limits.network_bytes));
    }
  }
  return failed;
}

}  // namespace pushbench::harness

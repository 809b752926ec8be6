#include "report/figures.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/metrics.h"
#include "report/cost.h"
#include "report/invalid.h"

namespace pushbench::report {

using harness::Repetition;

namespace {

template <class Pick>
Figure over(const std::vector<Repetition>& repetitions, Pick pick) {
  std::vector<double> values;
  const bool nothing = std::all_of(repetitions.begin(), repetitions.end(),
                                   [](const auto& r) { return r.messages.delivered == 0; });
  for (const Repetition& repetition : repetitions) {
    if (repetition.messages.delivered == 0 && !nothing) continue;
    values.push_back(static_cast<double>(pick(repetition)));
  }
  return harness::spread_of(std::move(values)).value_or(Figure());
}

double amount_per_message(std::uint64_t amount, const Repetition& r) {
  return harness::per_message(amount, r).value_or(0);
}

Figures figures_of(const harness::TransportResult& transport) {
  const std::vector<Repetition>& all = transport.repetitions;
  Figures f;
  f.name = transport.name;
  f.transport = transport.transport();
  f.target = transport.target;
  for (const auto& [key, value] : transport.options) f.option = fmt::format("{} {}", key, value);
  f.repetitions = all.size();
  f.users = all.front().users;
  f.published = all.front().messages.published;
  f.delivered = all.front().messages.delivered;
  f.has_latency = std::any_of(all.begin(), all.end(),
                              [](const Repetition& r) { return r.messages.delivered > 0; });
  const auto latency = [&all](auto pick) {
    return over(all, [&](const Repetition& r) { return pick(r.delivery_latency); });
  };
  f.mean_us = latency([](const auto& h) { return h.mean(); });
  f.p50_us = latency([](const auto& h) { return h.percentile(50); });
  f.p99_us = latency([](const auto& h) { return h.percentile(99); });
  f.has_p99 = f.has_latency && std::all_of(all.begin(), all.end(), [](const Repetition& r) {
                return r.messages.delivered == 0 || r.delivery_latency.supports(99);
              });
  f.max_us = latency([](const auto& h) { return h.max(); });
  f.exchanges = over(all, [](const auto& r) { return r.exchanges.total; });
  f.asked = over(all, [](const auto& r) { return r.exchanges.asked; });
  f.asked_per_message =
      over(all, [](const auto& r) { return amount_per_message(r.exchanges.asked, r); });
  f.empty_share = over(all, [](const auto& r) { return r.exchanges.empty_share(); });
  f.up_per_message =
      over(all, [](const auto& r) { return amount_per_message(r.bytes.application.up, r); });
  f.down_per_message =
      over(all, [](const auto& r) { return amount_per_message(r.bytes.application.down, r); });
  const auto both_ways = [&all](auto pick) {
    return over(all, [&](const Repetition& r) {
      const harness::Directions bytes = pick(r.bytes);
      return amount_per_message(bytes.up + bytes.down, r);
    });
  };
  f.heads_per_message = both_ways([](const harness::Bytes& b) { return b.heads; });
  f.bodies_per_message = both_ways([](const harness::Bytes& b) { return b.bodies; });
  f.frames_per_message = both_ways([](const harness::Bytes& b) { return b.frames(); });
  f.tls_per_message = both_ways([](const harness::Bytes& b) { return b.tls; });
  f.tcp_ip_per_message = both_ways([](const harness::Bytes& b) { return b.tcp_ip(); });
  f.cuts = over(all, [](const auto& r) { return r.exchanges.cuts; });
  f.reconnects = over(all, [](const auto& r) { return r.exchanges.reconnects; });
  f.faulty = over(all, [](const auto& r) {
    return r.messages.lost + r.messages.duplicated + r.messages.reordered + r.messages.damaged;
  });
  f.left = over(all, [](const auto& r) { return r.messages.left; });
  f.missed = over(all, [](const auto& r) { return r.messages.missed; });
  if (f.has_latency && knows_cost(transport)) {
    f.server_cpu_us_per_message =
        over(all, [](const auto& r) { return amount_per_message(r.server->cpu_us, r); });
  }
  f.lateness_p99_us = over(all, [](const auto& r) { return r.lateness.percentile(99); });
  f.theory = all.front().theory;
  f.invalid = invalid_reasons(transport);
  return f;
}

}  // namespace

std::vector<Figures> figures_of(const harness::RunResult& result) {
  std::vector<Figures> figures;
  for (const harness::TransportResult& transport : result.transports) {
    if (!transport.repetitions.empty()) figures.push_back(figures_of(transport));
  }
  return figures;
}

}  // namespace pushbench::report

#include "report/verdict_facts.h"

#include <algorithm>
#include <limits>

#include "report/cost.h"

namespace pushbench::report {

using harness::Repetition;
using harness::RunResult;
using harness::TransportResult;

namespace {

double ratio(double amount, double by) { return by > 0 ? amount / by : 0; }

double of(std::uint64_t value) { return static_cast<double>(value); }

double both(const harness::Directions& bytes) { return of(bytes.up + bytes.down); }

double user_seconds(const Repetition& r, double speedup) {
  return of(r.users) * r.duration_s * speedup;
}

/// What empty exchanges moved is not counted apart. All that is not in a body is shared evenly
/// among the exchanges, since each has two heads and two packets; an empty one has no body.
double empty_bytes_share(const Repetition& r) {
  const double without_bodies = both(r.bytes.network) - both(r.bytes.bodies);
  const double empty = ratio(of(r.exchanges.empty), of(r.exchanges.total));
  return ratio(without_bodies * empty, both(r.bytes.network));
}

double messages_per_answer(const Repetition& r) {
  return ratio(of(r.messages.delivered), of(r.exchanges.asked - r.exchanges.empty));
}

TransportFacts facts_of(const TransportResult& t, double speedup) {
  const auto a_user_second = [&](auto pick) {
    return median_over(
        t, [&](const Repetition& r) { return ratio(pick(r), user_seconds(r, speedup)); });
  };
  TransportFacts f{.result = &t, .name = t.name, .transport = t.transport()};
  f.users = median_over(t, [](const Repetition& r) { return r.users; });
  f.published = median_over(t, [](const Repetition& r) { return r.messages.published; });
  f.received = a_user_second([](const Repetition& r) { return of(r.messages.delivered); });
  f.mean_latency_us = median_over(t, [](const Repetition& r) { return r.delivery_latency.mean(); });
  f.asked = median_over(t, [](const Repetition& r) { return r.exchanges.asked; });
  f.asks = a_user_second([](const Repetition& r) { return of(r.exchanges.asked); });
  f.empty_share = median_over(t, [](const Repetition& r) { return r.exchanges.empty_share(); });
  f.empty_bytes = median_over(t, empty_bytes_share);
  if (f.asked > 0) f.messages_per_answer = median_over(t, messages_per_answer);
  f.own_requests =
      median_over(t, [](const Repetition& r) { return r.exchanges.total - r.exchanges.asked; });
  f.up_per_publish = median_over(t, [](const Repetition& r) {
    return ratio(of(r.bytes.application.up), of(r.messages.published));
  });
  f.network_bits = a_user_second([](const Repetition& r) { return 8 * both(r.bytes.network); });
  if (!knows_cost(t)) return f;
  f.cores = a_user_second([](const Repetition& r) { return of(r.server->cpu_us) / 1e6; });
  f.memory_bytes = median_over(
      t, [](const Repetition& r) { return ratio(of(r.server->peak_rss_bytes), of(r.users)); });
  return f;
}

/// A repetition lasts until its last delivery, so the shortest is nearest to what the schedule has.
double shortest(const RunResult& result) {
  double least = std::numeric_limits<double>::infinity();
  for (const TransportResult& transport : result.transports) {
    for (const Repetition& r : transport.repetitions) {
      if (r.messages.delivered > 0) least = std::min(least, r.duration_s);
    }
  }
  return least;
}

}  // namespace

VerdictFacts facts_of(const RunResult& result) {
  VerdictFacts facts;
  facts.speedup = result.speedup;
  for (const TransportResult& transport : result.transports) {
    const bool delivered =
        std::any_of(transport.repetitions.begin(), transport.repetitions.end(),
                    [](const Repetition& r) { return r.messages.delivered > 0; });
    if (!delivered) continue;
    facts.transports.push_back(facts_of(transport, result.speedup));
    facts.repetitions = std::max(facts.repetitions, transport.repetitions.size());
  }
  if (facts.transports.empty()) return facts;
  const TransportFacts& first = facts.transports.front();
  facts.publish_period_us =
      ratio(first.users * shortest(result) * result.speedup * 1e6, first.published);
  return facts;
}

std::uint64_t unarrived(const harness::TransportResult& column) {
  if (!column.target) return 0;
  std::uint64_t sum = 0;
  for (const harness::Repetition& repetition : column.repetitions) {
    sum += repetition.messages.lost + repetition.messages.missed;
  }
  return sum;
}

bool counts(const harness::TransportResult& column) {
  return column.valid() && unarrived(column) == 0;
}

}  // namespace pushbench::report

#include "harness/server_costs.h"

#include <algorithm>

#include "harness/transport_rules.h"

namespace pushbench::harness {

namespace {

/// What a server did, as Prediction counts it.
struct Done {
  double exchanges = 0;
  double pushed = 0;

  double all() const { return exchanges + pushed; }
  // Below a tenth of all, a kind drowns in what else differs between two transports.
  bool tells_exchange() const { return exchanges > 0.1 * all(); }
  bool tells_push() const { return pushed > 0.1 * all(); }
};

Done done(std::string_view transport, const MeasuredRepetition& r) {
  if (r.asked > 0) return {r.asked + r.published, 0};
  if (rules_of(transport) == Rules::socket) return {0, r.delivered + r.published};
  return {r.published, r.delivered};
}

struct Sums {
  double ee = 0, ep = 0, pp = 0, ec = 0, pc = 0;

  /// Each repetition weighs by its relative error, so that a cheap transport counts, too.
  void add(const Done& d, double cpu) {
    const double weight = cpu > 0 ? 1 / (cpu * cpu) : 0;
    ee += weight * d.exchanges * d.exchanges;
    ep += weight * d.exchanges * d.pushed;
    pp += weight * d.pushed * d.pushed;
    ec += weight * d.exchanges * cpu;
    pc += weight * d.pushed * cpu;
  }
};

/// One price for all that was done.
void solve_together(const Sums& s, MeasuredCosts& costs) {
  const double all = s.ee + 2 * s.ep + s.pp;
  costs.exchange_us = costs.push_us = all > 0 ? (s.ec + s.pc) / all : 0;
}

void solve(const Sums& s, MeasuredCosts& costs) {
  const double determinant = s.ee * s.pp - s.ep * s.ep;
  if (!costs.knows_exchange || !costs.knows_push || determinant <= 1e-9 * s.ee * s.pp) {
    return solve_together(s, costs);
  }
  costs.exchange_us = (s.ec * s.pp - s.pc * s.ep) / determinant;
  costs.push_us = (s.pc * s.ee - s.ec * s.ep) / determinant;
  if (costs.exchange_us < 0) {
    costs.exchange_us = 0;
    costs.push_us = s.pc / s.pp;
  } else if (costs.push_us < 0) {
    costs.push_us = 0;
    costs.exchange_us = s.ec / s.ee;
  }
}

/// What one transport took itself.
void take_own(const MeasuredTransport& transport, MeasuredCosts& costs) {
  double took = 0;
  double fitted = 0;
  double did = 0;
  double lasted = 0;
  double rss = 0;
  for (const MeasuredRepetition& r : transport.repetitions) {
    const Done d = done(transport.name, r);
    took += r.server_cpu_us;
    fitted += costs.exchange_us * d.exchanges + costs.push_us * d.pushed;
    did += d.all();
    lasted += r.duration_s;
    if (r.users > 0) rss = std::max(rss, r.peak_rss_bytes / r.users);
  }
  if (fitted > 0) costs.factor = took / fitted;
  if (lasted > 0) costs.done_per_s = did / lasted;
  if (rss > 0) costs.user_rss_bytes = rss;
  costs.is_own = true;
}

}  // namespace

MeasuredCosts costs_of(const MeasuredResult& result, std::string_view transport) {
  Sums sums;
  MeasuredCosts costs;
  for (const MeasuredTransport& each : result.transports) {
    for (const MeasuredRepetition& r : each.repetitions) {
      const Done d = done(each.name, r);
      costs.knows_exchange = costs.knows_exchange || d.tells_exchange();
      costs.knows_push = costs.knows_push || d.tells_push();
      sums.add(d, r.server_cpu_us);
    }
  }
  solve(sums, costs);
  for (const MeasuredTransport& each : result.transports) {
    if (each.name == transport) take_own(each, costs);
  }
  return costs;
}

std::optional<double> cores(const MeasuredCosts& costs, const Prediction& prediction) {
  const Done d{prediction.exchanges, prediction.pushed};
  if (d.tells_exchange() && !costs.knows_exchange) return std::nullopt;
  if (d.tells_push() && !costs.knows_push) return std::nullopt;
  return prediction.busy(server_costs(costs));
}

ServerCosts server_costs(const MeasuredCosts& costs) {
  return {costs.exchange_us * costs.factor / 1e6, costs.push_us * costs.factor / 1e6, 0};
}

}  // namespace pushbench::harness

#include "harness/server_costs.h"

#include <algorithm>

namespace pushbench::harness {

namespace {

/// What a server did, as Prediction counts it.
struct Done {
  double work = 0;
  double batches = 0;
};

/// What is pushed is taken for one batch a message.
Done done(const MeasuredRepetition& r) {
  return {r.empty + r.published, r.asked > 0 ? r.asked - r.empty : r.delivered};
}

struct Sums {
  double ww = 0, wb = 0, bb = 0, wc = 0, bc = 0;

  /// Each repetition weighs by its relative error, so that a cheap transport counts, too.
  void add(const Done& d, double cpu) {
    const double weight = cpu > 0 ? 1 / (cpu * cpu) : 0;
    ww += weight * d.work * d.work;
    wb += weight * d.work * d.batches;
    bb += weight * d.batches * d.batches;
    wc += weight * d.work * cpu;
    bc += weight * d.batches * cpu;
  }
};

MeasuredCosts solve(const Sums& s) {
  MeasuredCosts costs;
  const double determinant = s.ww * s.bb - s.wb * s.wb;
  if (determinant > 1e-9 * s.ww * s.bb) {
    costs.exchange_us = (s.wc * s.bb - s.bc * s.wb) / determinant;
    costs.delivery_us = (s.bc * s.ww - s.wc * s.wb) / determinant;
  } else {  // they do not differ in kind: one price for both
    const double all = s.ww + 2 * s.wb + s.bb;
    costs.exchange_us = costs.delivery_us = all > 0 ? (s.wc + s.bc) / all : 0;
  }
  if (costs.exchange_us < 0) {
    costs.exchange_us = 0;
    costs.delivery_us = s.bb > 0 ? s.bc / s.bb : 0;
  } else if (costs.delivery_us < 0) {
    costs.delivery_us = 0;
    costs.exchange_us = s.ww > 0 ? s.wc / s.ww : 0;
  }
  return costs;
}

}  // namespace

MeasuredCosts costs_of(const MeasuredResult& result, std::string_view transport) {
  Sums sums;
  for (const MeasuredTransport& each : result.transports) {
    for (const MeasuredRepetition& r : each.repetitions) sums.add(done(r), r.server_cpu_us);
  }
  MeasuredCosts costs = solve(sums);
  for (const MeasuredTransport& each : result.transports) {
    if (each.name != transport) continue;
    double took = 0;
    double fitted = 0;
    double rss = 0;
    for (const MeasuredRepetition& r : each.repetitions) {
      const Done did = done(r);
      took += r.server_cpu_us;
      fitted += costs.exchange_us * did.work + costs.delivery_us * did.batches;
      if (r.users > 0) rss = std::max(rss, r.peak_rss_bytes / r.users);
    }
    if (fitted > 0) costs.factor = took / fitted;
    costs.is_own = true;
    if (rss > 0) costs.user_rss_bytes = rss;
  }
  return costs;
}

double cores(const MeasuredCosts& costs, const Prediction& prediction) {
  const double us = costs.exchange_us * prediction.work + costs.delivery_us * prediction.batches;
  return us * costs.factor / 1e6;
}

}  // namespace pushbench::harness

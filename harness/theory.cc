#include "harness/theory.h"

#include <algorithm>
#include <cmath>

namespace pushbench::harness {

namespace {

double seconds(net::Duration duration) { return std::chrono::duration<double>(duration).count(); }

/// λ: messages a second that one user sees.
double rate_at_a_user(const Schedule& schedule) {
  return static_cast<double>(schedule.expected_deliveries()) /
         static_cast<double>(schedule.users()) / seconds(schedule.duration);
}

}  // namespace

Theory polling_theory(const Scenario& scenario, const Schedule& schedule) {
  const double interval = seconds(scenario.clients.interval);
  const double lambda = rate_at_a_user(schedule);
  const bool periodic = scenario.traffic == TrafficKind::constant && schedule.rooms == 1;
  Theory theory;
  theory.mean_latency_us = interval / 2 * 1e6;
  theory.empty_share =
      periodic ? std::max(0.0, 1 - lambda * interval) : std::exp(-lambda * interval);
  return theory;
}

Theory long_polling_theory(const Scenario& scenario, const Schedule& schedule) {
  Theory theory = push_theory(scenario, schedule);
  // A hold ends empty if nothing comes in it; each message or empty end begins the next.
  theory.empty_share = std::exp(-rate_at_a_user(schedule) * seconds(scenario.clients.hold));
  return theory;
}

/// Nothing but the wire and the queue stands between publish and delivery.
Theory push_theory(const Scenario&, const Schedule&) {
  Theory theory;
  theory.mean_latency_us = 0;
  return theory;
}

}  // namespace pushbench::harness

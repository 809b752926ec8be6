#include "harness/theory.h"

#include <algorithm>
#include <cmath>

namespace pushbench::harness {

Theory forecast(std::string_view transport, const Scenario& scenario, const Schedule& schedule) {
  const double duration = std::chrono::duration<double>(schedule.duration).count();
  // λ: messages a second that one user sees.
  const double lambda = static_cast<double>(schedule.expected_deliveries()) /
                        static_cast<double>(schedule.users()) / duration;
  Theory theory;
  if (transport == "polling") {
    const double interval = std::chrono::duration<double>(scenario.clients.interval).count();
    const bool periodic = scenario.traffic == TrafficKind::constant && schedule.rooms == 1;
    theory.mean_latency_us = interval / 2 * 1e6;
    theory.empty_share =
        periodic ? std::max(0.0, 1 - lambda * interval) : std::exp(-lambda * interval);
    return theory;
  }
  // Nothing but the wire and the queue stands between publish and delivery.
  theory.mean_latency_us = 0;
  if (transport == "long-polling") {
    // A hold ends empty if nothing comes in it; each message or empty end begins the next.
    const double hold = std::chrono::duration<double>(scenario.clients.hold).count();
    theory.empty_share = std::exp(-lambda * hold);
  }
  return theory;
}

}  // namespace pushbench::harness

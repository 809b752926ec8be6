#include "report/cost.h"

#include <algorithm>

namespace pushbench::report {

using harness::Repetition;

bool lacks_cost(const harness::TransportResult& transport) {
  return std::any_of(
      transport.repetitions.begin(), transport.repetitions.end(),
      [](const Repetition& r) { return r.messages.delivered > 0 && !r.server.has_value(); });
}

bool knows_cost(const harness::TransportResult& transport) {
  return !lacks_cost(transport) &&
         std::any_of(transport.repetitions.begin(), transport.repetitions.end(),
                     [](const Repetition& r) { return r.server.has_value(); });
}

bool knows_cost_of_target(const harness::RunResult& result) {
  return std::any_of(
      result.transports.begin(), result.transports.end(),
      [](const harness::TransportResult& column) { return column.target && knows_cost(column); });
}

}  // namespace pushbench::report

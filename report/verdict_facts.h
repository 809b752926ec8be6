#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/result.h"
#include "harness/spread.h"

namespace pushbench::report {

/// What the verdict's sentences are made of. All are medians over those of a transport's
/// repetitions that delivered something; rates are a second and a user's, in the traffic's own time
/// where a trace was sped up.
struct TransportFacts {
  const harness::TransportResult* result;
  std::string name;            // of its column
  std::string_view transport;  // "websocket"
  double users = 0;
  double published = 0;
  double received = 0;  // messages a user got, a second
  double mean_latency_us = 0;
  double asked = 0;                      // exchanges that asked for messages, in one repetition
  double asks = 0;                       // the same, a second and a user
  double empty_share = 0;                // of them
  double empty_bytes = 0;                // their share of the network's bytes
  double messages_per_answer = 0;        // of those that were not empty; 0: nothing was asked
  double own_requests = 0;               // exchanges that did not ask: posts, and what subscribes
  double up_per_publish = 0;             // application bytes from users to server
  double network_bits = 0;               // a second and a user, both ways
  std::optional<double> cores{};         // of the server, a user; none: not measured
  std::optional<double> memory_bytes{};  // of the server at its peak, a user; likewise
};

struct VerdictFacts {
  std::vector<TransportFacts> transports;  // those that delivered something
  std::size_t repetitions = 0;             // of that which has most
  /// Between two messages of one user, in microseconds, if all publish alike.
  double publish_period_us = 0;
  double speedup = 1;
};

VerdictFacts facts_of(const harness::RunResult& result);

/// How many deliveries of a target's column did not come, where that is no fault of its run, as
/// where links are cut on purpose: its latencies are of the others alone. Of our own server: 0.
std::uint64_t unarrived(const harness::TransportResult& column);

/// Whether a column may win or rule out others: it is valid, and all that it owed came.
bool counts(const harness::TransportResult& column);

/// The median of a figure over the repetitions that delivered something; 0 of none.
template <class Pick>
double median_over(const harness::TransportResult& transport, Pick pick) {
  std::vector<double> values;
  for (const harness::Repetition& repetition : transport.repetitions) {
    if (repetition.messages.delivered > 0) values.push_back(static_cast<double>(pick(repetition)));
  }
  return values.empty() ? 0 : harness::sort_to_median(values);
}

}  // namespace pushbench::report

#pragma once

#include <optional>
#include <string_view>

#include "harness/prediction.h"
#include "harness/result_reader.h"

namespace pushbench::harness {

/// CPU time of the server by what it did, in microseconds, and memory, as a result has them. What
/// the result does not tell apart has one price.
struct MeasuredCosts {
  double exchange_us = 0;       // an HTTP exchange: a poll, empty or not, or a publish
  double push_us = 0;           // a message pushed to one user
  bool knows_exchange = false;  // the result has enough of them to say
  bool knows_push = false;
  /// What this transport took against what those two, which fit all of the result's transports, say
  /// of it; 1 where the result does not have it.
  double factor = 1;
  bool is_own = false;                   // the result has this transport
  double done_per_s = 0;                 // exchanges and pushes a second that it had there
  std::optional<double> user_rss_bytes;  // peak memory a user, the server's own included
};

/// Least squares over all repetitions of the result, neither cost below 0.
MeasuredCosts costs_of(const MeasuredResult& result, std::string_view transport);

/// Cores that the server is busy on; none where that hangs on a cost that the result does not tell.
std::optional<double> cores(const MeasuredCosts& costs, const Prediction& prediction);

/// What a prediction takes for those costs, its transport's own.
ServerCosts server_costs(const MeasuredCosts& costs);

}  // namespace pushbench::harness

#pragma once

#include <optional>
#include <string_view>

#include "harness/prediction.h"
#include "harness/result_reader.h"

namespace pushbench::harness {

/// CPU time of the server by what it did, in microseconds, and memory, as a result has them.
struct MeasuredCosts {
  double exchange_us = 0;  // an empty poll, or a publish
  double delivery_us = 0;  // a batch to one user
  /// What this transport took against what those two, which fit all of the result's transports, say
  /// of it; 1 where the result does not have it.
  double factor = 1;
  bool is_own = false;                   // the result has this transport
  std::optional<double> user_rss_bytes;  // peak memory a user, the server's own included
};

/// Least squares over all repetitions of the result, neither cost below 0.
MeasuredCosts costs_of(const MeasuredResult& result, std::string_view transport);

/// Cores that the server is busy on.
double cores(const MeasuredCosts& costs, const Prediction& prediction);

}  // namespace pushbench::harness

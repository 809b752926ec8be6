#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/metrics.h"
#include "harness/result.h"
#include "report/interval.h"

namespace pushbench::report {

/// One measure over all transports.
struct VerdictRow {
  const harness::Metric* metric;
  std::string label;  // "latency p99"
  /// A figure a transport, in the verdict's order; nothing where one has none.
  std::vector<std::optional<Interval>> figures;
  std::vector<bool> best;  // the winner, and whoever cannot be told from it
};

/// What a run says to somebody who has to choose.
struct Verdict {
  std::vector<std::string> transports;  // those that delivered something
  std::vector<VerdictRow> rows;
  /// Two to five sentences, each by a rule that verdict.cc states, out of the figures alone.
  std::vector<std::string> sentences;
};

Verdict verdict_of(const harness::RunResult& result);

}  // namespace pushbench::report

#pragma once

#include <string>

#include "harness/result.h"

namespace pushbench::report {

/// A run's figures in Prometheus's text exposition format, as a file for the node exporter's
/// textfile collector, say: seconds and bytes, labels `scenario` and `transport`. Counters are sums
/// over a transport's repetitions, the latencies a summary of their merged histograms; a quantile
/// that too few deliveries lie beyond is not there. `pushbench_run_valid` is 1 only if all counts.
std::string prometheus(const harness::RunResult& result);

}  // namespace pushbench::report

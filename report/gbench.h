#pragma once

#include <string>

#include "harness/result.h"

namespace pushbench::report {

/// The result as Google Benchmark writes its own, so that its compare.py and what reads its files
/// in CI read it. A transport has up to three benchmarks, "chat/sse/latency_p50", ".../latency_p99"
/// (with enough deliveries) and ".../server_cpu", each with an entry for every repetition that
/// delivered something and, of two and more valid ones, their mean, median and stddev. real_time is
/// the figure, cpu_time the server's CPU time for a delivery, both in us; iterations are the
/// deliveries. Other figures for each delivery are user counters. An invalid repetition says so as
/// error_message, and is in no aggregate.
std::string gbench_json(const harness::RunResult& result);

}  // namespace pushbench::report

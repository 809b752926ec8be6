#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "clients/request_headers.h"
#include "harness/repetition.h"
#include "harness/result.h"
#include "harness/scenario.h"
#include "harness/schedule.h"

namespace pushbench::harness {

struct RunPlan {
  Scenario scenario;
  Schedule schedule;
  std::uint64_t seed = 1;
  clients::RequestHeaders headers;      // as read from the scenario's file
  std::vector<std::string> transports;  // in the order of the report
  std::vector<std::string> overrides;   // as given to --set, for the result
  std::string server_binary;            // what to start with "serve"
};

class RunListener : public ProgressListener {
 public:
  virtual void on_repetition_start(const std::string& transport, std::uint64_t number) = 0;
};

/// Loads what a run needs: the scenario's trace and headers, and its schedule from the seed.
Result<RunPlan> plan_run(const Scenario& scenario, std::uint64_t seed);

/// Makes sure that this machine lets the run open the files it needs.
Result<void> check_limits(const RunPlan& plan);

/// Every transport in turn, as often as the scenario says: A B C, A B C. Stops at the first thing
/// that breaks; what was measured until then is in the result.
RunResult run(const RunPlan& plan, RunListener& listener);

}  // namespace pushbench::harness

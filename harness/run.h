#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/needs.h"
#include "harness/prediction.h"
#include "harness/repetition.h"
#include "harness/result.h"
#include "harness/scenario.h"
#include "harness/schedule.h"
#include "harness/target.h"

namespace pushbench::harness {

struct RunPlan {
  Scenario scenario;
  Schedule schedule;
  std::uint64_t seed = 1;
  std::vector<std::string> transports;  // of our own server, in the order of the report
  std::vector<Target> targets{};        // whose columns follow
  std::vector<std::string> overrides;   // as given to --set, for the result
  std::string server_binary;            // what to start with "serve"
  clients::RequestHeaders headers;
  std::size_t threads = 1;  // of the harness
  bool pin = true;          // server and harness to cores of their own, where there are enough
  bool floor = true;        // measure the harness on its own first
  BuildInfo build;          // this one, for the result

  std::size_t columns() const;  // that are measured: transports, and those of targets
};

/// For the column that takes most: a run has one at a time.
Needs needs_of(const RunPlan& plan);

class RunListener : public ProgressListener {
 public:
  virtual void on_repetition_start(const std::string& transport, std::uint64_t number) = 0;
  virtual void on_floor_start() {}
};

/// How many threads a harness has on so many cores, if nobody asks for another number: one core is
/// the server's.
std::size_t usual_threads(std::size_t cores);

/// The headers that a scenario's clients send. A profile's name is a file's in `folder`, where the
/// shipped ones are; a path counts from the scenario's folder.
Result<clients::RequestHeaders> read_headers(const Scenario& scenario, const std::string& folder);

/// What a prediction of the scenario stands on: its headers, as above, and its trace.
Result<Grounds> read_grounds(const Scenario& scenario, const std::string& headers_folder);

/// Loads what a run needs: the scenario's trace and header file, and its schedule from the seed.
/// Shipped header files are in `headers_folder`.
Result<RunPlan> plan_run(const Scenario& scenario, std::uint64_t seed,
                         const std::string& headers_folder);

/// How long the run takes: the floor, and for every repetition joining, warm-up, the measured time
/// and the last polls. Starting a server each, and what comes later still, are on top.
net::Duration planned_time(const RunPlan& plan);

/// Makes sure that this machine has the files, ports and memory that the run needs.
Result<void> check_limits(const RunPlan& plan);

/// Every transport in turn, as often as the scenario says: A B C, A B C. Stops at the first thing
/// that breaks; what was measured until then is in the result.
RunResult run(const RunPlan& plan, RunListener& listener);

// What run() consists of, for whoever takes repetitions in another order.

/// A result with all that is known before anything is measured.
RunResult begin_result(const RunPlan& plan);

/// False if the user wants the run to end; the result then says that it was interrupted.
bool goes_on(RunListener& listener, RunResult& result);

/// Measures the harness on its own, if the plan says so; false if the run is not to go on.
bool measure_floor(const RunPlan& plan, RunListener& listener, RunResult& result);

/// One more repetition of one of the result's columns, in a run that began at `run_start`; false
/// if the run is not to go on.
bool repeat(const RunPlan& plan, RunListener& listener, net::Time run_start, RunResult& result,
            TransportResult& transport);

/// Says in the result which of the scenario's thresholds failed.
void judge_limits(const RunPlan& plan, RunResult& result);

}  // namespace pushbench::harness

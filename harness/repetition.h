#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/load.h"
#include "harness/result.h"
#include "harness/schedule.h"
#include "harness/server_process.h"
#include "harness/target.h"
#include "net/clock.h"
#include "net/cores.h"
#include "net/loop.h"
#include "net/timer.h"

namespace pushbench::harness {

/// How a repetition stands, several times a second.
struct Progress {
  net::Duration time_left{};
  std::uint64_t delivered = 0;
  std::int64_t p99_us = 0;
};

class ProgressListener {
 public:
  virtual ~ProgressListener() = default;
  virtual void on_progress(const Progress& progress) = 0;
  /// Whether the user wants it to end. It is asked several times a second, and between repetitions.
  virtual bool interrupted() { return false; }
};

/// What one repetition needs to know.
struct RepetitionPlan {
  std::vector<std::string> server_command;
  LoadPlan load;
  std::optional<net::CorePlan> cores{};  // none: all run where the kernel has them run
  net::Time run_start{};                 // of the run that the repetition is part of
  const Target* target = nullptr;        // that it is put on; null: on a server of its own
};

/// One transport, once: starts a server of its own, puts the load on it, and stops it again. Or
/// puts it on a target, which is left alone otherwise.
class RepetitionRun final : private ServerProcessListener, private LoadListener {
 public:
  RepetitionRun(const RepetitionPlan& plan, const Schedule& schedule, ProgressListener& progress);

  /// Runs to the end. Afterwards outcome() tells whether all went well and problem() what did not.
  Repetition run();

  const std::optional<WireView>& wire() const { return wire_; }  // see LoadPlan::watched
  Outcome outcome() const { return outcome_; }
  const std::string& problem() const { return problem_; }

 private:
  void on_serving() override;
  void on_server_trouble(const std::string& what) override { fail(what); }
  void on_server_exit(std::int64_t status, int signal) override;
  void on_measuring() override;
  void on_measured() override;
  void on_done() override;
  Result<std::unique_ptr<RunServer>> start_server();
  void interrupt();
  void on_tick();
  void on_overdue();
  void fail(const std::string& what);
  void kill_server();
  bool keep_to_cores();
  void fill_load(Repetition& repetition);
  void fill_cost(Repetition& repetition) const;

  const RepetitionPlan& plan_;
  const Schedule& schedule_;
  ProgressListener& progress_;
  net::Loop loop_;
  std::unique_ptr<RunServer> server_;
  std::unique_ptr<Load> load_;
  net::Timer tick_;
  net::Timer overdue_;   // the server has not started, or not stopped, in time
  bool done_ = false;    // the load is
  bool killed_ = false;  // the server, by us
  std::optional<ServerCost> cost_;
  std::uint64_t own_cpu_before_ = 0;
  std::optional<std::uint64_t> own_cpu_;  // in the measured time
  std::optional<WireView> wire_;
  Outcome outcome_ = Outcome::complete;
  std::string problem_;
};

}  // namespace pushbench::harness

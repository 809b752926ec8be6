#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/sweep.h"
#include "cli/targets.h"
#include "harness/run.h"

namespace pushbench::cli {

/// `pushbench run`: a scenario over the transports, a result folder and a comparison.
class Run {
 public:
  explicit Run(CLI::App& app);
  bool chosen() const { return command_->parsed(); }
  int run();

 private:
  void add_measuring();
  std::vector<std::string> overrides() const;
  Result<harness::Scenario> scenario() const;
  Result<void> complete(const Columns& columns, harness::RunPlan& plan) const;
  Result<harness::RunPlan> plan() const;
  Result<SweepRequest> sweep_request() const;
  int run_sweep();
  void print(const harness::RunResult& result, const Output& output) const;

  CLI::App* command_;
  std::string scenario_;
  std::vector<std::string> transports_;
  TargetOptions targets_;
  std::vector<std::string> overrides_;
  std::optional<std::uint64_t> repeat_;
  std::uint64_t seed_ = 1;
  std::string out_;
  bool json_ = false;
  std::string format_;
  std::vector<std::string> sweeps_;
  bool dry_run_ = false;
  std::optional<std::uint64_t> threads_;
  bool no_pin_ = false;
  bool no_floor_ = false;
  bool allow_invalid_ = false;
};

}  // namespace pushbench::cli

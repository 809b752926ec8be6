#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "harness/run.h"
#include "wire/result.h"

namespace pushbench::cli {

/// The flags by which a run measures servers that somebody else started, next to our own.
class TargetOptions {
 public:
  void add_to(CLI::App& command);
  bool any() const { return !targets_.empty(); }

  /// Which columns a plan has: those that --transport asks for, `asked`, of our own server and of
  /// the targets; all of them if it asks for none. The error names the flag that is wrong.
  Result<void> choose(const std::vector<std::string>& asked, harness::RunPlan& plan) const;

 private:
  CLI::Option* add(CLI::App& command, const std::string& flag, std::vector<std::string>& into,
                   const std::string& meaning);
  Result<std::vector<harness::Target>> targets() const;
  Result<void> add_processes(std::vector<harness::Target>& targets) const;

  std::vector<std::string> targets_;
  std::vector<std::string> processes_;
  bool only_ = false;
};

/// What of a plan's scenario targets do not know of, a line each.
std::vector<std::string> notes_on_targets(const harness::RunPlan& plan);

}  // namespace pushbench::cli

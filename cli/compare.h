#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "cli/exit_code.h"
#include "cli/interleave.h"
#include "harness/result.h"
#include "report/compare.h"

namespace pushbench::cli {

/// `pushbench compare`: results against a baseline, or two servers that take turns.
class Compare {
 public:
  explicit Compare(CLI::App& app);
  bool chosen() const { return command_->parsed(); }
  int run();

 private:
  void add_gate();
  Result<report::CompareOptions> options() const;
  Result<void> check_usage() const;
  Result<std::vector<harness::RunResult>> read_all() const;
  int compare_results(const report::CompareOptions& options) const;
  int compare_servers(const report::CompareOptions& options) const;
  ExitCode verdict(const report::Compared& compared) const;
  void print(const report::Compared& compared) const;

  CLI::App* command_;
  std::vector<std::string> paths_;
  InterleaveOptions interleave_;
  std::vector<std::string> conditions_;
  std::string threshold_;
  std::string format_ = "text";
  bool json_ = false;
  bool no_fail_ = false;
  bool allow_invalid_ = false;
};

}  // namespace pushbench::cli

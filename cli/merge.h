#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "harness/merge.h"
#include "wire/result.h"

namespace pushbench::cli {

/// `pushbench merge`: results of several generators, or of a run that was continued, into one.
class Merge {
 public:
  explicit Merge(CLI::App& app);
  bool chosen() const { return command_->parsed(); }
  int run();

 private:
  Result<harness::RunResult> merge() const;

  CLI::App* command_;
  std::vector<std::string> results_;
  std::string out_;
  bool repetitions_ = false;
  bool allow_invalid_ = false;
  bool json_ = false;
};

}  // namespace pushbench::cli

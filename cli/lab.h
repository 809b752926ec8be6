#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/lab_session.h"
#include "cli/output.h"

namespace pushbench::cli {

/// `pushbench lab`: the course's labs. A student predicts, runs, reveals and checks.
class Lab {
 public:
  explicit Lab(CLI::App& app);
  bool chosen() const { return command_->parsed(); }
  int run();

 private:
  void add_step_flags();
  Result<void> check_usage() const;
  report::Language language() const;
  int list(report::Language language, const Output& output) const;

  CLI::App* command_;
  std::optional<std::uint64_t> number_;
  std::string step_;
  std::string language_;
  std::string dir_ = "pushbench-lab";
  LabFlags flags_;
};

}  // namespace pushbench::cli

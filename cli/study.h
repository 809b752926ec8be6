#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "cli/exit_code.h"
#include "harness/run.h"
#include "net/interrupt.h"
#include "report/studies/study.h"

namespace pushbench::cli {

/// `pushbench study`: a published study run again, its figures beside ours.
class Study {
 public:
  explicit Study(CLI::App& app);
  bool chosen() const { return command_->parsed(); }
  int run();

 private:
  Result<std::vector<report::StudyRun>> plan(const report::Study& study) const;
  Result<std::vector<std::string>> make_folders(const report::Study& study) const;
  ExitCode repeat(const report::Study& study, std::vector<report::StudyRun>& runs,
                  const std::vector<std::string>& folders, const net::Interrupt& interrupt) const;
  std::string standing(const std::vector<report::StudyRun>& runs) const;
  void show_part(const report::Study& study, const std::vector<report::StudyRun>& runs,
                 const std::vector<std::string>& folders) const;

  CLI::App* command_;
  std::string name_;
  std::string out_;
  std::uint64_t seed_ = 1;
  bool json_ = false;
  bool quick_ = false;
};

}  // namespace pushbench::cli

#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "cli/command.h"
#include "harness/capacity.h"

namespace pushbench::cli {

/// `pushbench capacity`: the largest value of a key at which each transport keeps within limits.
class Capacity {
 public:
  explicit Capacity(CLI::App& app);
  bool chosen() const { return command_->parsed(); }
  int run();

 private:
  struct Plan {
    harness::Scenario scenario;
    harness::CapacityQuestion question;
    std::vector<std::string> transports;
  };

  Result<Plan> plan() const;
  harness::ValueRunner::Settings settings(const Plan& plan) const;
  std::vector<harness::CapacityCurve> search(const Plan& plan, harness::ValueRunner& runner) const;
  Result<void> keep(const std::string& folder, const Plan& plan,
                    const std::vector<harness::CapacityCurve>& curves,
                    const std::string& json) const;

  CLI::App* command_;
  SearchOptions options_;
  std::vector<std::string> transports_;
  std::vector<std::string> limits_;
  std::uint64_t repeat_ = 2;
  std::string precision_ = "10%";
};

}  // namespace pushbench::cli

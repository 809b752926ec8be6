#pragma once

#include <CLI/CLI.hpp>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/command.h"
#include "harness/crossover.h"

namespace pushbench::cli {

/// `pushbench crossover`: where one of two transports starts to win, by theory and by runs.
class Crossover {
 public:
  explicit Crossover(CLI::App& app);
  bool chosen() const { return command_->parsed(); }
  int run();

 private:
  struct Plan {
    harness::Scenario scenario;
    harness::CrossoverQuestion question;
  };

  Result<Plan> plan() const;
  harness::ValueRunner::Settings settings(const Plan& plan) const;
  Result<void> keep(const std::string& folder, const Plan& plan,
                    const harness::Crossover& crossover, const harness::CrossoverTheory& theory,
                    const std::string& json) const;
  ExitCode show(const std::string& folder, const Plan& plan, const harness::Crossover& crossover,
                const harness::CrossoverTheory& theory,
                const std::optional<harness::Floor>& floor) const;

  CLI::App* command_;
  SearchOptions options_;
  std::vector<std::string> between_;
  std::string metric_;
  std::uint64_t repeat_ = 2;
};

}  // namespace pushbench::cli

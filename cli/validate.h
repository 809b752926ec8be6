#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "harness/schedule.h"
#include "wire/result.h"

namespace pushbench::cli {

/// `pushbench validate`: whether scenarios are good, and what they unroll to, a line each.
class Validate {
 public:
  explicit Validate(CLI::App& app);
  bool chosen() const { return command_->parsed(); }
  int run();

 private:
  Result<harness::Schedule> unroll(const std::string& scenario) const;

  CLI::App* command_;
  std::vector<std::string> scenarios_;
  std::vector<std::string> overrides_;
  std::uint64_t seed_ = 1;
  bool json_ = false;
};

}  // namespace pushbench::cli

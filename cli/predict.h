#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "report/prediction_text.h"
#include "wire/result.h"

namespace pushbench::cli {

/// `pushbench predict`: what a scenario would cost, by arithmetic and without running it, for up to
/// a thousand million users.
class Predict {
 public:
  explicit Predict(CLI::App& app);
  bool chosen() const { return command_->parsed(); }
  int run();

 private:
  Result<report::PredictionReport> predict() const;
  Result<harness::Scenario> load() const;

  CLI::App* command_;
  std::string scenario_;
  std::optional<std::uint64_t> users_;
  std::vector<std::string> transports_;
  std::vector<std::string> overrides_;
  std::string from_;
  bool json_ = false;
};

}  // namespace pushbench::cli

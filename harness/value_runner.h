#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/run.h"
#include "harness/scenario.h"
#include "harness/varied_key.h"

namespace pushbench::harness {

class ValueListener : public RunListener {
 public:
  /// The next run's value, as --set takes it, and how often it was run already, plus one.
  virtual void on_value(const std::string& key, const std::string& value,
                        std::uint64_t attempt) = 0;
};

/// Runs a scenario at one value after the other of one key.
class ValueRunner {
 public:
  struct Settings {
    Scenario scenario;
    VariedKey key;
    std::uint64_t seed = 1;
    std::uint64_t repeat = 1;            // of each transport, in one run
    bool fit_length = false;             // the measured time is made to fit each value
    std::vector<std::string> overrides;  // as given to --set, for the result
    std::string server_binary;
    std::string headers_folder;  // of the shipped header files
  };

  ValueRunner(Settings settings, ValueListener& listener)
      : settings_(std::move(settings)), listener_(listener) {}

  const Settings& settings() const { return settings_; }
  /// The harness on its own, measured before the first run.
  const std::optional<Floor>& floor() const { return floor_; }

  /// The scenario at this value, before its length is made to fit. Fails where the value is out of
  /// the key's range or does not fit the rest of the scenario.
  Result<Scenario> scenario(double value) const;

  /// What a run at this value would be. Fails like scenario(), and where it cannot be unrolled.
  Result<RunPlan> plan(const std::vector<std::string>& transports, double value) const;

  /// Runs it, unless it is interrupted before. Fails like plan(), and where this machine has not
  /// what the run needs.
  Result<RunResult> run(const std::vector<std::string>& transports, double value,
                        std::uint64_t attempt);

 private:
  Settings settings_;
  ValueListener& listener_;
  std::optional<Floor> floor_;
};

}  // namespace pushbench::harness

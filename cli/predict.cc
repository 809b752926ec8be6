#include "cli/predict.h"

#include <fmt/format.h>

#include <utility>

#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/output.h"
#include "cli/shipped.h"
#include "harness/run.h"
#include "harness/scenario_file.h"

namespace pushbench::cli {

namespace {

constexpr std::uint64_t kMostUsers = 1'000'000'000;
constexpr const char* kExamples =
    "pushbench predict notifications --users 1000000\n"
    "    What a million users would cost with each transport, by arithmetic\n"
    "pushbench predict chat --from results/chat-2026-01-31T120000Z\n"
    "    With what the server's work took in that run\n";

}  // namespace

Predict::Predict(CLI::App& app)
    : command_(
          app.add_subcommand("predict", "Say what a scenario would cost, without running it")) {
  command_->footer(kExamples);
  add_scenario(*command_, scenario_);
  add_transports(*command_, transports_);
  command_->add_option("--users", users_, "So many users in the scenario's rooms")
      ->check(CLI::Range(std::uint64_t{1}, kMostUsers))
      ->default_str("the scenario's")
      ->type_name("N")
      ->group(kWhatToVary);
  add_overrides(*command_, overrides_);
  command_
      ->add_option("--from", from_,
                   "A result.json, or its folder: the server's costs are as measured there")
      ->type_name("RESULT")
      ->group(kWhatToVary);
  add_json(*command_, json_, "The prediction as JSON");
}

/// More users than a run may have are set behind the scenario's own checks.
Result<harness::Scenario> Predict::load() const {
  auto scenario = harness::load_scenario(scenario_, scenario_folder(), overrides_);
  if (!scenario || !users_) return scenario;
  if (*users_ < scenario->rooms) {
    return failure(fmt::format("--users {}", *users_),
                   fmt::format("{} users cannot fill {} rooms; give at least one to each, or "
                               "--set rooms.count",
                               *users_, scenario->rooms));
  }
  scenario->users = *users_;
  return scenario;
}

Result<report::PredictionReport> Predict::predict() const {
  const auto scenario = load();
  if (!scenario) return tl::unexpected(scenario.error());
  const auto transports = chosen_transports(transports_);
  if (!transports) return tl::unexpected(transports.error());
  auto grounds = harness::read_grounds(*scenario, headers_folder());
  if (!grounds) return tl::unexpected(grounds.error());
  report::PredictionReport report;
  report.scenario = *scenario;
  if (!from_.empty()) {
    auto result = harness::read_result(from_);
    if (!result) return tl::unexpected(result.error());
    report.from = std::move(*result);
  }
  for (const std::string& name : *transports) {
    report::PredictedTransport predicted{name, {}, {}};
    if (report.from) {
      predicted.costs = harness::costs_of(*report.from, name);
      grounds->costs = harness::server_costs(*predicted.costs);
    }
    predicted.prediction = harness::predict(name, *scenario, *grounds);
    if (predicted.costs && !harness::cores(*predicted.costs, predicted.prediction)) {
      grounds->costs = {};
      predicted.prediction = harness::predict(name, *scenario, *grounds);
    }
    report.transports.push_back(std::move(predicted));
  }
  return report;
}

int Predict::run() {
  const auto report = predict();
  if (!report) return complain("predict", report.error(), kWrongUsage);
  const Output output(*command_);
  json_ ? output.data(report::prediction_json(*report))
        : output.table(report::prediction_text(*report));
  return kGood;
}

}  // namespace pushbench::cli

#include "cli/run.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "cli/exit_code.h"
#include "cli/shipped.h"
#include "clients/registry.h"
#include "harness/machine.h"
#include "harness/result_json.h"
#include "harness/scenario_file.h"
#include "report/progress.h"
#include "report/table.h"
#include "version.h"

namespace pushbench::cli {

namespace fs = std::filesystem;

namespace {

Result<std::vector<std::string>> chosen_transports(const std::vector<std::string>& asked) {
  const std::vector<std::string_view> known = clients::transport_names();
  for (const std::string& name : asked) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      return failure("--transport " + name,
                     fmt::format("there is no such transport; did you mean {}? "
                                 "There are: {}",
                                 harness::nearest(name, known), fmt::join(known, ", ")));
    }
  }
  std::vector<std::string> chosen;
  for (const std::string_view name : known) {
    if (asked.empty() || std::find(asked.begin(), asked.end(), name) != asked.end()) {
      chosen.emplace_back(name);
    }
  }
  return chosen;
}

int complain(const Error& error, ExitCode code) {
  fmt::print(stderr, "pushbench run: {}\n", error.line());
  return code;
}

int exit_code_of(const harness::RunResult& result) {
  switch (result.outcome) {
    case harness::Outcome::interrupted:
      return kInterrupted;
    case harness::Outcome::broke:
      return kBroke;
    case harness::Outcome::complete:
      return result.valid() ? kGood : kMeasurementInvalid;
  }
  return kBroke;
}

}  // namespace

Run::Run(CLI::App& app)
    : command_(
          app.add_subcommand("run", "Replay a scenario over the transports and compare them")) {
  command_
      ->add_option("scenario", scenario_,
                   "A shipped scenario's name (chat) or a path to a .toml file")
      ->required();
  command_
      ->add_option("--transport", transports_,
                   fmt::format("Only these: {}", fmt::join(clients::transport_names(), ", ")))
      ->delimiter(',');
  command_->add_option("--repeat", repeat_, "Repetitions of each transport")
      ->check(CLI::Range(1, 100));
  command_->add_option("--seed", seed_, "Unrolls the scenario into its schedule")
      ->capture_default_str();
  command_->add_option("--set", overrides_, "key=value: overrides a key of the scenario")
      ->expected(1)
      ->take_all();
  command_->add_option("--out", out_, "Folder for the result (default: results/SCENARIO-TIME)");
  command_->add_flag("--json", json_, "Print the result as JSON instead of the comparison");
}

Result<harness::RunPlan> Run::plan() const {
  std::vector<std::string> overrides = overrides_;
  if (repeat_) overrides.push_back(fmt::format("run.repeat={}", *repeat_));
  const auto scenario = harness::load_scenario(scenario_, scenario_folder(), overrides);
  if (!scenario) return tl::unexpected(scenario.error());
  auto transports = chosen_transports(transports_);
  if (!transports) return tl::unexpected(transports.error());
  auto plan = harness::plan_run(*scenario, seed_);
  if (!plan) return plan;
  plan->transports = std::move(*transports);
  plan->overrides = overrides;
  plan->server_binary = own_binary();
  return plan;
}

/// Made before the run, so that a folder that can't be written costs no measurement.
Result<std::string> Run::make_folder(const std::string& scenario) const {
  std::string time = harness::utc_now();
  std::erase(time, ':');
  const fs::path folder =
      out_.empty() ? fs::path("results") / (scenario + "-" + time) : fs::path(out_);
  if (fs::exists(folder / "result.json")) {
    return failure(folder.string(), "holds a result already; name another folder with --out");
  }
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return failure(folder.string(), "cannot be made: " + error.message());
  return folder.string();
}

int Run::run() {
  auto plan = this->plan();
  if (!plan) return complain(plan.error(), kWrongUsage);
  if (const auto limits = harness::check_limits(*plan); !limits) {
    return complain(limits.error(), kBroke);
  }
  const auto folder = make_folder(plan->scenario.name);
  if (!folder) return complain(folder.error(), kWrongUsage);

  harness::RunResult result;
  {
    report::ProgressLine progress(stderr, plan->scenario.repeat, plan->transports.size());
    result = harness::run(*plan, progress);
  }
  const std::string json = harness::to_json(result, {PUSHBENCH_VERSION, PUSHBENCH_COMMIT});
  const std::string path = (fs::path(*folder) / "result.json").string();
  std::ofstream file(path, std::ios::binary);
  file << json << std::flush;
  if (!file) return complain({path, "cannot be written"}, kBroke);

  fmt::print("{}", json_ ? json : report::comparison(result));
  if (!result.problem.empty()) complain({"", result.problem}, kBroke);
  fmt::print(json_ ? stderr : stdout, "\nresult: {}\n", path);
  return exit_code_of(result);
}

}  // namespace pushbench::cli

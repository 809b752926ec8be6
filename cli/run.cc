#include "cli/run.h"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>

#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/run_folder.h"
#include "cli/shipped.h"
#include "cli/sweep.h"
#include "clients/registry.h"
#include "harness/result_json.h"
#include "harness/scenario_file.h"
#include "report/formats.h"
#include "report/plan_text.h"
#include "report/progress.h"
#include "report/run_text.h"

namespace pushbench::cli {

namespace fs = std::filesystem;

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
  add_seed(*command_, seed_, "Unrolls the scenario into its schedule");
  command_->add_option("--set", overrides_, "key=value: overrides a key of the scenario")
      ->expected(1)
      ->take_all();
  auto* const sweep =
      command_
          ->add_option("--sweep", sweeps_,
                       "key=value,value: runs the scenario once with each value of the key")
          ->expected(1)
          ->take_all();
  auto* const dry_run = command_->add_flag("--dry-run", dry_run_,
                                           "Print what would be run and what theory forecasts");
  command_->add_option("--out", out_, "Folder for the result (default: results/SCENARIO-TIME)");
  command_->add_option("--threads", threads_, "Of the harness; 0: by the cores there are")
      ->check(CLI::Range(0, 256));
  command_->add_flag("--no-pin", no_pin_, "Let the kernel choose the cores of server and harness");
  command_->add_flag("--no-floor", no_floor_, "Do not measure the harness on its own first");
  command_->add_flag("--allow-invalid", allow_invalid_,
                     "Exit with 0 also if the figures do not count (they are marked)");
  auto* const json =
      command_->add_flag("--json", json_, "Print the result as JSON instead of the comparison")
          ->excludes(dry_run);
  command_
      ->add_option("--format", format_,
                   fmt::format("Print this form of it instead of the comparison: {}",
                               report::format_names()))
      ->excludes(json)
      ->excludes(dry_run)
      ->excludes(sweep);
}

std::vector<std::string> Run::overrides() const {
  std::vector<std::string> overrides = overrides_;
  if (threads_) overrides.push_back(fmt::format("run.threads={}", *threads_));
  if (repeat_) overrides.push_back(fmt::format("run.repeat={}", *repeat_));
  return overrides;
}

Result<harness::Scenario> Run::scenario() const {
  return harness::load_scenario(scenario_, scenario_folder(), overrides());
}

/// What every plan of a run needs beside its schedule.
Result<void> Run::complete(harness::RunPlan& plan) const {
  auto transports = chosen_transports(transports_);
  if (!transports) return tl::unexpected(transports.error());
  plan.transports = std::move(*transports);
  plan.overrides = overrides();
  plan.server_binary = own_binary();
  plan.build = build_info();
  plan.pin = !no_pin_;
  plan.floor = !no_floor_;
  return {};
}

Result<harness::RunPlan> Run::plan() const {
  const auto scenario = this->scenario();
  if (!scenario) return tl::unexpected(scenario.error());
  auto plan = harness::plan_run(*scenario, seed_, headers_folder());
  if (!plan) return plan;
  if (auto complete = this->complete(*plan); !complete) return tl::unexpected(complete.error());
  return plan;
}

/// All of a sweep's values are tried here, before anything runs.
Result<SweepRequest> Run::sweep_request() const {
  if (sweeps_.size() > 1) {
    return failure("--sweep", "one key is swept at a time; run the command once for each");
  }
  auto scenario = this->scenario();
  if (!scenario) return tl::unexpected(scenario.error());
  const auto spec = harness::parse_sweep(sweeps_.front());
  if (!spec) return failure("--sweep", spec.error().line());
  const auto transports = chosen_transports(transports_);
  if (!transports) return tl::unexpected(transports.error());
  if (auto any = harness::concerned(spec->key, *transports); !any) {
    return failure("--sweep", any.error().line());
  }
  auto plans = harness::plan_sweep(*scenario, *spec, seed_, headers_folder());
  if (!plans) return failure("--sweep", plans.error().line());
  for (std::size_t i = 0; i < plans->size(); ++i) {
    harness::RunPlan& plan = (*plans)[i];
    if (auto complete = this->complete(plan); !complete) return tl::unexpected(complete.error());
    plan.overrides.push_back(fmt::format("{}={}", spec->key.name, spec->values[i]));
    plan.floor = plan.floor && i == 0;  // which the values share
  }
  return SweepRequest{std::move(*scenario), *spec, std::move(*plans), overrides(), out_, json_,
                      allow_invalid_};
}

int Run::run_sweep() {
  const auto request = sweep_request();
  if (!request) return complain("run", request.error(), kWrongUsage);
  if (!dry_run_) return sweep(*request);
  for (const harness::RunPlan& plan : request->plans) {
    fmt::print("{}\n{}\n", plan.overrides.back(), report::plan_text(plan));
  }
  return kGood;
}

std::string Run::printed(const harness::RunResult& result) const {
  if (json_) return harness::to_json(result);
  const auto format = report::parse_format(format_);
  return format ? (*format)->text(result) : report::run_text(result);
}

int Run::run() {
  if (const auto known = report::parse_format(format_); !known && !format_.empty()) {
    return complain("run", known.error(), kWrongUsage);
  }
  if (!sweeps_.empty()) return run_sweep();
  auto plan = this->plan();
  if (!plan) return complain("run", plan.error(), kWrongUsage);
  if (dry_run_) {
    fmt::print("{}", report::plan_text(*plan));
    return kGood;
  }
  if (const auto limits = harness::check_limits(*plan); !limits) {
    return complain("run", limits.error(), kBroke);
  }
  const auto folder = make_run_folder(out_, plan->scenario.name);
  if (!folder) return complain("run", folder.error(), kWrongUsage);

  harness::RunResult result;
  {
    report::ProgressLine progress(stderr, plan->scenario.repeat, plan->transports.size());
    result = harness::run(*plan, progress);
  }
  // Printed first: what cannot be written is not lost.
  fmt::print("{}", printed(result));
  if (!result.problem.empty()) complain("run", {"", result.problem}, kBroke);
  if (const auto kept = keep_run(*folder, result); !kept) {
    return complain("run", kept.error(), kBroke);
  }
  const bool for_a_person = !json_ && format_.empty();
  fmt::print(for_a_person ? stdout : stderr, "\nresult: {}\n",
             (fs::path(*folder) / "result.json").string());
  return exit_code_of(result, allow_invalid_);
}

}  // namespace pushbench::cli

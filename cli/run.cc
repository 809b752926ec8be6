#include "cli/run.h"

#include <fmt/format.h>

#include <cstdio>
#include <span>

#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/output.h"
#include "cli/run_folder.h"
#include "cli/shipped.h"
#include "cli/sweep.h"
#include "harness/result_json.h"
#include "harness/scenario_file.h"
#include "net/interrupt.h"
#include "report/formats.h"
#include "report/plan_text.h"
#include "report/progress.h"
#include "report/run_text.h"

namespace pushbench::cli {

namespace {

constexpr const char* kExamples =
    "pushbench run chat\n"
    "    A real chat of 100 users over every transport: the comparison, and a folder in results/\n"
    "pushbench run chat --transport polling,websocket --set transport.polling.interval=1s\n"
    "    Only these two, the first polled ten times less often\n"
    "pushbench run quotes --sweep users.count=100,1000,10000\n"
    "    The same once for each number of users: a table and a curve\n"
    "pushbench run chat --target nchan=http://127.0.0.1:8090 --target-pid nchan=4711\n"
    "    The same over a server that somebody else started, next to our own\n";

void note_on_targets(std::span<const harness::RunPlan> plans, const Output& output) {
  for (const std::string& note : notes_on_targets(plans)) output.note("note: " + note);
}

/// All values of a sweep are measured at the same address of a target.
Result<void> find_reachable(std::vector<harness::RunPlan>& plans) {
  std::vector<harness::Target>& targets = plans.front().targets;
  if (auto found = harness::find_reachable(targets); !found) return found;
  for (harness::RunPlan& plan : plans) plan.targets = targets;
  return {};
}

}  // namespace

Run::Run(CLI::App& app)
    : command_(
          app.add_subcommand("run", "Replay a scenario over the transports and compare them")) {
  command_->footer(kExamples);
  add_scenario(*command_, scenario_);
  add_transports(*command_, transports_);
  targets_.add_to(*command_);
  add_overrides(*command_, overrides_);
  auto* const sweep = command_
                          ->add_option("--sweep", sweeps_,
                                       "Runs the scenario once with each value of one of its keys")
                          ->expected(1)
                          ->take_all()
                          ->type_name("KEY=VALUE,VALUE")
                          ->group(kWhatToVary);
  command_->add_option("--repeat", repeat_, "Repetitions of each transport")
      ->check(CLI::Range(1, 100))
      ->default_str("the scenario's")
      ->type_name("N")
      ->group(kWhatToVary);
  add_seed(*command_, seed_, "Unrolls the scenario into its schedule");
  add_measuring();
  auto* const dry_run =
      command_->add_flag("--dry-run", dry_run_, "Print what would run and end")->group(kOutput);
  add_out(*command_, out_, "results/SCENARIO-TIME");
  auto* const json = add_json(*command_, json_, "The result as JSON instead of the comparison");
  add_format(*command_, format_, "This form of the result instead of the comparison")
      ->excludes(json)
      ->excludes(sweep)
      ->excludes(dry_run);
  json->excludes(dry_run);
}

void Run::add_measuring() {
  constexpr const char* kGroup = "How to measure";
  command_->add_option("--threads", threads_, "Threads that play the users; 0: one a spare core")
      ->check(CLI::Range(0, 256))
      ->default_str("the scenario's")
      ->type_name("N")
      ->group(kGroup);
  command_->add_flag("--no-pin", no_pin_, "Let the kernel choose the cores of server and harness")
      ->group(kGroup);
  command_->add_flag("--no-floor", no_floor_, "Do not measure the harness on its own first")
      ->group(kGroup);
  command_
      ->add_flag("--allow-invalid", allow_invalid_,
                 "Exit with 0 also if the figures do not count (they are marked)")
      ->group(kGroup);
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
Result<void> Run::complete(const Columns& columns, harness::RunPlan& plan) const {
  if (auto added = add_columns(columns, plan); !added) return added;
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
  const auto columns = targets_.choose(transports_);
  if (!columns) return tl::unexpected(columns.error());
  if (auto complete = this->complete(*columns, *plan); !complete) {
    return tl::unexpected(complete.error());
  }
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
  const auto columns = targets_.choose(transports_);
  if (!columns) return tl::unexpected(columns.error());
  auto plans = harness::plan_sweep(*scenario, *spec, seed_, headers_folder());
  if (!plans) return failure("--sweep", plans.error().line());
  for (std::size_t i = 0; i < plans->size(); ++i) {
    harness::RunPlan& plan = (*plans)[i];
    if (auto complete = this->complete(*columns, plan); !complete) {
      return tl::unexpected(complete.error());
    }
    plan.overrides.push_back(fmt::format("{}={}", spec->key.name, spec->values[i]));
    plan.floor = plan.floor && i == 0;  // which the values share
  }
  if (auto any = harness::check_concerned(spec->key, plans->front()); !any) {
    return failure("--sweep", any.error().line());
  }
  return SweepRequest{std::move(*scenario), *spec, std::move(*plans), overrides(), out_, json_,
                      allow_invalid_};
}

int Run::run_sweep() {
  auto request = sweep_request();
  if (!request) return complain("run", request.error(), kWrongUsage);
  const Output output(*command_);
  note_on_targets(request->plans, output);
  if (!dry_run_) {
    const auto found = find_reachable(request->plans);
    return found ? sweep(*request, output) : complain("run", found.error(), kBroke);
  }
  for (const harness::RunPlan& plan : request->plans) {
    output.table(fmt::format("{}\n{}\n", plan.overrides.back(), report::plan_text(plan)));
  }
  return kGood;
}

void Run::print(const harness::RunResult& result, const Output& output) const {
  if (json_) return output.data(harness::to_json(result));
  if (format_.empty()) return output.table(report::run_text(result));
  output.data(report::in_format(format_, result));
}

int Run::run() {
  if (!sweeps_.empty()) return run_sweep();
  const net::Interrupt interrupt;
  const Output output(*command_);
  auto plan = this->plan();
  if (!plan) return complain("run", plan.error(), kWrongUsage);
  note_on_targets({&*plan, 1}, output);
  if (dry_run_) {
    output.table(report::plan_text(*plan));
    return kGood;
  }
  if (const auto found = harness::find_reachable(plan->targets); !found) {
    return complain("run", found.error(), kBroke);
  }
  if (const auto limits = harness::check_limits(*plan); !limits) {
    return complain("run", limits.error(), kBroke);
  }
  const auto folder = make_run_folder(out_, plan->scenario.name);
  if (!folder) return complain("run", folder.error(), kWrongUsage);

  harness::RunResult result;
  {
    report::ProgressLine progress(output.progress(), plan->scenario.repeat, plan->columns(), "",
                                  &interrupt);
    result = harness::run(*plan, progress);
  }
  // Printed first: what cannot be written is not lost.
  print(result, output);
  if (!result.problem.empty()) complain("run", {"", result.problem}, kBroke);
  name_faulty_targets(result);
  if (const auto kept = keep_run(*folder, result); !kept) {
    return complain("run", kept.error(), kBroke);
  }
  output.note(where_kept(*folder));
  return interrupted_or(exit_code_of(result, allow_invalid_), interrupt.asked());
}

}  // namespace pushbench::cli

#include "cli/study.h"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>

#include "cli/command.h"
#include "cli/shipped.h"
#include "harness/result_json.h"
#include "harness/scenario_file.h"
#include "report/progress.h"
#include "report/studies/study_text.h"
#include "version.h"

namespace pushbench::cli {

namespace fs = std::filesystem;

namespace {

constexpr const char* kOwnFile = "study.json";

Result<const report::Study*> chosen_study(const std::string& name) {
  if (const report::Study* study = report::find_study(name)) return study;
  std::vector<std::string_view> known;
  for (const report::Study& study : report::studies()) known.push_back(study.name);
  return failure(name, fmt::format("there is no such study; did you mean {}? There are: {}",
                                   harness::nearest(name, known), fmt::join(known, ", ")));
}

/// Runs a step and keeps its result as `pushbench run` does.
Result<harness::RunResult> run_step(const report::StudyRun& run, const std::string& folder) {
  harness::RunResult result;
  {
    report::ProgressLine progress(stderr, run.plan.scenario.repeat, run.plan.transports.size());
    result = harness::run(run.plan, progress);
  }
  const std::string json = harness::to_json(result, {PUSHBENCH_VERSION, PUSHBENCH_COMMIT});
  if (const auto kept = write_file(folder, "result.json", json); !kept) {
    return tl::unexpected(kept.error());
  }
  return result;
}

/// Why there are no figures to be had of it; empty: there are.
std::string problem_of(const report::StudyRun& run) {
  if (run.result.outcome == harness::Outcome::interrupted) return "interrupted";
  if (run.result.outcome == harness::Outcome::broke) return run.result.problem;
  for (const harness::TransportResult& transport : run.result.transports) {
    if (report::pooled(run, transport.name).messages.delivered == 0) {
      return transport.name + " delivered nothing";
    }
  }
  return "";
}

/// Why a run does not count, on the way out.
void print_invalid(const report::StudyRun& run) {
  for (const harness::TransportResult& transport : run.result.transports) {
    for (const harness::Repetition& repetition : transport.repetitions) {
      for (const std::string& why : repetition.invalid) {
        fmt::print(stderr, "invalid: {}, {}: {}\n", run.step.name, transport.name, why);
      }
    }
  }
}

}  // namespace

Study::Study(CLI::App& app)
    : command_(app.add_subcommand("study", "Run a published study again; without a name: list")) {
  command_->add_option("name", name_, "The study: kaazing, aquilio, streamdata or shootout");
  command_->add_option("--seed", seed_, "Unrolls its scenarios into their schedules")
      ->capture_default_str();
  command_->add_option("--out", out_,
                       "Folder for the results, one in it for each run (default: "
                       "results/study-NAME-TIME)");
  command_->add_flag("--json", json_, "Print the figures as JSON");
  command_->add_flag("--quick", quick_, "Smaller and shorter: shows how it goes, settles nothing");
}

Result<std::vector<report::StudyRun>> Study::plan(const report::Study& study) const {
  std::vector<report::StudyRun> runs;
  for (report::StudyStep& step : study.steps(quick_)) {
    const auto scenario = harness::load_scenario(step.scenario, scenario_folder(), step.overrides);
    if (!scenario) return tl::unexpected(scenario.error());
    auto plan = harness::plan_run(*scenario, seed_, headers_folder());
    if (!plan) return tl::unexpected(plan.error());
    plan->transports = step.transports;
    plan->overrides = step.overrides;
    plan->server_binary = own_binary();
    if (const auto limits = harness::check_limits(*plan); !limits) {
      return tl::unexpected(limits.error());
    }
    runs.push_back({std::move(step), std::move(*plan), {}});
  }
  return runs;
}

Result<std::vector<std::string>> Study::make_folders(const report::Study& study) const {
  const auto folder = make_folder(out_, fmt::format("study-{}", study.name), kOwnFile);
  if (!folder) return tl::unexpected(folder.error());
  std::vector<std::string> folders;
  for (const report::StudyStep& step : study.steps(quick_)) {
    const auto own = make_folder((fs::path(*folder) / step.name).string(), "", "result.json");
    if (!own) return tl::unexpected(own.error());
    folders.push_back(*own);
  }
  return folders;
}

/// Stops at the first run that does not end complete: its figures would be half the study's.
int Study::repeat(const report::Study& study, std::vector<report::StudyRun>& runs,
                  const std::vector<std::string>& folders) const {
  ExitCode code = kGood;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    auto result = run_step(runs[i], folders[i]);
    if (!result) return complain("study", result.error(), kBroke);
    runs[i].result = std::move(*result);
    print_invalid(runs[i]);
    code = worse(code, exit_code_of(runs[i].result));
    const std::string problem = problem_of(runs[i]);
    if (!problem.empty()) return complain("study", {runs[i].step.name, problem}, code);
  }
  const report::StudyFindings findings = study.findings(runs);
  const std::string json = report::study_json(study, findings, runs, folders);
  const std::string folder = fs::path(folders.front()).parent_path().string();
  if (const auto kept = write_file(folder, kOwnFile, json); !kept) {
    return complain("study", kept.error(), kBroke);
  }
  fmt::print("{}", json_ ? json : report::study_text(study, findings));
  fmt::print(json_ ? stderr : stdout, "\nresult: {}\n", (fs::path(folder) / kOwnFile).string());
  return code;
}

int Study::run() {
  if (name_.empty()) {
    fmt::print("{}", report::study_list());
    return kGood;
  }
  const auto study = chosen_study(name_);
  if (!study) return complain("study", study.error(), kWrongUsage);
  auto runs = plan(**study);
  if (!runs) return complain("study", runs.error(), kWrongUsage);
  const auto folders = make_folders(**study);
  if (!folders) return complain("study", folders.error(), kWrongUsage);
  return repeat(**study, *runs, *folders);
}

}  // namespace pushbench::cli

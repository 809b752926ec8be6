#include "cli/study.h"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "cli/exit_code.h"
#include "cli/shipped.h"
#include "harness/machine.h"
#include "harness/result_json.h"
#include "harness/scenario_file.h"
#include "report/progress.h"
#include "report/studies/study_text.h"
#include "version.h"

namespace pushbench::cli {

namespace fs = std::filesystem;

namespace {

int complain(const Error& error, ExitCode code) {
  fmt::print(stderr, "pushbench study: {}\n", error.line());
  return code;
}

Result<const report::Study*> chosen_study(const std::string& name) {
  if (const report::Study* study = report::find_study(name)) return study;
  std::vector<std::string_view> known;
  for (const report::Study& study : report::studies()) known.push_back(study.name);
  return failure(name, fmt::format("there is no such study; did you mean {}? There are: {}",
                                   harness::nearest(name, known), fmt::join(known, ", ")));
}

/// Runs a step and keeps its result as `pushbench run` does.
Result<harness::RunResult> run_step(const report::StudyRun& run, const std::string& folder) {
  report::ProgressLine progress(stderr, run.plan.scenario.repeat, run.plan.transports.size());
  harness::RunResult result = harness::run(run.plan, progress);
  const std::string path = (fs::path(folder) / "result.json").string();
  std::ofstream file(path, std::ios::binary);
  file << harness::to_json(result, {PUSHBENCH_VERSION, PUSHBENCH_COMMIT}) << std::flush;
  if (!file) return failure(path, "cannot be written");
  return result;
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
    auto plan = harness::plan_run(*scenario, seed_);
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

/// Made before the runs, so that a folder that can't be written costs no measurement.
Result<std::vector<std::string>> Study::make_folders(const report::Study& study) const {
  std::string time = harness::utc_now();
  std::erase(time, ':');
  const fs::path folder = out_.empty()
                              ? fs::path("results") / fmt::format("study-{}-{}", study.name, time)
                              : fs::path(out_);
  std::vector<std::string> folders;
  for (const report::StudyStep& step : study.steps(quick_)) {
    const fs::path own = folder / step.name;
    if (fs::exists(own / "result.json")) {
      return failure(own.string(), "holds a result already; name another folder with --out");
    }
    std::error_code error;
    fs::create_directories(own, error);
    if (error) return failure(own.string(), "cannot be made: " + error.message());
    folders.push_back(own.string());
  }
  return folders;
}

/// Stops at the first run that does not end complete: its figures would be half the study's.
int Study::repeat(const report::Study& study, std::vector<report::StudyRun>& runs,
                  const std::vector<std::string>& folders) const {
  bool valid = true;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    auto result = run_step(runs[i], folders[i]);
    if (!result) return complain(result.error(), kBroke);
    runs[i].result = std::move(*result);
    print_invalid(runs[i]);
    if (runs[i].result.outcome == harness::Outcome::interrupted) return kInterrupted;
    if (runs[i].result.outcome == harness::Outcome::broke) {
      return complain({runs[i].step.name, runs[i].result.problem}, kBroke);
    }
    for (const auto& transport : runs[i].result.transports) {
      if (report::pooled(runs[i], transport.name).messages.delivered == 0) {
        return complain({runs[i].step.name, transport.name + " delivered nothing"},
                        kMeasurementInvalid);
      }
    }
    valid = valid && runs[i].result.valid();
  }
  const report::StudyFindings findings = study.findings(runs);
  fmt::print("{}", json_ ? report::study_json(study, findings, runs, folders)
                         : report::study_text(study, findings));
  for (const std::string& folder : folders) {
    fmt::print(json_ ? stderr : stdout, "{}result: {}/result.json\n",
               &folder == &folders.front() ? "\n" : "", folder);
  }
  return valid ? kGood : kMeasurementInvalid;
}

int Study::run() {
  if (name_.empty()) {
    fmt::print("{}", report::study_list());
    return kGood;
  }
  const auto study = chosen_study(name_);
  if (!study) return complain(study.error(), kWrongUsage);
  auto runs = plan(**study);
  if (!runs) return complain(runs.error(), kWrongUsage);
  const auto folders = make_folders(**study);
  if (!folders) return complain(folders.error(), kWrongUsage);
  return repeat(**study, *runs, *folders);
}

}  // namespace pushbench::cli

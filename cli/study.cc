#include "cli/study.h"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>

#include "cli/command.h"
#include "cli/output.h"
#include "cli/run_folder.h"
#include "cli/shipped.h"
#include "harness/scenario_file.h"
#include "net/interrupt.h"
#include "report/progress.h"
#include "report/studies/study_text.h"
#include "report/table.h"

namespace pushbench::cli {

namespace fs = std::filesystem;

namespace {

constexpr const char* kOwnFile = "study.json";
constexpr const char* kExamples =
    "pushbench study\n"
    "    What was claimed about polling and pushing, and by whom\n"
    "pushbench study kaazing --quick\n"
    "    One of these claims run again in a small way, the published figures beside ours\n";

Result<const report::Study*> chosen_study(const std::string& name) {
  if (const report::Study* study = report::find_study(name)) return study;
  std::vector<std::string_view> known;
  for (const report::Study& study : report::studies()) known.push_back(study.name);
  return failure(name, fmt::format("there is no such study{} There are: {}",
                                   harness::suggestion(name, known), fmt::join(known, ", ")));
}

/// Runs a step and keeps its result as `pushbench run` does. What cannot be written is said; the
/// study goes on with its figures.
ExitCode run_step(report::StudyRun& run, const std::string& folder, const Output& output,
                  const net::Interrupt& interrupt) {
  {
    report::ProgressLine progress(output.progress(), run.plan.scenario.repeat,
                                  run.plan.transports.size(), "", &interrupt);
    run.result = harness::run(run.plan, progress);
  }
  const auto kept = keep_run(folder, run.result);
  if (!kept) complain("study", kept.error(), kBroke);
  return kept ? exit_code_of(run.result) : worse(kBroke, exit_code_of(run.result));
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
        const std::string step = run.step.name == transport.name ? "" : run.step.name + ", ";
        fmt::print(stderr, "invalid: {}{}: {}\n", step, transport.name, why);
      }
    }
  }
}

}  // namespace

Study::Study(CLI::App& app)
    : command_(app.add_subcommand("study", "Run a published study again; without a name: list")) {
  command_->footer(kExamples);
  command_->add_option("name", name_, "The study: kaazing, aquilio, streamdata or shootout")
      ->type_name("STUDY")
      ->group(kWhatToRun);
  command_->add_flag("--quick", quick_, "Smaller and shorter: shows how it goes, settles nothing")
      ->group(kWhatToVary);
  add_seed(*command_, seed_, "Unrolls its scenarios into their schedules");
  add_out(*command_, out_, "results/study-STUDY-TIME, and in it one for each run");
  add_json(*command_, json_, "The figures as JSON");
}

/// What the figures are worth.
std::string Study::standing(const std::vector<report::StudyRun>& runs) const {
  std::string text;
  if (quick_) text = "\nQuick: smaller and shorter than the study's own; it settles nothing.\n";
  for (const report::StudyRun& run : runs) {
    if (run.result.valid()) continue;
    text += fmt::format("\nINVALID: the figures of {} do not count.\n", run.step.name);
  }
  return text;
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
    plan->build = build_info();
    runs.push_back({std::move(step), std::move(*plan), {}});
  }
  return runs;
}

Result<std::vector<std::string>> Study::make_folders(const report::Study& study) const {
  const auto folder = make_folder(out_, fmt::format("study-{}", study.name), {kOwnFile});
  if (!folder) return tl::unexpected(folder.error());
  std::vector<std::string> folders;
  for (const report::StudyStep& step : study.steps(quick_)) {
    const auto own = make_run_folder((fs::path(*folder) / step.name).string(), "");
    if (!own) return tl::unexpected(own.error());
    folders.push_back(*own);
  }
  return folders;
}

/// Stops at the first run that does not end complete: its figures would be half the study's.
ExitCode Study::repeat(const report::Study& study, std::vector<report::StudyRun>& runs,
                       const std::vector<std::string>& folders,
                       const net::Interrupt& interrupt) const {
  const Output output(*command_);
  ExitCode code = kGood;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    code = worse(code, run_step(runs[i], folders[i], output, interrupt));
    print_invalid(runs[i]);
    const std::string problem = problem_of(runs[i]);
    if (problem.empty()) continue;
    runs.resize(i + 1);
    show_part(study, runs, folders);
    complain("study", {runs[i].step.name, problem}, kBroke);
    return worse(code, kMeasurementInvalid);
  }
  const report::StudyFindings findings = study.findings(runs);
  const std::string json = report::study_json(study, findings, runs, folders);
  const std::string folder = fs::path(folders.front()).parent_path().string();
  json_ ? output.data(json) : output.table(report::study_text(study, findings) + standing(runs));
  if (const auto kept = write_file(folder, kOwnFile, json); !kept) {
    complain("study", kept.error(), kBroke);
    return kBroke;
  }
  output.note("\nresult: " + (fs::path(folder) / kOwnFile).string());
  return code;
}

/// The study's own figures are those of all its runs: of a part, each run is shown by itself.
void Study::show_part(const report::Study& study, const std::vector<report::StudyRun>& runs,
                      const std::vector<std::string>& folders) const {
  const Output output(*command_);
  if (json_) return output.data(report::study_json(study, {}, runs, folders));
  for (const report::StudyRun& run : runs) {
    output.table(fmt::format("{}\n{}\n", run.step.name, report::comparison(run.result)));
  }
}

int Study::run() {
  if (name_.empty()) {
    Output(*command_).data(report::study_list());
    return kGood;
  }
  const net::Interrupt interrupt;
  const auto study = chosen_study(name_);
  if (!study) return complain("study", study.error(), kWrongUsage);
  auto runs = plan(**study);
  if (!runs) return complain("study", runs.error(), kWrongUsage);
  for (const report::StudyRun& run : *runs) {
    const auto enough = harness::check_limits(run.plan);
    if (!enough) return complain("study", enough.error(), kBroke);
  }
  const auto folders = make_folders(**study);
  if (!folders) return complain("study", folders.error(), kWrongUsage);
  const ExitCode code = repeat(**study, *runs, *folders, interrupt);
  return interrupted_or(code, interrupt.asked());
}

}  // namespace pushbench::cli

#include "cli/lab_session.h"

#include <fmt/format.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>
#include <utility>

#include "cli/command.h"
#include "cli/files.h"
#include "cli/shipped.h"
#include "harness/machine.h"
#include "harness/result_reader.h"
#include "harness/scenario_file.h"
#include "report/lab_check.h"

namespace pushbench::cli {

namespace fs = std::filesystem;

using report::LabOrigin;
using report::LabWord;

namespace {

constexpr const char* kPredictionFile = "prediction.json";
constexpr std::uint64_t kSeed = 1;  // of every lab: all students have one schedule

std::string text_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

/// Keeping a recorded result again changes nothing of it.
LabOrigin origin_of(const LabSession& session, const report::LabResult& result) {
  const std::string& run = result.run->name;
  const fs::path recorded = fs::path(session.lab.folder) / "recorded" / run / "result.json";
  std::error_code error;
  if (fs::exists(recorded, error) &&
      text_of(recorded) == text_of(fs::path(session.run_folder(run)) / "result.json")) {
    return LabOrigin::recorded;
  }
  const harness::Machine here = harness::this_machine();
  const harness::Machine& there = result.result.context.machine;
  const bool same = here.cpu == there.cpu && here.memory_bytes == there.memory_bytes;
  return same ? LabOrigin::here : LabOrigin::elsewhere;
}

}  // namespace

std::string LabSession::command(const std::string& step) const {
  return fmt::format("pushbench lab {} {}", lab.number, step);
}

std::string LabSession::run_folder(const std::string& run) const {
  return (fs::path(folder) / run).string();
}

Result<std::optional<report::LabPrediction>> read_prediction(const LabSession& session) {
  const fs::path file = fs::path(session.folder) / kPredictionFile;
  std::error_code error;
  if (!fs::exists(file, error)) return std::nullopt;
  auto prediction = report::parse_prediction(text_of(file), file.string(), session.lab);
  if (!prediction) {
    const std::string anew = session.command(is_revealed(session) ? "predict --again" : "predict");
    return failure(prediction.error().where,
                   session.say(LabWord::predict_anew, prediction.error().what, anew));
  }
  return std::optional(std::move(*prediction));
}

Result<void> keep_prediction(const LabSession& session, const report::LabPrediction& prediction) {
  std::error_code error;
  fs::create_directories(session.folder, error);
  if (error) return failure(session.folder, "cannot be made: " + error.message());
  return write_file(session.folder, kPredictionFile,
                    report::to_json(prediction, session.lab.number));
}

bool has_reveal(const LabSession& session) {
  std::error_code error;
  return fs::exists(fs::path(session.folder) / kRevealPage, error);
}

bool is_revealed(const LabSession& session) {
  std::error_code error;
  return has_reveal(session) || fs::exists(fs::path(session.folder) / kCheckText, error);
}

bool has_result(const LabSession& session, const std::string& run) {
  std::error_code error;
  return fs::exists(fs::path(session.run_folder(run)) / "result.json", error);
}

Result<harness::RunPlan> plan_lab_run(const harness::Lab& lab, const harness::LabRun& run,
                                      const std::vector<std::string>& set) {
  const bool own = run.scenario.ends_with(".toml");
  const std::string name = own ? (fs::path(lab.folder) / run.scenario).string() : run.scenario;
  std::vector<std::string> overrides = run.set;
  overrides.insert(overrides.end(), set.begin(), set.end());
  const auto scenario = harness::load_scenario(name, scenario_folder(), overrides);
  if (!scenario) return tl::unexpected(scenario.error());
  auto plan = harness::plan_run(*scenario, kSeed, headers_folder());
  if (!plan) return plan;
  plan->transports = run.transports;
  plan->overrides = std::move(overrides);
  plan->server_binary = own_binary();
  plan->build = build_info();
  return plan;
}

Result<StudentResults> read_student(const LabSession& session) {
  StudentResults student;
  for (const harness::LabRun& run : session.lab.runs) {
    if (!has_result(session, run.name)) {
      return failure(run.name, session.say(LabWord::not_run, session.lab.number));
    }
    const auto plan = plan_lab_run(session.lab, run, {});
    if (!plan) return tl::unexpected(plan.error());
    auto result = harness::read_run(session.run_folder(run.name));
    if (!result) {
      student.problems.push_back(
          session.say(LabWord::not_readable, run.name, result.error().line()));
      continue;
    }
    const report::LabResult& kept =
        student.results.emplace_back(report::LabResult{&run, std::move(*result)});
    student.sources.push_back(
        report::source_line(kept, origin_of(session, kept), session.language));
    for (std::string& line : report::lab_problems(kept, *plan, session.language)) {
      student.problems.push_back(std::move(line));
    }
  }
  return student;
}

ExitCode complain_of(const LabSession& session, const std::vector<std::string>& problems) {
  session.output.error(session.say(LabWord::do_not_count));
  for (const std::string& problem : problems) session.output.error("  " + problem);
  session.output.error(session.say(LabWord::measure_anew, session.lab.number));
  return kMeasurementInvalid;
}

}  // namespace pushbench::cli

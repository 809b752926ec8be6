#include "cli/lab_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include "cli/command.h"
#include "cli/run_folder.h"
#include "harness/result_reader.h"
#include "harness/sweep.h"
#include "net/interrupt.h"
#include "report/columns.h"
#include "report/invalid.h"
#include "report/progress.h"

namespace pushbench::cli {

namespace fs = std::filesystem;

using harness::LabRun;
using report::LabWord;

namespace {

/// A run that is to be done, with what it takes.
struct Task {
  const LabRun* run;
  harness::RunPlan plan;
  std::string folder;
  bool is_there;  // and stays
};

/// Where results with another value of a key are: beside the plain ones, and never one of them.
std::string turned_folder(const LabSession& session) {
  std::vector<std::string> names;
  for (const std::string& setting : session.flags.set) {
    names.push_back(harness::step_folder(setting));
  }
  return fmt::format("set-{}", fmt::join(names, "+"));
}

std::string folder_of(const LabSession& session, const LabRun& run) {
  if (session.flags.set.empty()) return session.run_folder(run.name);
  return session.run_folder((fs::path(turned_folder(session)) / run.name).string());
}

Result<std::vector<const LabRun*>> chosen_runs(const LabSession& session) {
  std::vector<const LabRun*> chosen;
  std::vector<std::string> known;
  for (const LabRun& run : session.lab.runs) known.push_back(run.name);
  for (const std::string& name : session.flags.runs) {
    if (session.lab.run(name) != nullptr) continue;
    return failure("--run " + name,
                   session.say(LabWord::no_such_run, fmt::format("{}", fmt::join(known, ", "))));
  }
  for (const LabRun& run : session.lab.runs) {
    const auto& asked = session.flags.runs;
    const bool is_asked = std::find(asked.begin(), asked.end(), run.name) != asked.end();
    if (asked.empty() || is_asked) chosen.push_back(&run);
  }
  return chosen;
}

/// Whether a result is there that is complete and valid.
bool has_valid(const std::string& folder) {
  std::error_code error;
  if (!fs::exists(fs::path(folder) / "result.json", error)) return false;
  const auto result = harness::read_run(folder);
  return result && result->valid();
}

/// A result that is there stays; one that does not count is worth no care.
bool is_kept(const LabSession& session, const std::string& folder) {
  std::error_code error;
  if (session.flags.again || !fs::exists(fs::path(folder) / "result.json", error)) return false;
  const auto result = harness::read_run(folder);
  return !result || result->valid();
}

/// All plans are made before anything runs.
Result<std::vector<Task>> plan_tasks(const LabSession& session) {
  const auto runs = chosen_runs(session);
  if (!runs) return tl::unexpected(runs.error());
  std::vector<Task> tasks;
  for (const LabRun* run : *runs) {
    auto plan = plan_lab_run(session.lab, *run, session.flags.set);
    if (!plan) return tl::unexpected(plan.error());
    const std::string folder = folder_of(session, *run);
    tasks.push_back({run, std::move(*plan), folder, is_kept(session, folder)});
  }
  return tasks;
}

Result<harness::RunResult> recorded_result(const LabSession& session, const LabRun& run) {
  const fs::path folder = fs::path(session.lab.folder) / "recorded" / run.name;
  std::error_code error;
  if (!fs::exists(folder / "result.json", error)) {
    return failure("--recorded", session.say(LabWord::no_recorded, run.name));
  }
  return harness::read_run(folder.string());
}

/// Beside its place first, so that there is never half of an old result and half of a new one.
Result<void> keep(const Task& task, const harness::RunResult& result) {
  const std::string beside = task.folder + ".partial";
  std::error_code error;
  fs::remove_all(beside, error);
  fs::create_directories(beside, error);
  if (error) return failure(beside, "cannot be made: " + error.message());
  if (auto kept = keep_run(beside, result); !kept) return kept;
  fs::remove_all(task.folder, error);
  if (!error) fs::rename(beside, task.folder, error);
  if (error) return failure(task.folder, "cannot be replaced: " + error.message());
  return {};
}

/// Measures one run, or takes the one that was recorded.
Result<harness::RunResult> result_of(const LabSession& session, const Task& task,
                                     const net::Interrupt& interrupt) {
  if (session.flags.recorded) return recorded_result(session, *task.run);
  if (const auto enough = harness::check_limits(task.plan); !enough) {
    return tl::unexpected(enough.error());
  }
  report::ProgressLine progress(session.output.progress(), task.plan.scenario.repeat,
                                task.plan.transports.size(), task.run->name + ": ", &interrupt);
  return harness::run(task.plan, progress);
}

ExitCode run_task(const LabSession& session, const Task& task, const net::Interrupt& interrupt) {
  if (task.is_there) {
    session.output.note(session.say(LabWord::has_result, task.run->name));
    return kGood;
  }
  const auto result = result_of(session, task, interrupt);
  // An interrupted or invalid one never takes the place of one that counts.
  const bool stays = result && !result->valid() && has_valid(task.folder);
  Result<void> kept;
  if (!result) {
    kept = tl::unexpected(result.error());
  } else if (!stays) {
    kept = keep(task, *result);
  }
  if (!kept) {
    complain("lab", kept.error(), kBroke);
    return kBroke;
  }
  for (const std::string& reason : report::invalid_reasons(*result)) {
    session.output.error(session.say(LabWord::invalid, task.run->name, reason));
  }
  session.output.note(stays ? session.say(LabWord::result_stays, task.run->name)
                            : session.say(LabWord::result_kept, task.run->name, task.folder));
  return exit_code_of(*result);
}

/// The student's plain result of a run; nothing if it cannot be compared.
std::optional<harness::RunResult> plain_result(const LabSession& session, const LabRun& run) {
  if (!has_result(session, run.name)) return std::nullopt;
  auto result = harness::read_run(session.run_folder(run.name));
  return result ? std::optional(std::move(*result)) : std::nullopt;
}

/// Whether a figure is of one of the runs that were turned.
bool is_turned(const harness::LabExpression& figure, const std::vector<Task>& tasks) {
  for (const Task& task : tasks) {
    const auto of_it = [&task](const harness::LabOperand& operand) {
      return operand.run == task.run->name;
    };
    if (std::any_of(figure.operands.begin(), figure.operands.end(), of_it)) return true;
  }
  return false;
}

/// The questions' figures before and after a knob was turned, of those runs that have both.
std::string turned_table(const LabSession& session, const std::vector<Task>& tasks) {
  constexpr std::array<std::size_t, 3> kWidths{32, 16, 16};
  report::LabResults plain;
  report::LabResults turned;
  for (const LabRun& run : session.lab.runs) {
    auto before = plain_result(session, run);
    if (!before) continue;
    plain.push_back({&run, std::move(*before)});
    const auto task = std::find_if(tasks.begin(), tasks.end(),
                                   [&run](const Task& each) { return each.run == &run; });
    auto after = task == tasks.end() ? harness::read_run(session.run_folder(run.name))
                                     : harness::read_run(task->folder);
    if (after) turned.push_back({&run, std::move(*after)});
  }
  std::string text = report::table_line(std::array{session.say(LabWord::knob_question),
                                                   session.say(LabWord::knob_plain),
                                                   session.say(LabWord::knob_turned)},
                                        kWidths) +
                     "\n";
  for (const harness::LabQuestion& question : session.lab.questions) {
    if (!is_turned(question.figure, tasks)) continue;
    const auto before = report::measured(question.figure, plain);
    const auto after = report::measured(question.figure, turned);
    if (!before || !after) continue;
    const harness::Dimension& dimension = question.figure.dimension;
    text += report::table_line(
                std::array{question.id,
                           report::quantity_text(dimension, before->median, session.language),
                           report::quantity_text(dimension, after->median, session.language)},
                kWidths) +
            "\n";
  }
  return text;
}

/// Figures are for those who have seen the plain ones.
void show_turned(const LabSession& session, const std::vector<Task>& tasks) {
  if (is_revealed(session)) {
    session.output.table("\n" + turned_table(session, tasks));
  } else {
    session.output.note(session.say(LabWord::knob_later, session.lab.number));
  }
}

}  // namespace

int run_lab(const LabSession& session) {
  const net::Interrupt interrupt;
  const auto prediction = read_prediction(session);
  if (!prediction) return complain("lab", prediction.error(), kBroke);
  if (!prediction->has_value() && !session.flags.without_prediction) {
    return complain("lab", {"run", session.say(LabWord::needs_prediction, session.lab.number)},
                    kWrongUsage);
  }
  const auto tasks = plan_tasks(session);
  if (!tasks) return complain("lab", tasks.error(), kWrongUsage);
  ExitCode code = kGood;
  for (const Task& task : *tasks) {
    code = worse(code, run_task(session, task, interrupt));
    if (interrupt.asked() || code == kBroke) break;
  }
  if (code == kGood && !session.flags.set.empty()) {
    show_turned(session, *tasks);
  } else if (code == kGood) {
    session.output.note(session.say(LabWord::next_command, session.command("reveal")));
  }
  return interrupted_or(code, interrupt.asked());
}

}  // namespace pushbench::cli

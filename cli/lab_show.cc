#include "cli/lab_show.h"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <filesystem>

#include "cli/command.h"
#include "report/columns.h"

namespace pushbench::cli {

namespace fs = std::filesystem;

using report::LabWord;

namespace {

template <class... Args>
std::string heading(const LabSession& session, LabWord word, const Args&... args) {
  return fmt::format("\n{}:\n", session.say(word, args...));
}

/// Where the lesson's text is; empty where there is none, as beside an installed program.
std::string lesson_of(const LabSession& session) {
  const auto& lesson = session.lab.lesson;
  if (!lesson) return "";
  const fs::path path =
      fs::path(session.lab.folder) / report::in_language(*lesson, session.language);
  std::error_code error;
  if (!fs::exists(path, error)) return "";
  return session.say(LabWord::lesson, path.lexically_normal().string()) + "\n";
}

/// In whole seconds, begun ones too: nobody is told less than it takes.
std::string seconds_text(const LabSession& session, net::Duration time) {
  return session.say(LabWord::seconds, std::chrono::ceil<std::chrono::seconds>(time).count());
}

/// Each run with the time that its plan takes. Fails where a run cannot be planned.
Result<std::string> runs_of(const LabSession& session) {
  std::string text;
  net::Duration all{};
  for (const harness::LabRun& run : session.lab.runs) {
    const auto plan = plan_lab_run(session.lab, run, {});
    if (!plan) return tl::unexpected(plan.error());
    const net::Duration time = harness::planned_time(*plan);
    all += time;
    std::string line = fmt::format("  {} ({}): {}, {}", run.name, seconds_text(session, time),
                                   run.scenario, fmt::join(run.transports, ", "));
    if (!run.set.empty()) line += fmt::format("; {}", fmt::join(run.set, ", "));
    text += report::wrapped(line, 4);
  }
  return heading(session, LabWord::runs_head, seconds_text(session, all)) + text;
}

std::string questions_of(const LabSession& session) {
  std::string text = heading(session, LabWord::questions_head);
  for (const harness::LabQuestion& question : session.lab.questions) {
    text += report::wrapped(
        fmt::format("  {}: {}", question.id, report::in_language(question.ask, session.language)),
        4);
  }
  return text;
}

struct Step {
  const char* name;
  LabWord says;
  bool done;
};

std::string steps_of(const LabSession& session, const std::array<Step, 4>& steps) {
  std::string text = heading(session, LabWord::steps_head);
  bool is_next = true;
  for (const Step& step : steps) {
    const char* const mark = step.done ? "x" : is_next ? ">" : " ";
    if (!step.done) is_next = false;
    text += report::wrapped(
        fmt::format("  {} {:<25}{}", mark, session.command(step.name), session.say(step.says)), 29);
  }
  return text;
}

std::string knob_of(const LabSession& session) {
  const harness::LabKnob& knob = *session.lab.knob;
  std::string text = heading(session, LabWord::knob_head);
  text += report::wrapped("  " + report::in_language(knob.ask, session.language), 2);
  return text + fmt::format("  {} --run {} --set {}\n", session.command("run"), knob.run, knob.set);
}

}  // namespace

int show_lab(const LabSession& session) {
  const auto prediction = read_prediction(session);
  if (!prediction) return complain("lab", prediction.error(), kBroke);
  const auto runs = runs_of(session);
  if (!runs) return complain("lab", runs.error(), kWrongUsage);
  const harness::Lab& lab = session.lab;
  bool all_run = true;
  for (const harness::LabRun& run : lab.runs) all_run = all_run && has_result(session, run.name);
  const bool revealed = is_revealed(session);
  std::string text = report::wrapped(
      session.say(LabWord::title, lab.number, report::in_language(lab.title, session.language)), 0);
  text +=
      session.say(LabWord::times, lab.minutes, report::span_text(lab.runs_take, session.language)) +
      "\n" + lesson_of(session);
  text += *runs + questions_of(session);
  // Whether a check held is not kept: it is the last step, and may be repeated.
  text += steps_of(session, {Step{"predict", LabWord::step_predict, prediction->has_value()},
                             Step{"run", LabWord::step_run, all_run},
                             Step{"reveal", LabWord::step_reveal, all_run && has_reveal(session)},
                             Step{"check", LabWord::step_check, false}});
  if (lab.knob && revealed) text += knob_of(session);
  session.output.table(text);
  return kGood;
}

}  // namespace pushbench::cli

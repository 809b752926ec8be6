#include "cli/lab.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>

#include "cli/command.h"
#include "cli/lab_predict.h"
#include "cli/lab_reveal.h"
#include "cli/lab_run.h"
#include "cli/lab_show.h"
#include "cli/shipped.h"
#include "clients/registry.h"
#include "report/columns.h"

namespace pushbench::cli {

using report::LabWord;
using report::Language;

namespace {

constexpr const char* kExamples =
    "pushbench lab\n"
    "    The labs of the course\n"
    "pushbench lab 2\n"
    "    What lab 2 asks for, and which step is next\n"
    "pushbench lab 2 predict\n"
    "    Asks what you expect; then run, reveal and check in its place\n"
    "pushbench lab 2 run --recorded\n"
    "    Takes the course's own results instead of measuring\n";

constexpr const char* kPredict = "predict";
constexpr const char* kRun = "run";
constexpr const char* kReveal = "reveal";
constexpr const char* kCheck = "check";

/// What each step is; without one the lab is shown.
struct Step {
  const char* name;
  int (*go)(const LabSession& session);
};
constexpr std::array kSteps{Step{"", show_lab}, Step{kPredict, predict_lab}, Step{kRun, run_lab},
                            Step{kReveal, reveal_lab}, Step{kCheck, check_lab}};

std::vector<std::string> all_transports() {
  const auto names = clients::transport_names();
  return {names.begin(), names.end()};
}

std::string_view variable(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

}  // namespace

Lab::Lab(CLI::App& app)
    : command_(app.add_subcommand("lab", "Predict, measure and explain: the labs of the course")) {
  command_->footer(kExamples);
  command_->add_option("lab", number_, "The lab's number; without it: list")
      ->type_name("LAB")
      ->group(kWhatToRun);
  command_->add_option("step", step_, "What to do; without it: say what is next")
      ->check(CLI::IsMember({kPredict, kRun, kReveal, kCheck}))
      ->type_name("STEP")
      ->group(kWhatToRun);
  add_step_flags();
  command_->add_option("--lang", language_, "Language")
      ->check(CLI::IsMember({"en", "ru"}))
      ->default_str("by LC_ALL, LC_MESSAGES or LANG")
      ->type_name("LANGUAGE")
      ->group(kOutput);
  command_->add_option("--dir", dir_, "Folder for the student's files")
      ->capture_default_str()
      ->type_name("FOLDER")
      ->group(kOutput);
}

void Lab::add_step_flags() {
  command_->add_option("--answer", flags_.answers, "predict: this answer, and asks nothing")
      ->expected(1)
      ->take_all()
      ->type_name("ID=VALUE")
      ->group(kWhatToRun);
  command_->add_option("--run", flags_.runs, "run: only this one of the lab's runs")
      ->expected(1)
      ->take_all()
      ->type_name("NAME")
      ->group(kWhatToRun);
  auto* const recorded =
      command_->add_flag("--recorded", flags_.recorded, "run: take the course's own results")
          ->group(kWhatToRun);
  command_->add_flag("--again", flags_.again, "predict, run: replace what is there already")
      ->group(kWhatToRun);
  command_
      ->add_flag("--without-prediction", flags_.without_prediction,
                 "run: although nothing was predicted")
      ->group(kWhatToRun);
  add_overrides(*command_, flags_.set)
      ->description("run: another value for a key; kept beside the plain result, may be repeated")
      ->excludes(recorded);
}

/// Flags that only some steps have a use for.
Result<void> Lab::check_usage() const {
  struct Use {
    const char* flag;
    std::vector<std::string_view> steps;
  };
  const std::vector<Use> uses{{"--answer", {kPredict}}, {"--run", {kRun}},
                              {"--recorded", {kRun}},   {"--without-prediction", {kRun}},
                              {"--set", {kRun}},        {"--again", {kPredict, kRun}}};
  for (const Use& use : uses) {
    if (command_->count(use.flag) == 0) continue;
    if (std::find(use.steps.begin(), use.steps.end(), step_) != use.steps.end()) continue;
    return failure(use.flag, fmt::format("means something to {} only, as in pushbench lab 2 {}",
                                         fmt::join(use.steps, " and "), use.steps.front()));
  }
  return {};
}

/// As the flag says, or the environment: the first of its variables that is set counts.
Language Lab::language() const {
  if (const auto named = report::language_named(language_)) return *named;
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    if (!variable(name).empty()) return report::language_of_locale(variable(name));
  }
  return Language::en;
}

int Lab::list(Language language, const Output& output) const {
  constexpr std::array<std::size_t, 4> kWidths{5, 52, 9, 12};
  const auto line = [&](const std::array<std::string, 4>& cells) {
    return report::table_line(cells, kWidths, 2) + "\n";
  };
  std::string text = line(
      {report::say(language, LabWord::list_number), report::say(language, LabWord::list_title),
       report::say(language, LabWord::list_minutes), report::say(language, LabWord::list_runs)});
  const std::vector<std::uint64_t> numbers = harness::lab_numbers(labs_folder());
  if (numbers.empty()) {
    return complain("lab", {labs_folder(), "there are no labs in this folder"}, kBroke);
  }
  for (const std::uint64_t number : numbers) {
    const auto lab = harness::load_lab(labs_folder(), number, all_transports());
    if (!lab) return complain("lab", lab.error(), kBroke);
    text += line({std::to_string(number), report::in_language(lab->title, language),
                  std::to_string(lab->minutes), report::span_text(lab->runs_take, language)});
  }
  output.table(text);
  output.note("\n" + report::say(language, LabWord::list_next, numbers.front()));
  return kGood;
}

int Lab::run() {
  const Output output(*command_);
  const Language language = this->language();
  if (const auto usage = check_usage(); !usage) {
    return complain("lab", usage.error(), kWrongUsage);
  }
  if (!number_) return list(language, output);
  auto lab = harness::load_lab(labs_folder(), *number_, all_transports());
  if (!lab) return complain("lab", lab.error(), kWrongUsage);
  const std::string folder = (std::filesystem::path(dir_) / std::to_string(*number_)).string();
  const LabSession session{std::move(*lab), folder, language, output, flags_};
  const auto* const step = std::find_if(kSteps.begin(), kSteps.end(),
                                        [this](const Step& known) { return step_ == known.name; });
  return step->go(session);
}

}  // namespace pushbench::cli

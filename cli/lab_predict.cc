#include "cli/lab_predict.h"

#include <fmt/format.h>
#include <unistd.h>

#include <iostream>
#include <optional>
#include <string>

#include "cli/command.h"
#include "harness/machine.h"

namespace pushbench::cli {

using harness::LabQuestion;
using report::LabPrediction;
using report::LabWord;

namespace {

bool is_blank(const std::string& text) {
  return text.find_first_not_of(" \t\r") == std::string::npos;
}

/// What would be right, in the student's language.
std::string wrong_answer(const LabSession& session, const LabQuestion& question,
                         const std::string& text) {
  const harness::QuantityUnit& unit = *question.unit;
  if (unit.name.empty()) return session.say(LabWord::plain_wrong, text);
  const std::string behind = fmt::format("{}{}", unit.name[0] == '/' ? "" : " ", unit.name);
  return session.say(LabWord::answer_wrong, text, behind, harness::units_for(unit.dimension));
}

/// --answer ID=VALUE, as often as it was given; an empty value skips the question.
Result<void> take_flags(const LabSession& session, LabPrediction& prediction) {
  for (const std::string& answer : session.flags.answers) {
    const std::string where = "--answer " + answer;
    const std::size_t equals = answer.find('=');
    const std::string id = answer.substr(0, equals);
    const LabQuestion* const question = session.lab.question(id);
    if (question == nullptr) {
      std::vector<std::string> known;
      for (const LabQuestion& each : session.lab.questions) known.push_back(each.id);
      return failure(
          where, session.say(LabWord::no_such_question, fmt::format("{}", fmt::join(known, ", "))));
    }
    if (equals == std::string::npos) return failure(where, session.say(LabWord::answer_form, id));
    if (prediction.answers.contains(id)) {
      return failure(where, session.say(LabWord::answered_twice));
    }
    const std::string text = answer.substr(equals + 1);
    if (is_blank(text)) continue;
    const auto taken = report::take_answer(*question, text);
    if (!taken) return failure(where, wrong_answer(session, *question, text));
    prediction.answers[id] = *taken;
  }
  return {};
}

std::string asked(const LabSession& session, const LabQuestion& question, std::size_t number) {
  const std::string unit =
      question.unit->name.empty() ? "" : fmt::format(" [{}]", question.unit->name);
  return fmt::format("\n{}. {}{}\n   ", number, report::in_language(question.ask, session.language),
                     unit);
}

/// One line of stdin a question. Whoever types is asked again after a wrong answer; a file or pipe
/// is not. The end of stdin skips the rest.
Result<void> take_lines(const LabSession& session, LabPrediction& prediction) {
  const bool typed = isatty(STDIN_FILENO) == 1;
  if (typed) session.output.data(session.say(LabWord::ask_intro, session.lab.questions.size()));
  std::size_t number = 0;
  for (const LabQuestion& question : session.lab.questions) {
    ++number;
    while (true) {
      if (typed) session.output.data(asked(session, question, number) + "> ");
      std::fflush(stdout);
      std::string line;
      if (!std::getline(std::cin, line)) return {};
      if (is_blank(line)) break;
      const auto taken = report::take_answer(question, line);
      if (taken) {
        prediction.answers[question.id] = *taken;
        break;
      }
      const std::string wrong = wrong_answer(session, question, line);
      if (!typed) return failure(question.id, wrong);
      session.output.error("   " + wrong);
    }
  }
  return {};
}

}  // namespace

int predict_lab(const LabSession& session) {
  const bool revealed = is_revealed(session);
  if (revealed && !session.flags.again) {
    return complain("lab", {"predict", session.say(LabWord::revealed_already)}, kWrongUsage);
  }
  LabPrediction prediction;
  prediction.after_reveal = revealed;
  const auto taken = session.flags.answers.empty() ? take_lines(session, prediction)
                                                   : take_flags(session, prediction);
  if (!taken) return complain("lab", taken.error(), kWrongUsage);
  if (prediction.answers.empty()) {
    return complain("lab", {"predict", session.say(LabWord::nothing_predicted)}, kWrongUsage);
  }
  prediction.made = harness::utc_now();
  if (const auto kept = keep_prediction(session, prediction); !kept) {
    return complain("lab", kept.error(), kBroke);
  }
  std::string text;
  for (const LabQuestion& question : session.lab.questions) {
    const auto answer = prediction.answers.find(question.id);
    text += fmt::format("{}: {}\n", question.id,
                        answer == prediction.answers.end() ? "–" : answer->second);
  }
  session.output.data(text);
  if (prediction.after_reveal) session.output.note(session.say(LabWord::kept_after));
  session.output.note(session.say(LabWord::prediction_kept, session.folder + "/prediction.json"));
  session.output.note(session.say(LabWord::next_command, session.command("run")));
  return kGood;
}

}  // namespace pushbench::cli

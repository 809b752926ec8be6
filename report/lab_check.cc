#include "report/lab_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "report/columns.h"
#include "report/comparable.h"
#include "report/invalid.h"

namespace pushbench::report {

using harness::LabCheck;
using harness::LabCondition;
using harness::LabLack;
using harness::RunResult;
using harness::TransportResult;
using Outcome = CheckedLine::Outcome;

namespace {

constexpr std::string_view kOptions = "options of ";
constexpr std::string_view kSchedule = "schedule_hash";

std::vector<std::string> names_of(const RunResult& result) {
  std::vector<std::string> names;
  for (const TransportResult& transport : result.transports) names.push_back(transport.name);
  return names;
}

/// Users that are there all the time are as many as the schedule has.
Trait users_trait(const harness::RunPlan& plan, const RunResult& result) {
  const std::string planned = std::to_string(plan.schedule.users());
  Trait trait{"users.count", planned, planned};
  if (!plan.schedule.stays.empty()) return trait;
  for (const TransportResult& transport : result.transports) {
    for (const harness::Repetition& repetition : transport.repetitions) {
      if (repetition.users_asked == 0) continue;  // it was over before anybody joined
      trait.after = std::to_string(repetition.users_asked);
      return trait;
    }
  }
  return trait;
}

/// "transport.polling" for the options of polling, as scenarios have it.
std::string setting_name(const Trait& trait) {
  if (!trait.name.starts_with(kOptions)) return trait.name;
  return fmt::format("transport.{}", trait.name.substr(kOptions.size()));
}

/// What a schedule of another kind may come of: what the student set, or else nobody knows.
std::vector<std::string> schedule_changes(const LabResult& student, const harness::RunPlan& plan,
                                          Language language) {
  const std::string& run = student.run->name;
  std::vector<std::string> lines;
  for (const std::string& set : student.result.overrides) {
    const auto& known = plan.overrides;
    if (std::find(known.begin(), known.end(), set) != known.end()) continue;
    lines.push_back(say(language, LabWord::other_set, run, set));
  }
  if (lines.empty()) lines.push_back(say(language, LabWord::other_schedule, run));
  return lines;
}

/// What differs from the lab's own run. That the schedule does is told only where nothing else says
/// why.
std::vector<std::string> changes(const LabResult& student, const harness::RunPlan& plan,
                                 Language language) {
  const RunResult lab = harness::begin_result(plan);
  std::vector<Trait> traits = question_of(lab, student.result);
  traits.push_back(users_trait(plan, student.result));
  std::vector<std::string> lines;
  bool other_schedule = false;
  for (const Trait& trait : traits) {
    if (trait.before == trait.after) continue;
    if (trait.name == kSchedule) {
      other_schedule = true;
      continue;
    }
    lines.push_back(say(language, LabWord::other_setting, student.run->name, setting_name(trait),
                        trait.after, trait.before));
  }
  return lines.empty() && other_schedule ? schedule_changes(student, plan, language) : lines;
}

std::string figures_text(const LabCondition& says, double left, double right, Language language) {
  static constexpr std::array kSigns{"<", "<=", ">", ">="};
  harness::Dimension dimension = says.left.dimension;
  dimension.share = dimension.share || says.right.dimension.share;
  const std::string first = quantity_text(dimension, left, language);
  const std::string second = quantity_text(dimension, right, language);
  if (says.sense != LabCondition::Sense::within) {
    return fmt::format("{} {} {}", first, kSigns[static_cast<std::size_t>(says.sense)], second);
  }
  const double apart = right == 0 ? 0 : std::abs(left - right) / std::abs(right);
  return say(language, LabWord::share_off, first, second,
             quantity_text({0, 0, true}, apart, language));
}

/// A prediction that was not made leaves the line out; a figure that is not there does not.
CheckedLine lacking(const LabCheck& check, const LabLack& lack, Language language) {
  if (lack.is_prediction) {
    return {&check, Outcome::not_checked, say(language, LabWord::lacks_prediction, lack.operand)};
  }
  const std::string why = lack.operand.empty() ? say(language, LabWord::lacks_divisor)
                                               : say(language, LabWord::lacks_figure, lack.operand);
  return {&check, Outcome::off, why};
}

CheckedLine checked(const LabCheck& check, const harness::LabFigures& figures, Language language) {
  const auto left = check.says.left.value(figures);
  if (!left) return lacking(check, left.error(), language);
  const auto right = check.says.right.value(figures);
  if (!right) return lacking(check, right.error(), language);
  return {&check, check.says.holds(*left, *right) ? Outcome::holds : Outcome::off,
          figures_text(check.says, *left, *right, language)};
}

LabWord word_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::holds:
      return LabWord::holds;
    case Outcome::off:
      return LabWord::off;
    case Outcome::not_checked:
      return LabWord::not_checked;
  }
  return LabWord::off;
}

auto count_of(const std::vector<CheckedLine>& lines, Outcome outcome) {
  return std::count_if(lines.begin(), lines.end(),
                       [outcome](const CheckedLine& line) { return line.outcome == outcome; });
}

/// The last line: how many are off, and how many nobody knows of.
std::string sum_text(const std::vector<CheckedLine>& lines, Language language) {
  const auto off = count_of(lines, Outcome::off);
  const auto skipped = count_of(lines, Outcome::not_checked);
  if (off > 0) {
    const std::string text = say(language, LabWord::some_off, off, lines.size());
    return skipped == 0 ? text : text + " " + say(language, LabWord::so_many_skipped, skipped);
  }
  if (skipped == 0) return say(language, LabWord::all_hold);
  if (count_of(lines, Outcome::holds) == 0) return say(language, LabWord::none_checked, skipped);
  return say(language, LabWord::checked_hold, skipped, lines.size());
}

}  // namespace

std::vector<std::string> lab_problems(const LabResult& student, const harness::RunPlan& plan,
                                      Language language) {
  const std::string& run = student.run->name;
  const RunResult& result = student.result;
  std::vector<std::string> lines;
  if (result.outcome != harness::Outcome::complete) {
    lines.push_back(say(language, LabWord::unfinished, run, result.problem));
  }
  for (const std::string& reason : invalid_reasons(result)) {
    lines.push_back(say(language, LabWord::invalid, run, reason));
  }
  const std::vector<std::string> names = names_of(result);
  if (names != plan.transports) {
    lines.push_back(say(language, LabWord::other_transports, run,
                        fmt::format("{}", fmt::join(names, ", ")),
                        fmt::format("{}", fmt::join(plan.transports, ", "))));
  }
  for (std::string& line : changes(student, plan, language)) lines.push_back(std::move(line));
  return lines;
}

std::vector<CheckedLine> check_lab(const harness::Lab& lab, const harness::LabFigures& figures,
                                   Language language) {
  std::vector<CheckedLine> lines;
  for (const LabCheck& check : lab.checks) lines.push_back(checked(check, figures, language));
  return lines;
}

bool all_hold(const std::vector<CheckedLine>& lines) {
  return std::none_of(lines.begin(), lines.end(),
                      [](const CheckedLine& line) { return line.outcome == Outcome::off; });
}

std::string check_text(const std::vector<CheckedLine>& lines, Language language) {
  std::size_t width = 0;
  for (const Outcome each : {Outcome::holds, Outcome::off, Outcome::not_checked}) {
    width = std::max(width, columns(text_of(word_of(each), language)) + 2);
  }
  const std::string indent(width, ' ');
  std::string text;
  for (const CheckedLine& line : lines) {
    const std::string word = left(text_of(word_of(line.outcome), language), width);
    text += wrapped(word + line.check->says.text, width);
    text += wrapped(indent + line.figures, width);
    if (line.outcome != Outcome::off) continue;
    text += wrapped(indent + say(language, LabWord::hint, in_language(line.check->hint, language)),
                    width);
  }
  return text + "\n" + wrapped(sum_text(lines, language), 0);
}

}  // namespace pushbench::report

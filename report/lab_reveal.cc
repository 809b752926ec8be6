#include "report/lab_reveal.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "report/columns.h"

namespace pushbench::report {

namespace {

constexpr std::array<std::size_t, 5> kColumns{22, 13, 12, 12, 21};
constexpr double kBar = 32;  // columns of the longest
constexpr std::size_t kIndent = 3;
constexpr const char* kNone = "–";

std::string text_or_none(const RevealedQuestion& row, const std::optional<double>& value,
                         Language language) {
  return value ? quantity_text(row.question->figure.dimension, *value, language) : kNone;
}

/// The head of the intervals' column; empty where a single repetition has none.
std::string interval_head(const Reveal& reveal) {
  std::size_t most = 0;
  for (const RevealedQuestion& row : reveal.questions) most = std::max(most, row.repetitions);
  if (most < 2) return "";
  return say(reveal.language, most < kFewestForInterval ? LabWord::least_most : LabWord::interval);
}

std::string line_of(const std::array<std::string, 5>& cells) {
  std::string line = table_line(cells, kColumns);
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

std::string table_of(const Reveal& reveal) {
  const Language language = reveal.language;
  std::string text = line_of({"", say(language, LabWord::predicted), say(language, LabWord::theory),
                              say(language, LabWord::measured), interval_head(reveal)});
  std::size_t number = 0;
  for (const RevealedQuestion& row : reveal.questions) {
    const std::string head = fmt::format("{} {}", ++number, row.question->id);
    text += line_of({left_cut(head, kColumns[0]), text_or_none(row, row.predicted, language),
                     text_or_none(row, row.theory, language),
                     text_or_none(row, row.median(), language), interval_text(row, language)});
  }
  return text;
}

/// Told apart by their shading, also where there are no colours.
struct Bar {
  LabWord word;
  std::string_view shade;
};
constexpr Bar kPredicted{LabWord::predicted, "░"};
constexpr Bar kTheory{LabWord::theory, "▒"};
constexpr Bar kMeasured{LabWord::measured, "█"};

std::string bar_line(const Bar& bar, const RevealedQuestion& row,
                     const std::optional<double>& value, Language language) {
  std::size_t label = 0;
  for (const Bar& each : {kPredicted, kTheory, kMeasured}) {
    label = std::max(label, columns(text_of(each.word, language)) + 2);
  }
  std::string line(kIndent, ' ');
  line += left(text_of(bar.word, language), label);
  if (!value) return line + kNone + "\n";
  const long length = std::lround(*value / scale_of(row) * kBar);
  for (long i = 0; i < length; ++i) line += bar.shade;
  if (length == 0) line += "▏";
  return fmt::format("{}  {}\n", line,
                     quantity_text(row.question->figure.dimension, *value, language));
}

std::string bars_of(const RevealedQuestion& row, Language language) {
  return bar_line(kPredicted, row, row.predicted, language) +
         bar_line(kTheory, row, row.theory, language) +
         bar_line(kMeasured, row, row.median(), language);
}

}  // namespace

Reveal reveal_lab(const harness::Lab& lab, const LabResults& results,
                  const LabPrediction* prediction, Language language) {
  Reveal reveal{&lab, language, prediction, {}, {}};
  for (const harness::LabQuestion& question : lab.questions) {
    RevealedQuestion row{&question,
                         {},
                         theory(question.figure, results),
                         measured(question.figure, results),
                         repetitions_of(question.figure, results)};
    if (prediction != nullptr) row.predicted = prediction->answer(question);
    reveal.questions.push_back(row);
  }
  return reveal;
}

std::string source_line(const LabResult& student, LabOrigin origin, Language language) {
  const harness::Context& context = student.result.context;
  const LabWord word = origin == LabOrigin::recorded ? LabWord::recorded
                       : origin == LabOrigin::here   ? LabWord::here
                                                     : LabWord::elsewhere;
  return say(language, word, student.run->name, context.date, context.machine.cpu);
}

std::string prediction_line(const Reveal& reveal) {
  const Language language = reveal.language;
  if (reveal.prediction == nullptr) return say(language, LabWord::made_not);
  return say(language, reveal.prediction->after_reveal ? LabWord::made_after : LabWord::made,
             reveal.prediction->made);
}

std::string interval_text(const RevealedQuestion& row, Language language) {
  if (!row.measured || row.repetitions < 2) return "";
  const harness::Dimension& dimension = row.question->figure.dimension;
  return fmt::format("{}–{}", quantity_text(dimension, row.measured->low, language),
                     quantity_text(dimension, row.measured->high, language));
}

std::string verdict_text(const RevealedQuestion& row, Language language) {
  if (!row.measured) return say(language, LabWord::no_figure);
  const double measured = row.measured->median;
  const std::string predicted = row.predicted
                                    ? say(language, LabWord::your_prediction,
                                          distance_text(*row.predicted, measured, language))
                                    : say(language, LabWord::no_prediction);
  if (!row.theory) return predicted;
  return predicted + " " +
         say(language, LabWord::theory_is, distance_text(*row.theory, measured, language));
}

double scale_of(const RevealedQuestion& row) {
  double most = 0;
  for (const std::optional<double>& value : {row.predicted, row.theory}) {
    if (value) most = std::max(most, *value);
  }
  if (row.measured) most = std::max(most, row.measured->high);
  return most > 0 ? most : 1;
}

std::string reveal_text(const Reveal& reveal) {
  const Language language = reveal.language;
  const harness::Lab& lab = *reveal.lab;
  std::string text =
      wrapped(say(language, LabWord::title, lab.number, in_language(lab.title, language)), 0);
  text += wrapped(prediction_line(reveal), 0);
  for (const std::string& line : reveal.sources) text += wrapped(line, 2);
  text += '\n';
  text += table_of(reveal);
  std::size_t number = 0;
  for (const RevealedQuestion& row : reveal.questions) {
    const std::string& ask = in_language(row.question->ask, language);
    text += '\n';
    text += wrapped(fmt::format("{}. {}", ++number, ask), kIndent);
    text += bars_of(row, language);
    text += wrapped(std::string(kIndent, ' ') + verdict_text(row, language), kIndent);
  }
  return text;
}

}  // namespace pushbench::report

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/lab.h"
#include "report/interval.h"
#include "report/lab_figures.h"
#include "report/lab_words.h"

namespace pushbench::report {

/// Where a lab's results come from.
enum class LabOrigin { here, elsewhere, recorded };

/// One question with its three answers, each nothing where there is none.
struct RevealedQuestion {
  const harness::LabQuestion* question;
  std::optional<double> predicted;  // in base units, as are the others
  std::optional<double> theory;
  std::optional<Interval> measured;
  std::size_t repetitions = 0;  // that it was measured in

  std::optional<double> median() const {
    return measured ? std::optional(measured->median) : std::nullopt;
  }
};

/// All that the picture of a lab shows.
struct Reveal {
  const harness::Lab* lab;
  Language language;
  const LabPrediction* prediction;   // null: none was made
  std::vector<std::string> sources;  // a line each: which results these are
  std::vector<RevealedQuestion> questions;
};

/// `prediction` may be null; all of it must outlive what is returned.
Reveal reveal_lab(const harness::Lab& lab, const LabResults& results,
                  const LabPrediction* prediction, Language language);

/// Which result a run's figures are from, in a line.
std::string source_line(const LabResult& result, LabOrigin origin, Language language);

/// What is said of the prediction above all answers.
std::string prediction_line(const Reveal& reveal);

/// Measured with its interval: "251 ms–253 ms"; empty for a single repetition.
std::string interval_text(const RevealedQuestion& question, Language language);

/// How far the prediction and the theory are off, in a sentence or two.
std::string verdict_text(const RevealedQuestion& question, Language language);

/// The largest of a question's values, which its bars are drawn to. Not 0.
double scale_of(const RevealedQuestion& question);

/// For a terminal: a table, and for each question its bars and how far off the prediction was.
std::string reveal_text(const Reveal& reveal);

}  // namespace pushbench::report

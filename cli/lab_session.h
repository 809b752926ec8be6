#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/exit_code.h"
#include "cli/output.h"
#include "harness/lab.h"
#include "harness/run.h"
#include "report/lab_figures.h"
#include "report/lab_reveal.h"
#include "report/lab_words.h"
#include "wire/result.h"

namespace pushbench::cli {

/// What the steps of a lab are told beside the lab.
struct LabFlags {
  std::vector<std::string> answers;  // ID=VALUE
  std::vector<std::string> runs;     // only these
  std::vector<std::string> set;      // KEY=VALUE
  bool again = false;
  bool recorded = false;
  bool without_prediction = false;
};

/// One lab with the student's files of it.
struct LabSession {
  harness::Lab lab;
  std::string folder;  // the student's: pushbench-lab/2
  report::Language language;
  const Output& output;
  LabFlags flags;

  /// A text in the student's language.
  template <class... Args>
  std::string say(report::LabWord word, const Args&... args) const {
    return report::say(language, word, args...);
  }
  /// "pushbench lab 2 run"
  std::string command(const std::string& step) const;
  std::string run_folder(const std::string& run) const;
};

// The student's files.

/// The prediction; nothing if there is none. Fails if it cannot be read, and names the step that
/// replaces it.
Result<std::optional<report::LabPrediction>> read_prediction(const LabSession& session);

/// Makes the folder where it is missing.
Result<void> keep_prediction(const LabSession& session, const report::LabPrediction& prediction);

// What of the student's files shows the figures: the reveal's page, and what the check said.
inline constexpr const char* kRevealPage = "reveal.html";
inline constexpr const char* kCheckText = "check.txt";

/// Whether there is the reveal's page.
bool has_reveal(const LabSession& session);

/// Whether the student has seen figures, by the reveal or the check: what they say from then on is
/// no prediction.
bool is_revealed(const LabSession& session);

/// Whether there is a result of that run.
bool has_result(const LabSession& session, const std::string& run);

/// A lab's run as it is to be, with `set` beside what the lab sets.
Result<harness::RunPlan> plan_lab_run(const harness::Lab& lab, const harness::LabRun& run,
                                      const std::vector<std::string>& set);

/// A student's results, and what is to be said of them.
struct StudentResults {
  report::LabResults results;
  std::vector<std::string> sources;   // a line each run: where its figures are from
  std::vector<std::string> problems;  // why they do not count; none: they do
};

/// Reads the result of every run of the lab and compares it with what the lab asks for. Fails if
/// one was not run yet.
Result<StudentResults> read_student(const LabSession& session);

/// Says why the results do not count, and what helps.
ExitCode complain_of(const LabSession& session, const std::vector<std::string>& problems);

}  // namespace pushbench::cli

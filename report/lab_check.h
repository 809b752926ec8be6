#pragma once

#include <string>
#include <vector>

#include "harness/lab.h"
#include "harness/result.h"
#include "harness/run.h"
#include "report/lab_figures.h"
#include "report/lab_words.h"

namespace pushbench::report {

/// Why a result does not count in a lab, a line each: it is invalid or not complete, or not of what
/// the lab has the run do, with the settings that differ. `plan` is that of the lab's run.
std::vector<std::string> lab_problems(const LabResult& result, const harness::RunPlan& plan,
                                      Language language);

/// One of a lab's checks on a student's figures.
struct CheckedLine {
  enum class Outcome { holds, off, not_checked };

  const harness::LabCheck* check;
  Outcome outcome = Outcome::off;
  std::string figures;  // "504 ms > 153 ms", or why there are none
};

std::vector<CheckedLine> check_lab(const harness::Lab& lab, const harness::LabFigures& figures,
                                   Language language);

/// Whether no line is off.
bool all_hold(const std::vector<CheckedLine>& lines);

/// The lines for a terminal; the hint below what is off, and a last line that sums up.
std::string check_text(const std::vector<CheckedLine>& lines, Language language);

}  // namespace pushbench::report

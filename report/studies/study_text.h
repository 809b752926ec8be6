#pragma once

#include <string>

#include "report/studies/study.h"

namespace pushbench::report {

/// A line each: name, claim and source.
std::string study_list();

/// What one study comes to, for a terminal of 80 columns: its claim, a row a figure with published,
/// arithmetic, measured and difference, and the words.
std::string study_text(const Study& study, const StudyFindings& findings);

/// The same as JSON, with bare numbers. `folders` are the runs' results, in the steps' order.
std::string study_json(const Study& study, const StudyFindings& findings,
                       const std::vector<StudyRun>& runs, const std::vector<std::string>& folders);

}  // namespace pushbench::report

#pragma once

#include "cli/lab_session.h"

namespace pushbench::cli {

/// `pushbench lab 2 reveal`: prediction, theory and measurement, printed and as reveal.html.
/// Returns the exit code.
int reveal_lab(const LabSession& session);

/// `pushbench lab 2 check`: whether the student's results hold what the lab says, printed and as
/// check.txt. Returns the exit code: 3 if something is off, 4 if the results do not count.
int check_lab(const LabSession& session);

}  // namespace pushbench::cli

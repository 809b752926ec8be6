#pragma once

#include "cli/lab_session.h"

namespace pushbench::cli {

/// `pushbench lab 2 predict`: asks the questions, or takes --answer, and keeps what was said.
/// Refused once the figures were revealed, unless --again marks it so. Returns the exit code.
int predict_lab(const LabSession& session);

}  // namespace pushbench::cli

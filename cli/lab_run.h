#pragma once

#include "cli/lab_session.h"

namespace pushbench::cli {

/// `pushbench lab 2 run`: measures the lab's runs one after the other, or takes the recorded ones.
/// Those that are there already stay, unless --again replaces them by valid ones. With --set they
/// are kept beside the plain ones. Returns the exit code.
int run_lab(const LabSession& session);

}  // namespace pushbench::cli

#pragma once

#include "cli/lab_session.h"

namespace pushbench::cli {

/// `pushbench lab 2`: what to do, what of it is done, and which step is next.
int show_lab(const LabSession& session);

}  // namespace pushbench::cli

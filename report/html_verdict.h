#pragma once

#include <string>

#include "harness/result.h"

namespace pushbench::report {

/// The verdict as a table, a row a measure with its winner marked, and as sentences. Above it what
/// makes the figures not count, where something does.
std::string verdict_part(const harness::RunResult& result);

/// Why a run's figures do not count, which limits it failed and how it ended; "" if all is well.
std::string banner(const harness::RunResult& result);

}  // namespace pushbench::report

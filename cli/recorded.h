#pragma once

#include <string>

#include "harness/result.h"
#include "wire/result.h"

namespace pushbench::cli {

/// The run that a user names: its folder, or its result.json. The error of a folder of a sweep, a
/// search or a study says what it holds, and what of it can be read.
Result<harness::RunResult> recorded_run(const std::string& path);

}  // namespace pushbench::cli

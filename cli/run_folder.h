#pragma once

#include <string>

#include "harness/result.h"
#include "wire/result.h"

namespace pushbench::cli {

/// A folder for one run: `out`, or a new one, results/NAME-TIME. Refused if any of the files that
/// keep_run() writes is in it already, or if nothing can be written there.
Result<std::string> make_run_folder(const std::string& out, const std::string& name);

/// Writes a run's files, each whole or not at all: result.json and latency.hlog first, since all
/// others can be made of them. The error says which file failed first, why, and what was kept: the
/// rest is tried all the same.
Result<void> keep_run(const std::string& folder, const harness::RunResult& result);

/// What is said at the end: where the result of a run is, and the page that shows it.
std::string where_kept(const std::string& folder);

}  // namespace pushbench::cli

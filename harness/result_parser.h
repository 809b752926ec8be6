#pragma once

#include <string>

#include "harness/json_place.h"
#include "harness/result.h"
#include "wire/result.h"

namespace pushbench::harness {

/// A result.json that is JSON, and of the schema that this version writes. The error says which of
/// it does not hold; `path` only names the file.
Result<JsonPlace::Json> parse_result_text(const std::string& text, const std::string& path);

/// All that to_json() writes of a run, but for its histograms: they are in the log beside it.
/// Figures that follow from others are not looked at. The error names the file and the place.
Result<RunResult> take_run(const JsonPlace::Json& json, const std::string& path);

}  // namespace pushbench::harness

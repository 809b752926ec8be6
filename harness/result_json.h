#pragma once

#include <string>

#include "harness/result.h"

namespace pushbench::harness {

/// result.json, by docs/result.schema.json: indented, with a newline at its end.
std::string to_json(const RunResult& result);

}  // namespace pushbench::harness

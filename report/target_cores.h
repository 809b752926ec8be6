#pragma once

#include <string>

#include "harness/result.h"

namespace pushbench::report {

/// What a reader must know where targets could run on other cores than our own server, above all on
/// the harness's, whose users then wait for them: one line of text, or nothing.
std::string target_cores_note(const harness::RunResult& result);

}  // namespace pushbench::report

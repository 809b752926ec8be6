#pragma once

#include <string>

#include "harness/result.h"

namespace pushbench::report {

/// A result as a run of four transports gives it, from fixed seeds, for what is made of results.
/// `name` is put wherever a user's own words come into a result.
harness::RunResult made_result(const std::string& name);

}  // namespace pushbench::report

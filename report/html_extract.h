#pragma once

#include <string>

#include "wire/result.h"

namespace pushbench::report {

/// What a report carries along, byte for byte.
struct Extracted {
  std::string result;  // result.json
  std::string log;     // latency.hlog
};

/// Takes the result out of a run's report.html. The error says what is wrong: not a report, one
/// that was cut off, or one without a run in it. `path` only names it.
Result<Extracted> extract(const std::string& page, const std::string& path);

}  // namespace pushbench::report

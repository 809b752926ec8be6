#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/result.h"

namespace pushbench::report {

/// A form in which a result can be had.
struct Format {
  std::string_view name;  // "md"
  std::string_view file;  // in a run's folder: "report.md"; "" if it is only printed
  std::string (*text)(const harness::RunResult&);
};

/// Each form, those that are files first.
const std::vector<Format>& formats();

/// A result in the form of that name, which there is.
std::string in_format(std::string_view name, const harness::RunResult& result);

}  // namespace pushbench::report

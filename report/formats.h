#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/result.h"
#include "wire/result.h"

namespace pushbench::report {

/// A form in which a result can be had.
struct Format {
  std::string_view name;  // "md"
  std::string_view file;  // in a run's folder: "report.md"; "" if it is only printed
  std::string_view meaning;
  std::string (*text)(const harness::RunResult&);
};

/// Each form, those that are files first.
const std::vector<Format>& formats();

/// "html, md, …": for help and errors.
std::string format_names();

/// The format of that name, which lives as long as the program. The error names the nearest.
Result<const Format*> parse_format(std::string_view name);

}  // namespace pushbench::report

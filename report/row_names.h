#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/result.h"

namespace pushbench::report {

/// How wide row names get in a table for the terminal.
inline constexpr std::size_t kRowName = 13;

/// How such a table, written from top to bottom, names a result's columns, which are its rows: a
/// transport of our own server by its name; those of a target by theirs, set in, below a line with
/// the target's name.
class RowNames {
 public:
  /// The line above the row, if it is the first of another target; else nothing. `indent` is how
  /// far in the names begin.
  std::string heading(const std::optional<harness::TargetResult>& target, std::size_t indent = 0);
  /// No wider than kRowName.
  static std::string name(const std::optional<harness::TargetResult>& target,
                          std::string_view transport);

 private:
  std::string last_;
};

/// The targets whose CPU and memory were not measured, by name.
std::vector<std::string> unmeasured_targets(const harness::RunResult& result);

/// "nchan, at http://127.0.0.1:8090", with its dialect where that is another word.
std::string target_words(const harness::TargetResult& target);

}  // namespace pushbench::report

#pragma once

#include <CLI/CLI.hpp>
#include <span>
#include <string>
#include <vector>

#include "harness/run.h"
#include "wire/result.h"

namespace pushbench::cli {

/// What a run measures.
struct Columns {
  std::vector<std::string> transports;   // of our own server
  std::vector<harness::Target> targets;  // with what is measured of each
};

/// The flags by which a run measures servers that somebody else started, next to our own.
class TargetOptions {
 public:
  void add_to(CLI::App& command);
  bool any() const { return !targets_.empty(); }

  /// Those columns that --transport asks for, `asked`, of our own server and of the targets; all of
  /// them if it asks for none. Looks names up. The error names the flag that is wrong.
  Result<Columns> choose(const std::vector<std::string>& asked) const;

 private:
  CLI::Option* add(CLI::App& command, const std::string& flag, std::vector<std::string>& into,
                   const std::string& meaning);
  Result<std::vector<harness::Target>> targets() const;
  Result<void> add_processes(std::vector<harness::Target>& targets) const;

  std::vector<std::string> targets_;
  std::vector<std::string> processes_;
  bool only_ = false;
};

/// Makes them a plan's. The error says which of them its scenario does not go with.
Result<void> add_columns(const Columns& columns, harness::RunPlan& plan);

/// What of the plans' scenarios targets do not know of, a line each.
std::vector<std::string> notes_on_targets(std::span<const harness::RunPlan> plans);

/// Complains of what is wrong with a target, in a line each, for those who take another form of the
/// result than the table. `where`: which of several results it is, or "".
void name_faulty_targets(const harness::RunResult& result, const std::string& where = {});

}  // namespace pushbench::cli

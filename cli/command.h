#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/exit_code.h"
#include "cli/files.h"
#include "cli/tree.h"
#include "cli/usage.h"
#include "harness/capacity.h"
#include "harness/result_json.h"
#include "harness/scenario.h"
#include "harness/search_json.h"
#include "harness/varied_key.h"
#include "wire/result.h"

namespace pushbench::cli {

// What the commands that run a scenario have in common.

/// One line on stderr, with the command's name; for wrong usage also with the command to type next.
/// Returns the code.
int complain(const std::string& command, const Error& error, ExitCode code);

/// The transports asked for, in the order of a run; all of them if none is asked for.
Result<std::vector<std::string>> chosen_transports(const std::vector<std::string>& asked);

ExitCode exit_code_of(const harness::RunResult& result, bool allow_invalid = false);

/// The worse of two: interrupted, broke, invalid, a threshold failed, good.
ExitCode worse(ExitCode a, ExitCode b);

/// A user who wanted it to end is told so, though all was measured by then.
inline ExitCode interrupted_or(ExitCode code, bool asked) { return asked ? kInterrupted : code; }

/// The word SCENARIO, which must be there.
CLI::Option* add_scenario(CLI::App& command, std::string& scenario);

/// --transport, for chosen_transports().
CLI::Option* add_transports(CLI::App& command, std::vector<std::string>& transports);

/// --set KEY=VALUE, as often as one likes.
CLI::Option* add_overrides(CLI::App& command, std::vector<std::string>& overrides);

/// --seed, which takes 0 to 2^64 - 1 and nothing else.
void add_seed(CLI::App& command, std::uint64_t& seed, const std::string& meaning);

/// --repeat, 1 to 100.
CLI::Option* add_repeat(CLI::App& command, std::uint64_t& repeat, const std::string& meaning);

/// --out FOLDER; `usual` is what it is without the flag.
CLI::Option* add_out(CLI::App& command, std::string& out, const std::string& usual);

/// --format, one of report::formats().
CLI::Option* add_format(CLI::App& command, std::string& format, const std::string& meaning);

/// --json.
CLI::Option* add_json(CLI::App& command, bool& json, const std::string& meaning);

/// This build, as results name it.
harness::BuildInfo build_info();

/// The flags of the commands that search.
struct SearchOptions {
  std::string scenario;
  std::vector<std::string> overrides;
  std::uint64_t seed = 1;
  std::string vary;
  std::string from;
  std::string to;
  std::string out;
  bool json = false;

  void add_to(CLI::App& command);
  Result<harness::Scenario> load() const;
  harness::SearchContext context(const harness::Scenario& scenario) const;
};

/// The ends of a search, both above 0 and the first one smaller.
struct SearchRange {
  harness::VariedKey key;
  double from;
  double to;
};

/// Reads --vary, --from and --to. Only the ends of users.count and transport.polling.interval may
/// be left out.
Result<SearchRange> search_range(const SearchOptions& options, const harness::Scenario& scenario);

}  // namespace pushbench::cli

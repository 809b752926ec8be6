#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/exit_code.h"
#include "cli/files.h"
#include "harness/capacity.h"
#include "harness/result_json.h"
#include "harness/scenario.h"
#include "harness/search_json.h"
#include "harness/varied_key.h"
#include "wire/result.h"

namespace pushbench::cli {

// What the commands that run a scenario have in common.

/// One line on stderr, with the command's name. Returns the code.
int complain(const std::string& command, const Error& error, ExitCode code);

/// The transports asked for, in the order of a run; all of them if none is asked for.
Result<std::vector<std::string>> chosen_transports(const std::vector<std::string>& asked);

ExitCode exit_code_of(const harness::RunResult& result, bool allow_invalid = false);

/// The worse of two: interrupted, broke, invalid, a threshold failed, good.
ExitCode worse(ExitCode a, ExitCode b);

/// --seed, which takes 0 to 2^64 - 1 and nothing else.
void add_seed(CLI::App& command, std::uint64_t& seed, const std::string& meaning);

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

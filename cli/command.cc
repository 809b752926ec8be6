#include "cli/command.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdio>

#include "cli/shipped.h"
#include "clients/registry.h"
#include "harness/scenario_file.h"
#include "version.h"
#include "wire/number.h"

namespace pushbench::cli {

int complain(const std::string& command, const Error& error, ExitCode code) {
  fmt::print(stderr, "pushbench {}: {}\n", command, error.line());
  return code;
}

Result<std::vector<std::string>> chosen_transports(const std::vector<std::string>& asked) {
  const std::vector<std::string_view> known = clients::transport_names();
  for (const std::string& name : asked) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      return failure("--transport " + name,
                     fmt::format("there is no such transport{} There are: {}",
                                 harness::suggestion(name, known), fmt::join(known, ", ")));
    }
  }
  std::vector<std::string> chosen;
  for (const std::string_view name : known) {
    if (asked.empty() || std::find(asked.begin(), asked.end(), name) != asked.end()) {
      chosen.emplace_back(name);
    }
  }
  return chosen;
}

ExitCode exit_code_of(const harness::RunResult& result, bool allow_invalid) {
  switch (result.outcome) {
    case harness::Outcome::interrupted:
      return kInterrupted;
    case harness::Outcome::broke:
      return kBroke;
    case harness::Outcome::complete:
      if (!result.valid() && !allow_invalid) return kMeasurementInvalid;
      return result.failed_limits.empty() ? kGood : kThresholdFailed;
  }
  return kBroke;
}

ExitCode worse(ExitCode a, ExitCode b) {
  for (const ExitCode code :
       {kInterrupted, kBroke, kWrongUsage, kMeasurementInvalid, kThresholdFailed}) {
    if (a == code || b == code) return code;
  }
  return kGood;
}

void add_seed(CLI::App& command, std::uint64_t& seed, const std::string& meaning) {
  const auto check = [](const std::string& text) -> std::string {
    std::uint64_t number = 0;
    if (wire::read_number(text, number)) return "";
    return text + ": write a whole number from 0 to 18446744073709551615";
  };
  command.add_option("--seed", seed, meaning)
      ->check(CLI::Validator(check, "", "seed"))
      ->capture_default_str();
}

harness::BuildInfo build_info() { return {PUSHBENCH_VERSION, PUSHBENCH_COMMIT}; }

void SearchOptions::add_to(CLI::App& command) {
  command
      .add_option("scenario", scenario,
                  "A shipped scenario's name (chat) or a path to a .toml file")
      ->required();
  command
      .add_option("--vary", vary, "The scenario's key that is varied: users, or any with a number")
      ->required();
  command.add_option("--from", from, "The smallest value, with its unit");
  command.add_option("--to", to, "The largest value, with its unit");
  command.add_option("--set", overrides, "key=value: overrides a key of the scenario")
      ->expected(1)
      ->take_all();
  add_seed(command, seed, "Unrolls the scenario into its schedule");
  command.add_option("--out", out, "Folder for the result (default: results/SCENARIO-…-TIME)");
  command.add_flag("--json", json, "Print the result as JSON instead of the table");
}

Result<harness::Scenario> SearchOptions::load() const {
  return harness::load_scenario(scenario, scenario_folder(), overrides);
}

harness::SearchContext SearchOptions::context(const harness::Scenario& loaded) const {
  return {loaded.name, seed, overrides, build_info()};
}

namespace {

struct UsualRange {
  std::string_view key, from, to;
};
constexpr std::array kUsualRanges{UsualRange{"users.count", "100", "100000"},
                                  UsualRange{"transport.polling.interval", "100ms", "60s"}};

/// One end, as the flag gives it or as is usual for the key. What the flag gives must fit the
/// scenario; where the usual one does not, the search meets that by itself.
Result<double> end_of_range(const std::string& flag, const std::string& text,
                            std::string_view usual, const harness::VariedKey& key,
                            const harness::Scenario& scenario) {
  if (text.empty() && usual.empty()) {
    return failure(flag, fmt::format("is missing; {} has no usual range", key.name()));
  }
  const std::string value = text.empty() ? std::string(usual) : text;
  const auto number = key.number(value);
  if (!number) return failure(flag + " " + value, number.error().what);
  if (*number <= 0) return failure(flag + " " + value, "write a value above 0");
  if (text.empty()) return *number;
  if (auto fits = harness::with_value(scenario, key.key(), value); !fits) {
    return failure(flag + " " + value, fits.error().line());
  }
  return *number;
}

}  // namespace

Result<SearchRange> search_range(const SearchOptions& options, const harness::Scenario& scenario) {
  const auto named = harness::parse_varied_key(options.vary);
  if (!named) return failure("--vary " + options.vary, named.error().what);
  auto key = harness::VariedKey::of(*named);
  if (!key) return failure("--vary " + options.vary, key.error().what);
  UsualRange usual{};
  for (const UsualRange& range : kUsualRanges) {
    if (range.key == key->name()) usual = range;
  }
  const auto from = end_of_range("--from", options.from, usual.from, *key, scenario);
  if (!from) return tl::unexpected(from.error());
  const auto to = end_of_range("--to", options.to, usual.to, *key, scenario);
  if (!to) return tl::unexpected(to.error());
  if (*from >= *to) {
    return failure(fmt::format("--from {} --to {}", key->text(*from), key->text(*to)),
                   "the range is upside down or empty; --from must be below --to");
  }
  if (!options.from.empty()) key->keep(*from, options.from);
  if (!options.to.empty()) key->keep(*to, options.to);
  return SearchRange{*key, *from, *to};
}

}  // namespace pushbench::cli

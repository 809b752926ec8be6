#include "cli/command.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdio>

#include "cli/shipped.h"
#include "clients/registry.h"
#include "harness/scenario_file.h"
#include "report/formats.h"
#include "version.h"
#include "wire/number.h"

namespace pushbench::cli {

namespace {

bool speaks_of(const Error& error, std::string_view words) {
  return error.what.find(words) != std::string::npos;
}

/// What to type to learn what would be right; empty where the error says it all.
std::string next_step(const std::string& command, const Error& error) {
  if (speaks_of(error, "there is no such key")) return "pushbench list --keys";
  if (speaks_of(error, "there is no such scenario")) return "pushbench list";
  if (speaks_of(error, "there is no such command")) return "pushbench --help";
  if (speaks_of(error, "there is no such study")) return "pushbench study";
  return error.where.empty() || error.where.starts_with("--")
             ? fmt::format("pushbench {} --help", command)
             : "";
}

}  // namespace

int complain(const std::string& command, const Error& error, ExitCode code) {
  const std::string line = fmt::format("pushbench {}: {}", command, error.line());
  const std::string next = code == kWrongUsage ? next_step(command, error) : "";
  std::fflush(stdout);
  fmt::print(stderr, "{}\n", next.empty() ? line : with_next_step(line, next));
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

CLI::Option* add_scenario(CLI::App& command, std::string& scenario) {
  return command
      .add_option("scenario", scenario,
                  "A shipped scenario's name (chat) or a path to a .toml file")
      ->required()
      ->type_name("SCENARIO")
      ->group(kWhatToRun);
}

CLI::Option* add_transports(CLI::App& command, std::vector<std::string>& transports) {
  return command
      .add_option("--transport", transports,
                  fmt::format("Only these: {}", fmt::join(clients::transport_names(), ", ")))
      ->delimiter(',')
      ->type_name("TRANSPORT")
      ->group(kWhatToRun);
}

CLI::Option* add_overrides(CLI::App& command, std::vector<std::string>& overrides) {
  return command
      .add_option("--set", overrides,
                  "Another value for a key of the scenario, as in users.count=500; may be repeated")
      ->expected(1)
      ->take_all()
      ->type_name("KEY=VALUE")
      ->group(kWhatToVary);
}

void add_seed(CLI::App& command, std::uint64_t& seed, const std::string& meaning) {
  const auto check = [](const std::string& text) -> std::string {
    std::uint64_t number = 0;
    if (wire::read_number(text, number)) return "";
    return text + ": write a whole number from 0 to 18446744073709551615";
  };
  command.add_option("--seed", seed, meaning)
      ->check(CLI::Validator(check, "0 to 2^64 - 1", "seed"))
      ->capture_default_str()
      ->type_name("N")
      ->group(kWhatToVary);
}

CLI::Option* add_repeat(CLI::App& command, std::uint64_t& repeat, const std::string& meaning) {
  return command.add_option("--repeat", repeat, meaning)
      ->check(CLI::Range(1, 100))
      ->capture_default_str()
      ->type_name("N")
      ->group(kWhatToVary);
}

CLI::Option* add_out(CLI::App& command, std::string& out, const std::string& usual) {
  return command.add_option("--out", out, "Folder for the result")
      ->default_str(usual)
      ->type_name("FOLDER")
      ->group(kOutput);
}

CLI::Option* add_json(CLI::App& command, bool& json, const std::string& meaning) {
  return command.add_flag("--json", json, meaning)->group(kOutput);
}

CLI::Option* add_format(CLI::App& command, std::string& format, const std::string& meaning) {
  std::vector<std::string> names;
  for (const report::Format& known : report::formats()) names.emplace_back(known.name);
  return command.add_option("--format", format, meaning)
      ->check(CLI::IsMember(names))
      ->type_name("FORMAT")
      ->group(kOutput);
}

harness::BuildInfo build_info() { return {PUSHBENCH_VERSION, PUSHBENCH_COMMIT}; }

void SearchOptions::add_to(CLI::App& command) {
  add_scenario(command, scenario);
  command
      .add_option("--vary", vary, "The scenario's key that is varied: users, or any with a number")
      ->required()
      ->type_name("KEY")
      ->group(kWhatToVary);
  command.add_option("--from", from, "The smallest value, with its unit")
      ->default_str("100 for users, 100ms for polling's interval")
      ->type_name("VALUE")
      ->group(kWhatToVary);
  command.add_option("--to", to, "The largest value, with its unit")
      ->default_str("100000 for users, 60s for polling's interval")
      ->type_name("VALUE")
      ->group(kWhatToVary);
  add_overrides(command, overrides);
  add_seed(command, seed, "Unrolls the scenario into its schedule");
  add_out(command, out, fmt::format("results/SCENARIO-{}-TIME", command.get_name()));
  add_json(command, json, "The result as JSON instead of the table");
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

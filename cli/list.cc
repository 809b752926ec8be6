#include "cli/list.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/output.h"
#include "cli/shipped.h"
#include "harness/scenario_docs.h"
#include "harness/scenario_file.h"
#include "report/columns.h"

namespace pushbench::cli {

namespace {

constexpr const char* kExamples =
    "pushbench list\n"
    "    The scenarios that come with pushbench, and what each is for\n"
    "pushbench list --keys | less\n"
    "    Every key of a scenario with its range and default, for --set and files of one's own\n";

using Purposes = std::vector<std::pair<std::string, std::string>>;  // of each name

Result<Purposes> shipped_purposes() {
  const std::string folder = scenario_folder();
  Purposes purposes;
  for (const std::string& name : harness::shipped_names(folder)) {
    auto scenario = harness::load_scenario(name, folder, {});
    if (!scenario) return tl::unexpected(scenario.error());
    purposes.emplace_back(name, std::move(scenario->purpose));
  }
  if (purposes.empty()) return failure(folder, "there are no scenarios in this folder");
  return purposes;
}

std::string as_lines(const Purposes& purposes) {
  std::size_t width = 0;
  for (const auto& [name, purpose] : purposes) width = std::max(width, name.size());
  std::string text;
  for (const auto& [name, purpose] : purposes) {
    text += report::wrapped(fmt::format("{:<{}}  {}", name, width, purpose), width + 2);
  }
  return text;
}

std::string as_json(const Purposes& purposes) {
  auto list = nlohmann::ordered_json::array();
  for (const auto& [name, purpose] : purposes) {
    list.push_back({{"name", name}, {"purpose", purpose}});
  }
  return list.dump(2) + "\n";
}

/// "users.count: 1 to 1000000 (count; default 100)", and below it what that is.
std::string keys_as_text() {
  std::string text;
  for (const harness::ScenarioKey& key : harness::scenario_keys()) {
    const std::string usual = key.usual.empty() ? "" : fmt::format("; default {}", key.usual);
    text += report::wrapped(fmt::format("{}: {} ({}{})", key.name, key.range, key.form, usual), 4);
    text += report::wrapped("  " + harness::meaning_of(key), 2);
  }
  return text;
}

}  // namespace

List::List(CLI::App& app) : command_(app.add_subcommand("list", "List the shipped scenarios")) {
  command_->footer(kExamples);
  auto* const json = add_json(*command_, json_, "As JSON");
  auto* const names =
      command_->add_flag("--names", names_, "Only the names, one a line")->group(kOutput);
  auto* const keys =
      command_->add_flag("--keys", keys_, "The keys of a scenario instead")->group(kOutput);
  command_->add_option("--format", format_, "Of --keys; md: a Markdown table")
      ->check(CLI::IsMember({"text", "md"}))
      ->capture_default_str()
      ->needs(keys)
      ->type_name("FORMAT")
      ->group(kOutput);
  auto* const schema =
      command_->add_flag("--schema", schema_, "The JSON Schema of scenarios instead")
          ->group(kOutput);
  names->excludes(json)->excludes(keys)->excludes(schema);
  keys->excludes(json)->excludes(schema);
  schema->excludes(json);
}

int List::run() {
  const Output output(*command_);
  if (schema_) {
    output.data(harness::keys_as_json_schema());
    return kGood;
  }
  if (keys_) {
    format_ == "md" ? output.data(harness::keys_as_markdown()) : output.table(keys_as_text());
    return kGood;
  }
  if (names_) {
    for (const std::string& name : harness::shipped_names(scenario_folder())) {
      output.data(name + "\n");
    }
    return kGood;
  }
  const auto purposes = shipped_purposes();
  if (!purposes) return complain("list", purposes.error(), kBroke);
  output.data(json_ ? as_json(*purposes) : as_lines(*purposes));
  return kGood;
}

}  // namespace pushbench::cli

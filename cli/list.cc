#include "cli/list.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "cli/exit_code.h"
#include "cli/shipped.h"
#include "harness/scenario_docs.h"
#include "harness/scenario_file.h"

namespace pushbench::cli {

namespace {

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

void print_aligned(const Purposes& purposes) {
  std::size_t width = 0;
  for (const auto& [name, purpose] : purposes) width = std::max(width, name.size());
  for (const auto& [name, purpose] : purposes) fmt::print("{:<{}}  {}\n", name, width, purpose);
}

void print_json(const Purposes& purposes) {
  auto list = nlohmann::ordered_json::array();
  for (const auto& [name, purpose] : purposes) {
    list.push_back({{"name", name}, {"purpose", purpose}});
  }
  fmt::print("{}\n", list.dump(2));
}

}  // namespace

List::List(CLI::App& app) : command_(app.add_subcommand("list", "List the shipped scenarios")) {
  auto* const json = command_->add_flag("--json", json_, "As JSON");
  auto* const keys =
      command_->add_flag("--keys", keys_, "The keys of a scenario instead, as a Markdown table");
  command_->add_flag("--schema", schema_, "The JSON Schema of scenarios instead")
      ->excludes(json)
      ->excludes(keys);
  keys->excludes(json);
}

int List::run() {
  if (keys_ || schema_) {
    fmt::print("{}", keys_ ? harness::keys_as_markdown() : harness::keys_as_json_schema());
    return kGood;
  }
  const auto purposes = shipped_purposes();
  if (!purposes) {
    fmt::print(stderr, "pushbench list: {}\n", purposes.error().line());
    return kBroke;
  }
  json_ ? print_json(*purposes) : print_aligned(*purposes);
  return kGood;
}

}  // namespace pushbench::cli

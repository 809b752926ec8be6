#include "harness/scenario_docs.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

namespace pushbench::harness {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kGroupName = "^[A-Za-z0-9_-]{1,32}$";
constexpr std::string_view kNumber = "([0-9]+\\.?[0-9]*|\\.[0-9]+)";

std::vector<std::string> split(std::string_view text, std::string_view by) {
  std::vector<std::string> parts;
  for (std::size_t end = 0; end != std::string_view::npos;) {
    end = text.find(by);
    parts.emplace_back(text.substr(0, end));
    if (end != std::string_view::npos) text.remove_prefix(end + by.size());
  }
  return parts;
}

Json text_with(std::string_view units) {
  return {{"type", "string"}, {"pattern", fmt::format("^{}({})$", kNumber, units)}};
}

constexpr std::string_view kDurations = "us|ms|s|min|h";

Json list_of_durations() {
  const std::string one = fmt::format("{}({})", kNumber, kDurations);
  const Json text = {{"type", "string"}, {"pattern", fmt::format("^( *{0} *(, *{0} *)*)?$", one)}};
  return {{"anyOf", {{{"type", "array"}, {"items", text_with(kDurations)}}, text}}};
}

/// The ends of "LEAST to MOST".
void add_bounds(Json& schema, std::string_view range) {
  const std::vector<std::string> ends = split(range, " to ");
  schema["minimum"] = Json::parse(ends[0]);
  schema["maximum"] = Json::parse(ends[1]);
}

Json type_of(const ScenarioKey& key) {
  if (key.form == "duration") return text_with(kDurations);
  if (key.form == "size") return text_with("B|KiB|MiB");
  if (key.form == "rate") return text_with("/s|/min|/h");
  if (key.form == "bandwidth") {
    return {{"type", "string"},
            {"pattern", fmt::format("^({}(bit|kbit|Mbit|Gbit)/s|unlimited)$", kNumber)}};
  }
  if (key.form == "flag") return {{"type", "boolean"}};
  if (key.form == "moments") return list_of_durations();
  if (key.form == "word") return {{"type", "string"}, {"enum", split(key.range, ", ")}};
  if (key.form == "count" || key.form == "factor" || key.form == "share") {
    Json schema = {{"type", key.form == "count" ? "integer" : "number"}};
    add_bounds(schema, key.range);
    return schema;
  }
  return {{"type", "string"}};
}

Json schema_of(const ScenarioKey& key) {
  Json schema = type_of(key);
  const bool has_unit = schema.contains("pattern") || key.form == "moments";
  schema["description"] = meaning_of(key) + (has_unit ? fmt::format(" {}.", key.range) : "");
  if (!key.usual.empty()) schema["default"] = Json::parse(key.usual);
  return schema;
}

Json empty_table() {
  return {{"type", "object"}, {"additionalProperties", false}, {"properties", Json::object()}};
}

/// The schema of the table `name` in that of another; made if it is the first time.
Json& table_in(Json& outer, const std::string& name) {
  if (name != "NAME") {
    Json& tables = outer["properties"];
    if (!tables.contains(name)) tables[name] = empty_table();
    return tables[name];
  }
  Json& groups = outer["patternProperties"];
  if (!groups.contains(kGroupName)) {
    groups[std::string(kGroupName)] = empty_table();
    groups[std::string(kGroupName)]["required"] = {"share"};
  }
  return groups[std::string(kGroupName)];
}

}  // namespace

std::string meaning_of(const ScenarioKey& key) {
  if (key.governor.empty()) return std::string(key.meaning);
  return fmt::format("{} For {} {}.", key.meaning, key.governor, key.only_for);
}

std::string keys_as_markdown() {
  std::string table =
      "| key | takes | default | range | meaning |\n| --- | --- | --- | --- | --- |\n";
  for (const ScenarioKey& key : scenario_keys()) {
    const std::string usual = key.usual.empty() ? "none" : fmt::format("`{}`", key.usual);
    table += fmt::format("| `{}` | {} | {} | {} | {} |\n", key.name, key.form, usual, key.range,
                         meaning_of(key));
  }
  return table;
}

std::string keys_as_json_schema() {
  Json root = {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
               {"title", "A scenario of pushbench"},
               {"description",
                "Who is there, who says what when, over which link. Every key may be "
                "left out; scenarios/README.md has them in a table."}};
  root.update(empty_table());
  for (const ScenarioKey& key : scenario_keys()) {
    std::vector<std::string> path = split(key.name, ".");
    const std::string last = std::move(path.back());
    path.pop_back();
    Json* table = &root;
    for (const std::string& name : path) table = &table_in(*table, name);
    (*table)["properties"][last] = schema_of(key);
  }
  return root.dump(2) + "\n";
}

}  // namespace pushbench::harness

#include "harness/scenario_file.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace pushbench::harness {

namespace fs = std::filesystem;

namespace {

std::string place(const std::string& path, const toml::source_region& region) {
  return fmt::format("{}:{}", path, region.begin.line);
}

/// A value as one would write it behind --set: keys are set from text in one way only.
std::string text_of(const toml::node& node) {
  if (const auto* text = node.as_string()) return text->get();
  std::ostringstream out;
  if (const auto* integer = node.as_integer()) out << integer->get();
  if (const auto* number = node.as_floating_point()) out << number->get();
  if (const auto* flag = node.as_boolean()) out << (flag->get() ? "true" : "false");
  return out.str();
}

/// Walks the tables down to the values, whose keys are their paths with dots.
Result<void> read_table(const toml::table& table, const std::string& prefix,
                        const std::string& path, Scenario& scenario) {
  for (const auto& [key, node] : table) {
    const std::string name = prefix + std::string(key.str());
    if (const toml::table* inner = node.as_table()) {
      if (auto read = read_table(*inner, name + ".", path, scenario); !read) return read;
      continue;
    }
    const std::string where = place(path, key.source());
    if (node.is_array()) return failure(where, name + ": takes one value, not a list");
    if (const auto set = set_key(scenario, name, text_of(node)); !set) {
      return failure(where, set.error().line());
    }
  }
  return {};
}

Result<void> apply_override(const std::string& text, Scenario& scenario) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos) {
    return failure("--set " + text, "write key=value, as in --set users.count=500");
  }
  const auto set = set_key(scenario, text.substr(0, equals), text.substr(equals + 1));
  if (!set) return failure("--set " + text, set.error().line());
  return {};
}

std::string shipped_names(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    if (entry.path().extension() == ".toml") names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return fmt::format("{}", fmt::join(names, ", "));
}

}  // namespace

Result<Scenario> parse_scenario(const std::string& toml, const std::string& path,
                                const std::vector<std::string>& overrides) {
  Scenario scenario;
  scenario.name = fs::path(path).stem().string();
  scenario.folder = fs::path(path).parent_path().string();
  try {
    if (auto read = read_table(toml::parse(toml, path), "", path, scenario); !read) {
      return tl::unexpected(read.error());
    }
  } catch (const toml::parse_error& error) {
    return failure(place(path, error.source()),
                   fmt::format("not TOML: {}", std::string_view(error.description())));
  }
  for (const std::string& text : overrides) {
    if (auto set = apply_override(text, scenario); !set) return tl::unexpected(set.error());
  }
  if (auto checked = check(scenario); !checked) {
    return failure(path, checked.error().line());
  }
  return scenario;
}

Result<Scenario> load_scenario(const std::string& name, const std::string& shipped_folder,
                               const std::vector<std::string>& overrides) {
  const bool is_path = name.find('/') != std::string::npos || name.ends_with(".toml");
  const std::string path = is_path ? name : (fs::path(shipped_folder) / (name + ".toml")).string();
  std::ifstream file(path);
  if (!file || fs::is_directory(path)) {
    return failure(name, is_path ? "there is no such file"
                                 : fmt::format("there is no such scenario; shipped are: {}. A path "
                                               "to a .toml file works too",
                                               shipped_names(shipped_folder)));
  }
  std::ostringstream text;
  text << file.rdbuf();
  return parse_scenario(text.str(), path, overrides);
}

}  // namespace pushbench::harness

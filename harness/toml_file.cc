#include "harness/toml_file.h"

#include <fmt/format.h>

namespace pushbench::harness {

std::string place_in(const std::string& path, const toml::source_region& region) {
  return fmt::format("{}:{}:{}", path, region.begin.line, region.begin.column);
}

std::string_view type_of(const toml::node& node) {
  if (node.is_table()) return "a table";
  if (node.is_array()) return "a list";
  if (node.is_string()) return "a text";
  if (node.is_integer()) return "a whole number";
  if (node.is_floating_point()) return "a number";
  if (node.is_boolean()) return "true or false";
  return "a date or time";
}

Result<toml::table> parse_toml(const std::string& text, const std::string& path) {
  try {
    return toml::parse(text, path);
  } catch (const toml::parse_error& error) {
    return failure(place_in(path, error.source()),
                   fmt::format("not TOML: {}", std::string_view(error.description())));
  }
}

}  // namespace pushbench::harness

#pragma once

#include <toml++/toml.h>

#include <string>
#include <string_view>

#include "wire/result.h"

namespace pushbench::harness {

// What all readers of TOML files have in common.

/// "FILE:LINE:COLUMN".
std::string place_in(const std::string& path, const toml::source_region& region);

/// "a table", "a list", "a text", …
std::string_view type_of(const toml::node& node);

/// A whole file's table. The error says where it is not TOML.
Result<toml::table> parse_toml(const std::string& text, const std::string& path);

}  // namespace pushbench::harness

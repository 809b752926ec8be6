#pragma once

#include <string>
#include <vector>

#include "harness/scenario.h"

namespace pushbench::harness {

/// Reads a scenario: `name` is a shipped one's ("chat", "studies/kaazing", looked up in
/// `shipped_folder`) or a path. `overrides` are "key=value", applied after the file. Errors name
/// file, line and column, or the override.
Result<Scenario> load_scenario(const std::string& name, const std::string& shipped_folder,
                               const std::vector<std::string>& overrides);

/// The same from a text, for tests.
Result<Scenario> parse_scenario(const std::string& toml, const std::string& path,
                                const std::vector<std::string>& overrides);

/// The names that load_scenario() takes of this folder and those in it, in order.
std::vector<std::string> shipped_names(const std::string& folder);

}  // namespace pushbench::harness

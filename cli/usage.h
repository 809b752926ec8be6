#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "wire/result.h"

namespace pushbench::cli {

/// The command of this name. The error names the nearest one.
Result<const CLI::App*> find_command(const CLI::App& root, const std::string& name);

/// Has the app read the words behind the program's name. Fails with the command's name as place and
/// what is wrong with which flag, where there is one with the nearest right word. What asks for
/// help or for the version is thrown on, as CLI::Success.
Result<void> read_words(CLI::App& root, const std::vector<std::string>& words);

/// A line that ends with the command to type next: "See pushbench run --help".
std::string with_next_step(const std::string& line, const std::string& next);

}  // namespace pushbench::cli

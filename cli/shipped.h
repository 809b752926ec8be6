#pragma once

#include <string>

namespace pushbench::cli {

/// The path of the running program.
std::string own_binary();

/// Where the shipped scenarios are: beside the working directory, or in the source tree that the
/// binary was built in.
std::string scenario_folder();

/// Where its profiles of request headers are.
std::string headers_folder();

}  // namespace pushbench::cli

#pragma once

#include <string>

namespace pushbench::cli {

/// The path of the running program.
std::string own_binary();

/// Where the shipped scenarios are: where PUSHBENCH_SCENARIOS says, in the working directory, where
/// `cmake --install` puts them beside the binary, or in the source tree that it was built in.
std::string scenario_folder();

/// Where the course's labs are: where PUSHBENCH_LABS says, or found as the scenarios are.
std::string labs_folder();

/// Where its profiles of request headers are.
std::string headers_folder();

}  // namespace pushbench::cli

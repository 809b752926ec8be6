#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/result.h"

namespace pushbench::report {

/// A figure of one repetition. Its name is that of harness::metrics(), or else its path in
/// result.json: "bytes.network.up".
struct NamedFigure {
  std::string name;
  std::string_view unit;  // "us", "s", "bytes", "share", "ratio", "/s", "count"
  double value;
};

/// Every figure that a repetition has, metrics first, then its counts and times, then what theory
/// says of the metrics ("theory.network_bytes"). Those that it lacks are not there.
std::vector<NamedFigure> all_figures(const harness::Repetition& repetition);

}  // namespace pushbench::report

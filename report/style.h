#pragma once

#include <string>
#include <string_view>

namespace pushbench::report {

/// A laid-out text for a terminal, in modest colours: heads and labels bold, what failed or does
/// not count red, better green. Only escapes are put in, so that all widths stay as they were.
std::string coloured(std::string_view text);

}  // namespace pushbench::report

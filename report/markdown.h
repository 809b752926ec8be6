#pragma once

#include <string>
#include <string_view>

#include "harness/result.h"

namespace pushbench::report {

/// report.md, for a pull request on GitHub: whether the run counts, the verdict's table with its
/// winners bold, its sentences, and folded up all figures and what the run was made with.
std::string markdown(const harness::RunResult& result);

/// A text as Markdown's plain text on one line: no markup, no HTML, no table's border, and nobody
/// is mentioned.
std::string markdown_text(std::string_view text);

}  // namespace pushbench::report

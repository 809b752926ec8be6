#pragma once

#include <string>

#include "report/lab_reveal.h"

namespace pushbench::report {

/// reveal.html: a page of its own that works offline and runs no script, in the language of the
/// reveal, for light and dark; the bars are told apart without colour.
std::string lab_page(const Reveal& reveal);

}  // namespace pushbench::report

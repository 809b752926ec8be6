#pragma once

#include <string>
#include <vector>

#include "report/figures.h"

namespace pushbench::report {

/// What the bytes of a delivered message were, up and down together: a row a transport. "" where
/// there are no bytes.
std::string bytes_table(const std::vector<Figures>& all);

}  // namespace pushbench::report

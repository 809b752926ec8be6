#pragma once

#include <string>

#include "harness/result.h"

namespace pushbench::report {

/// How far, from its start on, the stretch goes of which every transport's view has all: a view
/// that was cut ends with its last event.
double wire_until_us(const harness::RunResult& result);

/// One user's second on the wire: the picture's place, its sums as a table, and all texts in lists.
/// HTML; "" where no transport has a view.
std::string wire_part(const harness::RunResult& result);

}  // namespace pushbench::report

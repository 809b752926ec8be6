#pragma once

#include "harness/result.h"

namespace pushbench::report {

/// Whether some repetition delivered something at a cost that nobody measured. One that delivered
/// nothing, as the run ended before it began, has none to measure.
bool lacks_cost(const harness::TransportResult& transport);

/// Whether what the server used is known: of some repetition, and of each that delivered something.
bool knows_cost(const harness::TransportResult& transport);

/// The same of one target's column at least: its memory is another figure than our own server's.
bool knows_cost_of_target(const harness::RunResult& result);

}  // namespace pushbench::report

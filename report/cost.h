#pragma once

#include "harness/result.h"

namespace pushbench::report {

/// Whether some repetition delivered something at a cost that nobody measured. One that delivered
/// nothing, as the run ended before it began, has none to measure.
bool lacks_cost(const harness::TransportResult& transport);

/// Whether what the server used is known: of some repetition, and of each that delivered something.
bool knows_cost(const harness::TransportResult& transport);

}  // namespace pushbench::report

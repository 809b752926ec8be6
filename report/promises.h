#pragma once

#include <string>
#include <vector>

#include "harness/result.h"

namespace pushbench::report {

/// A promise about deliveries, and who was seen to keep it: no more is known than that.
struct Promise {
  std::string text;                  // "every message once, in order"
  bool whole = false;                // it is that one
  std::vector<std::string> columns;  // "nchan/websocket"
};

/// What each column was seen to keep, over all of its repetitions but one that ended early, and
/// every subscriber's every message; those of whom it is the same stand together. Nothing of a
/// column that expected none.
std::vector<Promise> promises_of(const harness::RunResult& result);

/// Whether a run has anything to say of it: with targets, whose promises differ.
bool tells_promises(const harness::RunResult& result);

}  // namespace pushbench::report

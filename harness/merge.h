#pragma once

#include <string>
#include <vector>

#include "harness/result.h"
#include "wire/result.h"

namespace pushbench::harness {

/// One of the results that become one.
struct MergePart {
  std::string path;  // as the user named it
  RunResult result;
};

enum class MergeAs {
  /// The parts' first repetitions become one, and so on: generators that played at the same time,
  /// each with users and a server of its own, or with the same target.
  generators,
  /// The parts' repetitions follow each other: a run that was continued.
  repetitions,
};

/// Two parts or more of the same schedule, transports, settings and build into one result. The
/// error names the first thing in which two parts differ, or which may not be merged, with both
/// values.
///
/// Generators: what was counted or used is added, and histograms are, so that percentiles are
/// exact; a repetition lasts as long as its longest. Of what a target used, which each saw whole,
/// the largest is kept. In both ways an invalid part makes the whole
/// invalid, reasons and failed thresholds say of which part they are, the floor is that of all
/// parts or none, and the wire view is the first part's.
Result<RunResult> merge(std::vector<MergePart> parts, MergeAs how);

}  // namespace pushbench::harness

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/result.h"

namespace pushbench::harness {

/// How late the harness may be, in microseconds, before the figures are its own: a quarter of the
/// delivery latency at the same percentile, or the floor where that is more. A single hiccup of a
/// busy machine stays below the floor at p99; a harness that cannot keep up is over the limit at
/// p50.
std::int64_t lateness_limit_us(const Repetition& repetition, double percent);

/// How much of a core a harness thread may use: over it, messages wait for the thread itself.
inline constexpr double kBusiestShare = 0.9;

/// What the scenario asks for.
struct Asked {
  std::uint64_t users = 0;
  /// Links are cut on purpose: then lost connections and gap notices are part of what is measured,
  /// and so is what a target loses or repeats.
  bool cuts = false;
  bool own_server = true;  // it is not a target
};

/// Why a repetition's figures do not count, each with the figure that broke the rule. None: they
/// do.
std::vector<std::string> faults(const Repetition& repetition, const Asked& asked);

}  // namespace pushbench::harness

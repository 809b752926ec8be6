#pragma once

#include <string>
#include <vector>

#include "harness/result.h"
#include "wire/result.h"

namespace pushbench::report {

/// Something that both of two results have a value of.
struct Trait {
  std::string name;
  std::string before;
  std::string after;
};

/// What the question of a result consists of: scenario, seed, schedule, links, heads, options. Those
/// of a transport are there if both results have it.
std::vector<Trait> question_of(const harness::RunResult& baseline,
                               const harness::RunResult& candidate);

/// Whether two results answer the same question: of one scenario, seed and schedule, over the same
/// links, with the same heads and options. The error names the first thing that differs, with both
/// values; `a` and `b` are the names of the results.
Result<void> comparable(const harness::RunResult& baseline, const harness::RunResult& candidate,
                        const std::string& a, const std::string& b);

/// Differences between two comparable results that may be what changed their figures, a line each:
/// machine, kernel, compiler, threads, cores, other settings; and that the harness by itself was
/// not equally fast.
std::vector<std::string> cautions(const harness::RunResult& baseline,
                                  const harness::RunResult& candidate, const std::string& a,
                                  const std::string& b);

}  // namespace pushbench::report

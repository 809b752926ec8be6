#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "net/child.h"
#include "wire/result.h"

namespace pushbench::net {

/// What processes use that others started: each of those named, with all that descend of it, as
/// /proc has it.
class ProcessTree {
 public:
  explicit ProcessTree(std::vector<int> roots) : roots_(std::move(roots)) {}

  /// Counts from now on. The error names a process that is gone, or that may not be looked at.
  Result<void> begin();
  /// What all have used since begin(): CPU time, of children that have ended too, and context
  /// switches, of all threads that are left. Memory is the sum of what is resident, then or now,
  /// whichever was more; what processes share counts for each. The error is as above.
  Result<Usage> used() const;
  /// Which cores any of them may run on, in order; none where that may not be seen.
  std::vector<int> cores() const;

 private:
  struct Look {
    Usage sum;
    std::map<int, std::uint64_t> started;  // of the roots: when, by which one is known again
  };
  Result<Look> look() const;

  std::vector<int> roots_;
  Look before_;
};

}  // namespace pushbench::net

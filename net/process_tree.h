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
  /// What all have used since begin(), those that were started since included: CPU time and
  /// context switches of all their threads. Memory is the sum of what is resident, then or now,
  /// whichever was more; what processes share counts for each. Fails where one has ended since,
  /// whose use nobody knows.
  Result<Usage> used() const;

 private:
  struct Process {
    std::uint64_t started = 0;  // by which a process is told from one that has its number later
    Usage usage;
  };
  using Processes = std::map<int, Process>;
  Result<Processes> look() const;

  std::vector<int> roots_;
  Processes before_;
};

}  // namespace pushbench::net

#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "wire/result.h"

namespace pushbench::net {

/// The cores that a thread may run on, in order, by the kernel's numbers; none where that may not
/// be seen. 0 is the calling one; a process's number is that of its first thread.
std::vector<int> allowed_cores(int thread = 0);

/// Keeps a thread, named as above, to these cores. What it starts afterwards inherits them.
Result<void> keep_to_cores(int thread, const std::vector<int>& cores);

/// Which cores the server has to itself, and which the harness.
struct CorePlan {
  int server = 0;
  std::vector<int> harness;
};

/// One core for the server and the others for the harness; none where there are not more cores than
/// the harness has threads.
std::optional<CorePlan> assign_cores(const std::vector<int>& allowed, std::size_t threads);

}  // namespace pushbench::net

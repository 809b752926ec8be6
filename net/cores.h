#pragma once

#include <vector>

#include "wire/result.h"

namespace pushbench::net {

/// The cores that the calling thread may run on, by the kernel's numbers.
std::vector<int> allowed_cores();

/// Keeps a thread to these cores; 0 is the calling one. What it starts afterwards inherits them. A
/// process's number is that of its first thread.
Result<void> keep_to_cores(int thread, const std::vector<int>& cores);

}  // namespace pushbench::net

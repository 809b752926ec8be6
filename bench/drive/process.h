#pragma once

#include <sys/types.h>

#include <cstdint>
#include <vector>

namespace pushbench::bench {

/// CPU time that the processes have taken since they began, in ns; those that are gone took none.
std::uint64_t cpu_ns(const std::vector<pid_t>& processes);

/// Their resident memory in bytes, without what is mapped from files.
std::uint64_t anonymous_bytes(const std::vector<pid_t>& processes);

}  // namespace pushbench::bench

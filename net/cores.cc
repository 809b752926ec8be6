#include "net/cores.h"

#include <fmt/format.h>
#include <sched.h>

#include <cerrno>
#include <cstring>

namespace pushbench::net {

std::vector<int> allowed_cores(int thread) {
  cpu_set_t set;
  CPU_ZERO(&set);
  std::vector<int> cores;
  if (sched_getaffinity(thread, sizeof set, &set) != 0) return cores;
  for (int core = 0; core < CPU_SETSIZE; ++core) {
    if (CPU_ISSET(static_cast<unsigned>(core), &set)) cores.push_back(core);
  }
  return cores;
}

Result<void> keep_to_cores(int thread, const std::vector<int>& cores) {
  cpu_set_t set;
  CPU_ZERO(&set);
  for (const int core : cores) CPU_SET(static_cast<unsigned>(core), &set);
  if (sched_setaffinity(thread, sizeof set, &set) == 0) return {};
  return failure(fmt::format("process {}", thread),
                 fmt::format("cannot be kept to its cores: {}", std::strerror(errno)));
}

std::optional<CorePlan> assign_cores(const std::vector<int>& allowed, std::size_t threads) {
  if (allowed.size() < 2 || allowed.size() <= threads) return std::nullopt;
  // The last one: a machine's interrupts are more often on its first.
  return CorePlan{allowed.back(), {allowed.begin(), allowed.end() - 1}};
}

}  // namespace pushbench::net

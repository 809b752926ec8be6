#include "net/limits.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>

namespace pushbench::net {

std::uint64_t file_limit() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  return limit.rlim_cur;
}

Result<void> ensure_file_limit(std::uint64_t needed) {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_cur >= needed) return {};
  const rlimit had = limit;
  limit.rlim_cur = needed;
  limit.rlim_max = std::max<rlim_t>(limit.rlim_max, needed);  // only a privileged process may
  if (setrlimit(RLIMIT_NOFILE, &limit) == 0) return {};
  limit = {had.rlim_max, had.rlim_max};  // not enough, but what there is
  setrlimit(RLIMIT_NOFILE, &limit);
  return failure("open files", fmt::format("{} are needed and this process may have {}; raise the "
                                           "limit (ulimit -n {}) or ask for fewer users",
                                           needed, had.rlim_max, needed));
}

}  // namespace pushbench::net

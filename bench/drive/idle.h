#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "wire/result.h"

namespace pushbench::bench {

struct IdleOptions {
  std::uint16_t port = 0;
  std::string dialect;
  std::string room;
  std::size_t connections = 10'000;  // 2 or more
  std::vector<pid_t> server;
};

/// What a subscriber costs the server that is connected and gets nothing, with a long poll held or
/// a poll answered: bytes of anonymous memory, over all connections but the first.
Result<double> idle_bytes(const IdleOptions& options);

}  // namespace pushbench::bench

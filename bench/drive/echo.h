#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "wire/result.h"

namespace pushbench::bench {

struct EchoOptions {
  std::uint16_t port = 0;
  bool floor = false;  // bytes without a protocol, else WebSocket frames to /echo
  std::size_t connections = 1;
  std::chrono::milliseconds warm_up{300};
  std::chrono::milliseconds time{1000};
  std::vector<pid_t> server;
};

struct EchoFigures {
  double seconds = 0;
  std::uint64_t echoes = 0;
  std::uint64_t server_cpu_ns = 0;
};

/// Sends 64 bytes over each connection, again as soon as they have come back.
Result<EchoFigures> echo(const EchoOptions& options);

}  // namespace pushbench::bench

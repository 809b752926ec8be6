#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "net/stream.h"
#include "servers/counts.h"
#include "servers/limits.h"
#include "servers/store.h"
#include "servers/transport.h"

namespace pushbench::servers {

using Transports = std::vector<std::unique_ptr<Transport>>;

/// What a server counts as it goes.
struct Counters {
  std::uint64_t open_connections = 0;  // right now
  std::uint64_t accepted = 0;
  std::uint64_t requests = 0;
  net::Traffic traffic;
  LimitHits hits;
  Counts publishing;  // by POST
};

/// All figures of a server in Prometheus' text format 0.0.4.
std::string metrics_text(const Counters& counters, const MessageStore& store,
                         const Transports& transports);

}  // namespace pushbench::servers

#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "clients/client.h"
#include "net/clock.h"

namespace pushbench::harness {

/// How a schedule's load is put on a server.
struct LoadPlan {
  std::vector<std::string> transports;  // user u is on the (u modulo size)-th; a run has one
  clients::ClientOptions clients;
  net::Duration join_time{};
  net::Duration warmup{};
  net::Duration drain{};
  clients::RequestHeaders headers{};  // as read from the file: minimal, unless it is set
  std::size_t threads = 1;   // that share the users; there are no more than users
  bool closed_loop = false;  // for tests: a user publishes only once it has its message before, and
                             // latency counts from then; of one thread

  /// After its due time a message may take this long.
  net::Duration patience() const { return clients.interval + drain; }
};

}  // namespace pushbench::harness

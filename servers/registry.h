#pragma once

#include <memory>
#include <vector>

#include "servers/transport.h"

namespace pushbench::servers {

/// Every server transport: adding one is a line here.
std::vector<std::unique_ptr<Transport>> make_transports(const Shared& shared);

/// What makes the transports that a server mounts.
using TransportMaker = std::vector<std::unique_ptr<Transport>> (*)(const Shared& shared);

}  // namespace pushbench::servers

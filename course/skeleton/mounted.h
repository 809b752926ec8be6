#pragma once

#include <memory>
#include <vector>

#include "course/skeleton/http_streaming.h"
#include "servers/registry.h"

namespace pushbench::servers {

/// The server's own transports and HTTP streaming: what a line in servers/registry.cc would be for
/// one that stays.
inline std::vector<std::unique_ptr<Transport>> with_http_streaming(const Shared& shared) {
  std::vector<std::unique_ptr<Transport>> transports = make_transports(shared);
  transports.push_back(std::make_unique<HttpStreaming>(shared));
  return transports;
}

}  // namespace pushbench::servers

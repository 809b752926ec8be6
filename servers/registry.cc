#include "servers/registry.h"

#include "servers/long_polling.h"
#include "servers/polling.h"
#include "servers/sse.h"
#include "servers/websocket.h"

namespace pushbench::servers {

std::vector<std::unique_ptr<Transport>> make_transports(const Shared& shared) {
  std::vector<std::unique_ptr<Transport>> transports;
  transports.push_back(std::make_unique<Polling>(shared));
  transports.push_back(std::make_unique<LongPolling>(shared));
  transports.push_back(std::make_unique<Sse>(shared));
  transports.push_back(std::make_unique<WebSocket>(shared));
  return transports;
}

}  // namespace pushbench::servers

#include "clients/registry.h"

#include <algorithm>
#include <array>

#include "clients/long_polling.h"
#include "clients/null.h"
#include "clients/polling.h"
#include "clients/sse.h"
#include "clients/websocket.h"

namespace pushbench::clients {

namespace {

using Make = std::unique_ptr<Client> (*)(const Shared&, const Identity&, const ClientOptions&);

template <class T>
std::unique_ptr<Client> make(const Shared& shared, const Identity& identity,
                             const ClientOptions& options) {
  return std::make_unique<T>(shared, identity, options);
}

struct Entry {
  std::string_view name;
  Make make;
  bool publishes_by_post;  // on a connection of its own
};

/// Every client transport: adding one is a line here.
constexpr std::array kTransports{
    Entry{"polling", make<Polling>, true},
    Entry{"long-polling", make<LongPolling>, true},
    Entry{"sse", make<Sse>, true},
    Entry{"websocket", make<WebSocket>, false},
};

}  // namespace

std::vector<std::string_view> transport_names() {
  std::vector<std::string_view> names;
  for (const Entry& entry : kTransports) names.push_back(entry.name);
  return names;
}

bool publishes_by_post(std::string_view transport) {
  return std::any_of(kTransports.begin(), kTransports.end(), [transport](const Entry& entry) {
    return entry.name == transport && entry.publishes_by_post;
  });
}

std::unique_ptr<Client> make_client(std::string_view transport, const Shared& shared,
                                    const Identity& identity, const ClientOptions& options) {
  if (transport == kNullTransport) return std::make_unique<Null>(shared, identity, options);
  for (const Entry& entry : kTransports) {
    if (entry.name == transport) return entry.make(shared, identity, options);
  }
  return nullptr;
}

}  // namespace pushbench::clients

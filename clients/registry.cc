#include "clients/registry.h"

#include <array>

#include "clients/long_polling.h"
#include "clients/polling.h"
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
};

/// Every client transport: adding one is a line here.
constexpr std::array kTransports{
    Entry{"polling", make<Polling>},
    Entry{"long-polling", make<LongPolling>},
    Entry{"websocket", make<WebSocket>},
};

}  // namespace

std::vector<std::string_view> transport_names() {
  std::vector<std::string_view> names;
  for (const Entry& entry : kTransports) names.push_back(entry.name);
  return names;
}

std::unique_ptr<Client> make_client(std::string_view transport, const Shared& shared,
                                    const Identity& identity, const ClientOptions& options) {
  for (const Entry& entry : kTransports) {
    if (entry.name == transport) return entry.make(shared, identity, options);
  }
  return nullptr;
}

}  // namespace pushbench::clients

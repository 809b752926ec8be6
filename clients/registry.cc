#include "clients/registry.h"

#include <algorithm>
#include <array>

#include "clients/long_polling.h"
#include "clients/nchan.h"
#include "clients/null.h"
#include "clients/polling.h"
#include "clients/socket_io.h"
#include "clients/sse.h"
#include "clients/websocket.h"
#include "clients/ws.h"

namespace pushbench::clients {

namespace {

using Make = std::unique_ptr<Client> (*)(const Shared&, const Identity&, const ClientOptions&);

template <class T>
std::unique_ptr<Client> make(const Shared& shared, const Identity& identity,
                             const ClientOptions& options) {
  return std::make_unique<T>(shared, identity, options);
}

struct Entry {
  std::string_view dialect;
  std::string_view transport;
  Make make;
  UserConnections connections;
};

constexpr UserConnections kOne{1, 0, 0};
constexpr UserConnections kOneAndPosts{1, 0, 1};
constexpr UserConnections kPlaceOneAndPosts{1, 1, 1};  // see FromNchanPlace
constexpr UserConnections kTwo{2, 0, 0};  // posts from its handshake on: see SocketIoLongPolling

/// Every client transport: adding one is a line here. Those of a dialect stand together.
constexpr std::array kTransports{
    Entry{kOwnDialect, "polling", make<Polling>, kOneAndPosts},
    Entry{kOwnDialect, "long-polling", make<LongPolling>, kOneAndPosts},
    Entry{kOwnDialect, "sse", make<Sse>, kOneAndPosts},
    Entry{kOwnDialect, "websocket", make<WebSocket>, kOne},
    Entry{"nchan", "long-polling", make<NchanLongPolling>, kOneAndPosts},
    Entry{"nchan", "sse", make<NchanSse>, kPlaceOneAndPosts},
    Entry{"nchan", "websocket", make<NchanWebSocket>, kPlaceOneAndPosts},
    Entry{"socketio", "long-polling", make<SocketIoLongPolling>, kTwo},
    Entry{"socketio", "websocket", make<SocketIoWebSocket>, kOne},
    Entry{"ws", "websocket", make<Ws>, kOne},
};

const Entry* find(std::string_view transport, std::string_view dialect) {
  const auto found = std::find_if(kTransports.begin(), kTransports.end(), [&](const Entry& entry) {
    return entry.dialect == dialect && entry.transport == transport;
  });
  return found == kTransports.end() ? nullptr : &*found;
}

}  // namespace

std::vector<std::string_view> dialect_names() {
  std::vector<std::string_view> names;
  for (const Entry& entry : kTransports) {
    if (names.empty() || names.back() != entry.dialect) names.push_back(entry.dialect);
  }
  return names;
}

std::vector<std::string_view> transport_names(std::string_view dialect) {
  std::vector<std::string_view> names;
  for (const Entry& entry : kTransports) {
    if (entry.dialect == dialect) names.push_back(entry.transport);
  }
  return names;
}

UserConnections connections_of(std::string_view transport, std::string_view dialect) {
  const Entry* entry = find(transport, dialect);
  return entry == nullptr ? kOne : entry->connections;
}

std::unique_ptr<Client> make_client(std::string_view transport, const Shared& shared,
                                    const Identity& identity, const ClientOptions& options,
                                    std::string_view dialect) {
  if (transport == kNullTransport) return std::make_unique<Null>(shared, identity, options);
  const Entry* entry = find(transport, dialect);
  return entry == nullptr ? nullptr : entry->make(shared, identity, options);
}

}  // namespace pushbench::clients

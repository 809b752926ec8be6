#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "clients/client.h"

namespace pushbench::clients {

/// The one that needs no server, for which Shared::null_rooms must be set: not of
/// transport_names().
inline constexpr std::string_view kNullTransport = "null";

/// What our own server speaks: the contract on the wire of servers/README.md.
inline constexpr std::string_view kOwnDialect = "pushbench";

/// What a server can speak, our own first. A dialect is the requests and encodings of one kind of
/// server, over whichever transports that has.
std::vector<std::string_view> dialect_names();

/// The names of a dialect's transports, in the order in which a run takes them; none of a dialect
/// that is not one of dialect_names().
std::vector<std::string_view> transport_names(std::string_view dialect = kOwnDialect);

/// How many TCP connections a user opens, as long as none is lost and none is for one exchange
/// only.
struct UserConnections {
  std::size_t kept = 1;     // that it has as long as it is in its room
  std::size_t before = 0;   // that end once it is there
  std::size_t posting = 0;  // more, of one that publishes
};

/// Those of a user on that transport.
UserConnections connections_of(std::string_view transport, std::string_view dialect = kOwnDialect);

/// A user on the transport of that name, which must be one of transport_names(dialect), or
/// kNullTransport.
std::unique_ptr<Client> make_client(std::string_view transport, const Shared& shared,
                                    const Identity& identity, const ClientOptions& options,
                                    std::string_view dialect = kOwnDialect);

}  // namespace pushbench::clients

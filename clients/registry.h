#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "clients/client.h"

namespace pushbench::clients {

/// The one that needs no server, for which Shared::null_rooms must be set: not of
/// transport_names().
inline constexpr std::string_view kNullTransport = "null";

/// The transports' names, in the order in which a run takes them.
std::vector<std::string_view> transport_names();

/// Whether a user that publishes has a second connection for it.
bool publishes_by_post(std::string_view transport);

/// A user on the transport of that name, which must be one of transport_names(), or
/// kNullTransport.
std::unique_ptr<Client> make_client(std::string_view transport, const Shared& shared,
                                    const Identity& identity, const ClientOptions& options);

}  // namespace pushbench::clients

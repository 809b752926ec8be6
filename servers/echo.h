#pragma once

#include "servers/transport.h"

namespace pushbench::servers {

/// Turns the exchange into a WebSocket that sends every message back with its type, or refuses it.
/// `shared` outlives the session.
void upgrade_to_echo(Exchange& exchange, const Shared& shared);

}  // namespace pushbench::servers

#pragma once

#include "servers/answer.h"
#include "servers/exchange.h"
#include "servers/transport.h"

namespace pushbench::servers {

/// Turns the exchange into a WebSocket that sends every message back with its type, or refuses it.
void upgrade_to_echo(Exchange& exchange, const Answers& answers, const TransportOptions& options);

}  // namespace pushbench::servers

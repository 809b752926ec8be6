#pragma once

#include <cstddef>

#include "servers/answer.h"
#include "servers/exchange.h"

namespace pushbench::servers {

/// Turns the exchange into a WebSocket that sends every message back with its type, or refuses it.
void upgrade_to_echo(Exchange& exchange, const Answers& answers, std::size_t max_message);

}  // namespace pushbench::servers

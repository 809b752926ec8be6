#include "servers/polling.h"

namespace pushbench::servers {

void Polling::on_request(Exchange& exchange) {
  const Batch batch = exchange.room->after(exchange.cursor());
  exchange.respond(batch.empty() ? shared_.answers.nothing_new() : shared_.answers.batch(batch));
}

}  // namespace pushbench::servers

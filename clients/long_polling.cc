#include "clients/long_polling.h"

#include <utility>

namespace pushbench::clients {

LongPolling::LongPolling(const Shared& shared, const Identity& identity,
                         const ClientOptions& options)
    : HttpClient(shared, identity, options),
      hold_s_(net::seconds(options.hold)),
      connection_(shared_, traffic_, parts_, *this,
                  {shared_.headers.fetch, options.hold + options.overdue, options.close_each,
                   identity.link}) {}

void LongPolling::ask() {
  target_ = long_poll_target(room_, after(), hold_s_, std::move(target_));
  connection_.get(target_);
}

void LongPolling::on_connected() {
  shared_.listener.on_connection(*this);
  subscribed();
}

void LongPolling::on_response(const wire::HttpMessage& response) {
  if (take_answer(response)) ask();
}

}  // namespace pushbench::clients

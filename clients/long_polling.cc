#include "clients/long_polling.h"

#include <fmt/format.h>

namespace pushbench::clients {

LongPolling::LongPolling(const Shared& shared, const Identity& identity,
                         const ClientOptions& options)
    : HttpClient(shared, identity, options),
      hold_s_(std::chrono::duration<double>(options.hold).count()),
      connection_(shared, traffic_, *this, options.hold + options.overdue) {}

void LongPolling::ask() {
  connection_.send(
      fmt::format("GET /rooms/{}/long-poll?after={}&wait={} HTTP/1.1\r\nHost: {}\r\n\r\n", room_,
                  after(), hold_s_, shared_.server.text()));
}

void LongPolling::on_connected() {
  shared_.listener.on_connection(*this);
  subscribed();
}

void LongPolling::on_response(const wire::HttpMessage& response) {
  if (take_answer(response)) ask();
}

}  // namespace pushbench::clients

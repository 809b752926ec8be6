#include "clients/long_polling.h"

#include <fmt/format.h>

namespace pushbench::clients {

LongPolling::LongPolling(const Shared& shared, const Identity& identity,
                         const ClientOptions& options)
    : Client(shared, identity),
      hold_s_(std::chrono::duration<double>(options.hold).count()),
      connection_(shared.loop, shared.server, traffic_, *this),
      publisher_(shared, *this, traffic_) {}

void LongPolling::join(const std::string& room, Seq after) {
  room_ = room;
  after_ = after;
  connection_.open();
}

void LongPolling::on_connected() {
  shared_.listener.on_connection(*this);
  if (joined_) return;  // a reconnection: its request is on the way already
  joined_ = true;
  shared_.listener.on_joined(*this);
  ask();
}

void LongPolling::ask() {
  connection_.send(
      fmt::format("GET /rooms/{}/long-poll?after={}&wait={} HTTP/1.1\r\nHost: {}\r\n\r\n", room_,
                  after_, hold_s_, shared_.server.text()));
}

void LongPolling::on_response(const wire::HttpMessage& response) {
  if (response.status() == 204) {
    shared_.listener.on_exchange(*this, Ended::empty);
  } else if (response.status() == 200) {
    if (!take_batch(response.body())) return;
    shared_.listener.on_exchange(*this, Ended::delivered);
  } else {
    return on_connection_failed(
        {fmt::format("long-poll answered {}", response.status()), std::string(response.body())});
  }
  ask();
}

void LongPolling::on_connection_failed(const Error& error) {
  shared_.listener.on_failure(*this, error);
}

void LongPolling::leave() {
  connection_.close();
  publisher_.close();
}

}  // namespace pushbench::clients

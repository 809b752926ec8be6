#include "clients/polling.h"

#include <fmt/format.h>

namespace pushbench::clients {

Polling::Polling(const Shared& shared, const Identity& identity, const ClientOptions& options)
    : Client(shared, identity),
      interval_(options.interval),
      connection_(shared.loop, shared.server, traffic_, *this),
      publisher_(shared, *this, traffic_),
      beat_(shared.loop, net::Callback::to<&Polling::on_beat>(this)),
      next_beat_(identity.origin + net::Duration(static_cast<net::Duration::rep>(
                                       identity.phase * static_cast<double>(interval_.count())))) {}

void Polling::join(const std::string& room, Seq after) {
  room_ = room;
  after_ = after;
  connection_.open();
}

void Polling::on_connected() {
  shared_.listener.on_connection(*this);
  if (joined_) return;  // a reconnection: the beat goes on as it was
  joined_ = true;
  shared_.listener.on_joined(*this);
  on_beat();
}

void Polling::on_beat() {
  const net::Time now = net::now();
  if (next_beat_ <= now) {
    if (!connection_.waiting()) ask();
    while (next_beat_ <= now) next_beat_ += interval_;
  }
  beat_.start_at(next_beat_);
}

void Polling::ask() {
  connection_.send(fmt::format("GET /rooms/{}/poll?after={} HTTP/1.1\r\nHost: {}\r\n\r\n", room_,
                               after_, shared_.server.text()));
}

void Polling::on_response(const wire::HttpMessage& response) {
  if (response.status() == 204) return shared_.listener.on_exchange(*this, Ended::empty);
  if (response.status() == 200) {
    if (take_batch(response.body())) shared_.listener.on_exchange(*this, Ended::delivered);
    return;
  }
  on_connection_failed(
      {fmt::format("poll answered {}", response.status()), std::string(response.body())});
}

void Polling::on_connection_failed(const Error& error) {
  beat_.cancel();
  shared_.listener.on_failure(*this, error);
}

void Polling::leave() {
  beat_.cancel();
  connection_.close();
  publisher_.close();
}

}  // namespace pushbench::clients

#include "clients/polling.h"

#include <fmt/format.h>

namespace pushbench::clients {

Polling::Polling(const Shared& shared, const Identity& identity, const ClientOptions& options)
    : HttpClient(shared, identity, options),
      interval_(options.interval),
      connection_(shared, traffic_, *this, options.answer),
      beat_(shared.loop, net::Callback::to<&Polling::on_beat>(this)),
      next_beat_(identity.origin + net::Duration(static_cast<net::Duration::rep>(
                                       identity.phase * static_cast<double>(interval_.count())))) {}

/// The first poll is off the beat, as is the one after a lost connection.
void Polling::connect() {
  wait_for_beat();
  ask();
}

void Polling::disconnect() {
  beat_.cancel();
  connection_.close();
}

void Polling::wait_for_beat() {
  const net::Time now = net::now();
  if (next_beat_ <= now) next_beat_ += interval_ * ((now - next_beat_) / interval_ + 1);
  beat_.start_at(next_beat_);
}

void Polling::on_beat() {
  if (!connection_.waiting()) ask();
  wait_for_beat();
}

void Polling::ask() {
  connection_.send(fmt::format("GET /rooms/{}/poll?after={} HTTP/1.1\r\nHost: {}\r\n\r\n", room_,
                               after(), shared_.server.text()));
}

void Polling::on_connected() {
  shared_.listener.on_connection(*this);
  subscribed();
}

}  // namespace pushbench::clients

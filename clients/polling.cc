#include "clients/polling.h"

#include <utility>

namespace pushbench::clients {

Polling::Polling(const Shared& shared, const Identity& identity, const ClientOptions& options)
    : HttpClient(shared, identity, options),
      interval_(options.interval),
      connection_(shared_, traffic_, parts_, *this,
                  {shared_.headers.fetch, options.answer, options.close_each, identity.link}),
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
  shared_.listener.on_beat(*this, net::now() - next_beat_);
  if (!connection_.waiting()) ask();
  wait_for_beat();
}

void Polling::ask() {
  target_ = poll_target(room_, after(), std::move(target_));
  connection_.get(target_);
}

void Polling::on_connected() {
  shared_.listener.on_connection(*this);
  subscribed();
}

}  // namespace pushbench::clients

#pragma once

#include "net/clock.h"
#include "servers/transport.h"

namespace pushbench::servers {

/// GET /rooms/{room}/long-poll?after=N&wait=S: the request is held until there is something to
/// answer it with, or until S seconds are over. Each message costs a whole exchange for each
/// subscriber, and what is published while a client is between two requests waits for it here.
class LongPolling final : public Transport, private Holder {
 public:
  explicit LongPolling(const Shared& shared) : shared_(shared) {}

  std::string_view name() const override { return "long-polling"; }
  std::string_view route() const override { return "long-poll"; }
  void on_request(Exchange& exchange) override;
  void on_published(Room& room, const Batch& batch) override;
  std::size_t subscribers(const Room& room) const override { return held_.count(room); }
  std::size_t subscribers() const override { return held_.total(); }

 private:
  void on_hold_over(Exchange& exchange) override;
  void on_abandoned(Exchange& exchange) override { held_.remove(exchange); }
  Result<net::Duration> wait_of(const Exchange& exchange) const;

  const Shared shared_;
  RoomMembers<Exchange> held_;
};

}  // namespace pushbench::servers

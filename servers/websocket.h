#pragma once

#include "servers/follower.h"
#include "servers/socket_session.h"
#include "servers/transport.h"

namespace pushbench::servers {

/// GET /rooms/{room}/socket?after=N with an upgrade (RFC 6455): one connection for both directions.
/// Each text frame out is a batch, each text frame in a draft; a draft's echo acknowledges it.
class WebSocket final : public Transport {
 public:
  explicit WebSocket(const Shared& shared)
      : shared_(shared), drafts_(shared.options.draft), sockets_{shared.store, counts()} {}
  ~WebSocket() override;

  std::string_view name() const override { return "websocket"; }
  std::string_view route() const override { return "socket"; }
  void on_request(Exchange& exchange) override;
  void on_published(Room& room, const Batch& batch) override;
  std::size_t subscribers(const Room& room) const override { return sockets_.members.count(room); }
  std::size_t subscribers() const override { return sockets_.members.total(); }

 private:
  class Socket;

  const Shared shared_;
  wire::DraftReader drafts_;
  Followers<Socket> sockets_;
};

}  // namespace pushbench::servers

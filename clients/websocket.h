#pragma once

#include <string>
#include <vector>

#include "clients/drafts_under_way.h"
#include "clients/socket_client.h"

namespace pushbench::clients {

/// Upgrades one connection, on which batches come and drafts go. A draft's echo is its
/// acknowledgement: what has none yet is sent again on the next connection.
class WebSocket final : public SocketClient {
 public:
  WebSocket(const Shared& shared, const Identity& identity, const ClientOptions& options)
      : SocketClient(shared, identity, options) {}

  std::vector<std::string> drafts_under_way() const override { return drafts_.ids(); }

 private:
  std::string target() const override;
  void on_upgraded() override;
  void on_payload(std::string_view batch) override { take_batch(batch); }
  void send_draft(const Draft& draft) override;
  void on_received(const wire::Message& message) override { drafts_.on_received(message); }

  DraftsUnderWay drafts_;
};

}  // namespace pushbench::clients

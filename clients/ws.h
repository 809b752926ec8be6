#pragma once

#include <string>
#include <vector>

#include "clients/drafts_under_way.h"
#include "clients/socket_client.h"

namespace pushbench::clients {

/// Dialect `ws`: a WebSocket for each room, on which each text message is a draft's JSON and goes
/// to everybody in the room, as it is. Nothing is kept: what is said while a connection is down
/// does not come, and a draft is sent once, since nobody would know it again.
class Ws final : public SocketClient {
 public:
  Ws(const Shared& shared, const Identity& identity, const ClientOptions& options);

  std::vector<std::string> drafts_under_way() const override { return drafts_.ids(); }

 private:
  void connect() override;
  std::string target() const override;
  void on_upgraded() override;
  void on_payload(std::string_view json) override { take_draft(json); }
  void send_draft(const Draft& draft) override;
  void on_received(const wire::Message& message) override { drafts_.on_received(message); }

  const std::string path_;
  DraftsUnderWay drafts_;
};

}  // namespace pushbench::clients

#pragma once

#include <deque>
#include <string>

#include "clients/client.h"
#include "clients/http_connection.h"

namespace pushbench::clients {

/// Publishes by POST on a connection of its own, as a browser does while another one waits: opened
/// at the first draft, kept alive, one draft after the other.
class HttpPublisher final : private HttpConnectionListener {
 public:
  HttpPublisher(const Shared& shared, Client& client, net::Traffic& traffic)
      : shared_(shared), client_(client), connection_(shared.loop, shared.server, traffic, *this) {}

  void publish(const std::string& room, const Draft& draft);
  void close() { connection_.close(); }

 private:
  void on_connected() override { shared_.listener.on_connection(client_); }
  void on_response(const wire::HttpMessage& response) override;
  void on_connection_failed(const Error& error) override;

  const Shared& shared_;
  Client& client_;
  HttpConnection connection_;
  std::deque<std::string> requests_;  // behind the one that is under way
};

}  // namespace pushbench::clients

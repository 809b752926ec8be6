#pragma once

#include <string>

#include "clients/http_client.h"
#include "clients/http_connection.h"

namespace pushbench::clients {

/// Asks, waits for the server to have something, and asks again at once.
class LongPolling final : public HttpClient, private HttpConnectionListener {
 public:
  LongPolling(const Shared& shared, const Identity& identity, const ClientOptions& options);

 private:
  void connect() override { ask(); }
  void disconnect() override { connection_.close(); }
  void ask();

  void on_connected() override;
  void on_response(const wire::HttpMessage& response) override;
  void on_connection_lost(const std::string& reason) override { lost(reason); }
  void on_unreadable(const std::string& what) override { failed(what); }

  const double hold_s_;
  HttpConnection connection_;
  std::string target_;  // of the last request: a string that is used again
};

}  // namespace pushbench::clients

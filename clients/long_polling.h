#pragma once

#include "clients/client.h"
#include "clients/http_connection.h"
#include "clients/http_publisher.h"

namespace pushbench::clients {

/// Asks, waits for the server to have something, and asks again at once.
class LongPolling final : public Client, private HttpConnectionListener {
 public:
  LongPolling(const Shared& shared, const Identity& identity, const ClientOptions& options);

  void join(const std::string& room, Seq after) override;
  void publish(const Draft& draft) override { publisher_.publish(room_, draft); }
  void leave() override;

 private:
  void on_connected() override;
  void on_response(const wire::HttpMessage& response) override;
  void on_connection_failed(const Error& error) override;
  void ask();

  const double hold_s_;
  HttpConnection connection_;
  HttpPublisher publisher_;
  bool joined_ = false;
};

}  // namespace pushbench::clients

#pragma once

#include "clients/client.h"
#include "clients/http_connection.h"
#include "clients/http_publisher.h"
#include "net/timer.h"

namespace pushbench::clients {

/// Asks every interval, by the clock and not from answer to answer: a page's setInterval that
/// leaves a beat out while the answer before is still to come.
class Polling final : public Client, private HttpConnectionListener {
 public:
  Polling(const Shared& shared, const Identity& identity, const ClientOptions& options);

  void join(const std::string& room, Seq after) override;
  void publish(const Draft& draft) override { publisher_.publish(room_, draft); }
  void leave() override;

 private:
  void on_connected() override;
  void on_beat();
  void on_response(const wire::HttpMessage& response) override;
  void on_connection_failed(const Error& error) override;
  void ask();

  const net::Duration interval_;
  HttpConnection connection_;
  HttpPublisher publisher_;
  net::Timer beat_;
  net::Time next_beat_;
  bool joined_ = false;
};

}  // namespace pushbench::clients

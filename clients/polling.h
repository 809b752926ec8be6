#pragma once

#include <string>

#include "clients/http_client.h"
#include "clients/http_connection.h"
#include "net/timer.h"

namespace pushbench::clients {

/// Asks every interval, by the clock and not from answer to answer: a page's setInterval that
/// leaves a beat out while the answer before is still to come.
class Polling final : public HttpClient, private HttpConnectionListener {
 public:
  Polling(const Shared& shared, const Identity& identity, const ClientOptions& options);

 private:
  void connect() override;
  void disconnect() override;
  void on_beat();
  void wait_for_beat();
  void ask();

  void on_connected() override;
  void on_response(const wire::HttpMessage& response) override { take_answer(response); }
  void on_connection_lost(const std::string& reason) override { lost(reason); }
  void on_unreadable(const std::string& what) override { failed(what); }

  const net::Duration interval_;
  HttpConnection connection_;
  std::string target_;  // of the last poll: a string that is used again
  net::Timer beat_;
  net::Time next_beat_;
};

}  // namespace pushbench::clients

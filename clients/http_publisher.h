#pragma once

#include <list>
#include <string>
#include <vector>

#include "clients/backoff.h"
#include "clients/client.h"
#include "clients/http_connection.h"

namespace pushbench::clients {

/// Publishes by POST on a connection of its own, as a browser does while another one waits: opened
/// at the first draft, kept alive, one draft after the other. A draft without an answer is sent
/// again; the server knows it by its id, and stores nothing twice.
class HttpPublisher final : private HttpConnectionListener {
 public:
  HttpPublisher(const Shared& shared, Client& client, net::Traffic& traffic, Parts& parts,
                const ClientOptions& options, net::Link* link)
      : shared_(shared),
        client_(client),
        connection_(shared, traffic, parts, *this,
                    {shared.headers.post, options.answer, options.close_each, link}),
        retry_(shared.loop, shared.random, net::Callback::to<&HttpPublisher::send_first>(this)) {}

  void publish(std::string target, const Draft& draft);  // the target is what it is posted to
  void leave();
  void cut();
  std::vector<std::string> drafts_under_way() const;  // their ids: see Client

 private:
  struct Request {
    std::string id;  // of its draft
    std::string target;
    std::string body;
  };

  void on_connected() override { shared_.listener.on_connection(client_); }
  void on_response(const wire::HttpMessage& response) override;
  void on_connection_lost(const std::string& reason) override;
  void on_unreadable(const std::string& what) override;
  void send_first() { connection_.post(requests_.front().target, requests_.front().body); }
  void fail(const std::string& what);

  const Shared& shared_;
  Client& client_;
  HttpConnection connection_;
  std::list<Request> requests_;  // without an answer yet; the first is under way
  Retry retry_;
  bool lost_ = false;  // and not answered since
};

}  // namespace pushbench::clients

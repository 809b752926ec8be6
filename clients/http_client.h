#pragma once

#include <string>
#include <vector>

#include "clients/client.h"
#include "clients/http_publisher.h"
#include "clients/requests.h"

namespace pushbench::clients {

/// What the transports share that publish by POST and are not upgraded: polling, long polling and
/// server-sent events.
class HttpClient : public Client {
 public:
  HttpClient(const Shared& shared, const Identity& identity, const ClientOptions& options)
      : Client(shared, identity),
        publisher_(shared_, *this, traffic_, parts_, options, identity.link) {}

  void leave() override {
    Client::leave();
    publisher_.leave();
  }
  /// Drops the publisher's connection too, but tells of the subscription: that is what comes back.
  bool cut() override {
    publisher_.cut();
    return Client::cut();
  }

  std::vector<std::string> drafts_under_way() const override {
    return publisher_.drafts_under_way();
  }

 protected:
  /// What an answer to a request for messages brings; false if that ended the client, or it has to
  /// try again later.
  bool take_answer(const wire::HttpMessage& answer);
  virtual std::string publish_target() const { return messages_target(room_); }

 private:
  void send_draft(const Draft& draft) override { publisher_.publish(publish_target(), draft); }

  HttpPublisher publisher_;
};

}  // namespace pushbench::clients

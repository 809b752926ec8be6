#pragma once

#include <cstddef>
#include <string>

#include "net/address.h"
#include "net/clock.h"
#include "net/loop.h"
#include "net/random.h"
#include "net/stream.h"
#include "wire/message.h"
#include "wire/result.h"

namespace pushbench::clients {

using wire::Draft;
using wire::Seq;

class Client;

/// What an HTTP exchange was for, and how it ended.
enum class Ended {
  delivered,  // it asked for messages and got some
  empty,      // it asked for messages and got none
  published,  // it carried a draft
  opened,     // it opened a WebSocket
};

/// Hears everything that happens to its clients.
class ClientListener {
 public:
  virtual ~ClientListener() = default;
  virtual void on_joined(Client& client) = 0;  // connected: what is published now will be delivered
  virtual void on_message(Client& client, const wire::Message& message) = 0;
  virtual void on_gap(Client& client, const wire::Gap& gap) = 0;
  virtual void on_exchange(Client& client, Ended how) = 0;
  virtual void on_connection(Client& client) = 0;  // one more TCP connection is open
  virtual void on_failure(Client& client, const Error& error) = 0;
};

/// What the clients of one load share. All outlive the clients.
struct Shared {
  net::Loop& loop;
  const net::Address& server;
  ClientListener& listener;
  wire::BatchReader& batches;
  net::Random& random;
};

/// How the clients of each transport behave.
struct ClientOptions {
  net::Duration interval = std::chrono::seconds(1);  // polling: from one poll to the next
  net::Duration hold = std::chrono::seconds(25);  // long polling: what the server is asked to wait
};

/// Who a client is.
struct Identity {
  std::size_t user = 0;
  double phase = 0;       // polling: where in the interval its polls fall, 0 to 1 …
  net::Time origin = {};  // … counted from here, the same moment for all
};

/// One user on one transport: subscribes to a room and publishes to it.
class Client {
 public:
  Client(const Shared& shared, const Identity& identity)
      : shared_(shared), identity_(identity), inbox_(*this) {}
  virtual ~Client() = default;
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  virtual void join(const std::string& room, Seq after) = 0;
  virtual void publish(const Draft& draft) = 0;
  virtual void leave() = 0;  // closes its connections; no callback comes after it

  std::size_t user() const { return identity_.user; }
  const net::Traffic& traffic() const { return traffic_; }  // of all its connections

 protected:
  /// Hands on what a body or frame holds; false, with the failure reported, if that can't be read.
  bool take_batch(std::string_view json) {
    const auto read = shared_.batches.read(json, inbox_);
    if (!read) shared_.listener.on_failure(*this, read.error());
    return read.has_value();
  }

  const Shared& shared_;
  const Identity identity_;
  std::string room_;
  Seq after_ = 0;  // the last seq it has
  net::Traffic traffic_;

 private:
  /// Keeps the client's place in the room and hands on what a batch holds.
  class Inbox final : public wire::BatchSink {
   public:
    explicit Inbox(Client& client) : client_(client) {}
    void on_message(const wire::Message& message) override {
      client_.after_ = message.seq;
      client_.shared_.listener.on_message(client_, message);
    }
    void on_gap(const wire::Gap& gap) override {
      client_.after_ = gap.last;
      client_.shared_.listener.on_gap(client_, gap);
    }
    void on_problem(std::string_view detail) override {
      client_.shared_.listener.on_failure(client_,
                                          {"the server refused a draft", std::string(detail)});
    }

   private:
    Client& client_;
  };

  Inbox inbox_;
};

}  // namespace pushbench::clients

#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "clients/backoff.h"
#include "clients/parts.h"
#include "clients/request_headers.h"
#include "net/address.h"
#include "net/clock.h"
#include "net/loop.h"
#include "net/random.h"
#include "net/stream.h"
#include "net/tls.h"
#include "wire/http.h"
#include "wire/message.h"
#include "wire/result.h"

namespace pushbench::clients {

using wire::Cursor;
using wire::Draft;

class Client;
class NullRooms;

/// What an HTTP exchange was for, and how it ended.
enum class Ended {
  delivered,  // it asked for messages and got some
  empty,      // it asked for messages and got none
  published,  // it carried a draft (or Socket.IO's answer to a ping)
  opened,  // it opened a WebSocket or an event stream, or was needed before one could be in a room
};

/// Hears everything that happens to its clients.
class ClientListener {
 public:
  virtual ~ClientListener() = default;
  virtual void on_joined(Client& client) = 0;  // connected: what is published now will be delivered
  virtual void on_message(Client& client, const wire::Message& message) = 0;
  virtual void on_gap(Client& client, const wire::Gap& gap) = 0;
  virtual void on_exchange(Client& client, Ended how) = 0;
  /// Polling: a beat was due so long ago, whether or not it asks.
  virtual void on_beat(Client&, net::Duration) {}
  virtual void on_connection(Client& client) = 0;  // one more TCP connection is open
  /// A connection was lost, and not by cut() or leave(). The client replaces it by itself.
  virtual void on_disconnected(Client& client, const std::string& reason) = 0;
  /// Connected again after a cut() or a loss: what it missed will be delivered.
  virtual void on_rejoined(Client& client) = 0;
  /// What trying again does not mend; also a first connection that does not come about.
  virtual void on_failure(Client& client, const Error& error) = 0;
};

/// What the clients of one load share. All outlive the clients.
struct Shared {
  net::Loop& loop;
  const net::Address& server;
  net::TlsContext* tls;  // a client's; null: without TLS
  ClientListener& listener;
  wire::BatchReader& batches;
  net::Random& random;
  const RequestHeaders& headers;       // made for the server
  NullRooms* null_rooms = nullptr;     // where the clients are Null
  const net::Address* from = nullptr;  // a client's: see Identity
  net::Tap* tap = nullptr;             // likewise
};

/// How the clients of each transport behave.
struct ClientOptions {
  net::Duration interval = std::chrono::seconds(1);  // polling: from one poll to the next
  net::Duration hold = std::chrono::seconds(25);  // long polling: what the server is asked to wait
  bool compression = false;                       // WebSocket: offer permessage-deflate
  bool close_each = false;  // polls, long polls and POSTs: a new connection for each exchange
  // How long a client waits until it takes a connection for lost, and opens another one:
  net::Duration answer = std::chrono::seconds(30);  // for the answer to a poll or POST
  // For what it takes to be in a room: the upgrade, where nchan's room stands, Socket.IO's session.
  net::Duration set_up = std::chrono::seconds(9);
  net::Duration overdue = std::chrono::seconds(10);  // for that to a long poll, past its `hold`
  // For anything on an event stream, up to twice as long: three of the server's comments.
  net::Duration silence = std::chrono::seconds(75);
  // For anything on a WebSocket since a ping, and as long from ping to ping; 0: no pings.
  net::Duration ping = std::chrono::seconds(25);
  // Of the server's URL, where its dialect is not ours: docs/adapters.md says what each makes of
  // it.
  std::string path;
};

/// Who a client is.
struct Identity {
  std::size_t user = 0;
  double phase = 0;       // polling: where in the interval its polls fall, 0 to 1 …
  net::Time origin = {};  // … counted from here, the same moment for all
  // What its connections go through; outlives the client and the turn in which that ends. Null: the
  // machine's own network.
  net::Link* link = nullptr;
  const net::Address* from = nullptr;  // where they come from; null: as the kernel chooses
  net::Tap* tap = nullptr;             // sees all of their bytes; null: nobody does
};

/// One user on one transport: subscribes to a room and publishes to it. Once it has joined, a lost
/// connection is replaced after a pause (Backoff), and the subscription goes on where it was.
class Client {
 public:
  Client(const Shared& shared, const Identity& identity);
  virtual ~Client() = default;
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  void join(const std::string& room, const Cursor& after = {});
  /// A draft is sent again until the server has it; by `from` and `id` the server knows it again.
  /// One without an id is given a random one.
  void publish(const Draft& draft);
  virtual void leave();  // closes its connections; no callback comes after it
  /// Drops its connections without a word, as a broken link does. False: it is joining, or waiting
  /// to connect again, and there is nothing to drop.
  virtual bool cut();

  std::size_t user() const { return identity_.user; }
  bool has_joined() const { return state_ == State::joined || state_ == State::lost; }
  bool is_subscribed() const { return state_ == State::joined; }
  /// The ids of its drafts that the server has not said it has, as far as this client knows.
  virtual std::vector<std::string> drafts_under_way() const = 0;
  const Cursor& cursor() const { return cursor_; }          // what it has
  const net::Traffic& traffic() const { return traffic_; }  // of all its connections
  const Parts& parts() const { return parts_; }             // of traffic()

 protected:
  // What a transport does …
  virtual void connect() = 0;     // subscribes to what comes after cursor()
  virtual void disconnect() = 0;  // drops the subscription's connection; no callback
  virtual void send_draft(const Draft& draft) = 0;
  virtual void on_received(const wire::Message&) {}   // before the listener hears of it
  virtual net::Duration pause() const { return {}; }  // before connect(), on top of the back-off's

  // … and what it tells of it. None but subscribed() and take_batch() leave the connection open.
  void subscribed();
  void lost(const std::string& reason, net::Duration at_least = {});  // connect() follows
  void refused(const wire::HttpMessage& answer);  // lost where it says "later", else failed
  void failed(const std::string& what);           // for good

  /// Hands on what a body or frame holds; false if that ended the client.
  bool take_batch(std::string_view json);
  /// Hands on a draft as a message, from a server that passes drafts on as they were published and
  /// numbers none: the client counts them, from the seq of its cursor. False as above.
  bool take_draft(std::string_view json) { return take_draft(shared_.batches.read_draft(json)); }
  bool take_draft(const Result<Draft>& draft);
  void learn_epoch(const wire::HttpMessage& answer);  // if its head names the store's
  void succeeded() { retry_.succeeded(); }            // the next pause is a short one
  std::string after() const;                          // the cursor as a query takes it: "k3f9.17"

  bool has_left() const { return state_ == State::over; }

 private:
  const std::unique_ptr<net::TlsContext> tls_;  // its own: users do not share sessions

 protected:
  const Shared shared_;
  const Identity identity_;
  std::string room_;
  Cursor cursor_;
  net::Traffic traffic_;
  Parts parts_;

 private:
  enum class State { joining, joined, lost, over };

  /// Keeps the client's place in the room and hands on what a batch holds.
  class Inbox final : public wire::BatchSink {
   public:
    explicit Inbox(Client& client) : client_(client) {}
    void on_message(const wire::Message& message) override;
    void on_gap(const wire::Gap& gap) override;
    void on_problem(std::string_view detail) override;

   private:
    Client& client_;
  };

  void reconnect() { connect(); }

  State state_ = State::joining;
  Inbox inbox_;
  Retry retry_;
};

/// Gives bytes to a parser of answers and takes off what it used. Interim answers (1xx, RFC 9110
/// §15.2) are passed over, but not 101, which is the last one in HTTP. True: message() is whole.
tl::expected<bool, wire::HttpError> feed_answer(wire::HttpParser& parser, std::span<char>& bytes);
/// Whether an answer's status asks to try again later, as an overloaded server does.
bool says_later(const wire::HttpMessage& answer);
/// How long its Retry-After asks to wait (RFC 9110 §10.2.3, in seconds): at most an hour.
net::Duration retry_after(const wire::HttpMessage& answer);

}  // namespace pushbench::clients

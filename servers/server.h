#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "net/address.h"
#include "net/listener.h"
#include "net/loop.h"
#include "net/timer.h"
#include "net/tls.h"
#include "servers/answer.h"
#include "servers/api.h"
#include "servers/connection.h"
#include "servers/limits.h"
#include "servers/link_setting.h"
#include "servers/metrics.h"
#include "servers/pages.h"
#include "servers/registry.h"
#include "servers/store.h"
#include "servers/transport.h"

namespace pushbench::servers {

struct ServerOptions {
  std::string bind = "127.0.0.1";
  std::uint16_t port = 8080;  // 0: any free one
  std::string tls_cert;       // PEM file; "": no certificate of one's own
  std::string tls_key;        // PEM file
  bool tls_self_signed = false;
  bool echo = false;  // serve /echo
  std::size_t max_connections = 100'000;
  std::size_t max_subscribers = 100'000;  // that wait in one room
  AccessOptions access;
  StoreOptions store;
  wire::HttpLimits http;
  Deadlines deadlines;
  TransportOptions transports;
  TransportMaker transport_maker = make_transports;
  std::vector<Page> pages;      // for browsers; none: GET / lists the paths alone
  LinkSetting* link = nullptr;  // of each connection; null: none. It outlives the server
};

/// Told what goes wrong with the server itself, at most once a second.
using ServerLog = void (*)(std::string_view what);

/// One listener that serves every transport from one message store, on the caller's loop.
class Server final : private net::Acceptor,
                     private net::TurnHook,
                     private DeliveryListener,
                     private ConnectionOwner {
 public:
  /// `log` may be null.
  static Result<std::unique_ptr<Server>> start(net::Loop& loop, const ServerOptions& options,
                                               ServerLog log = nullptr);
  ~Server() override;

  net::Address address() const { return listener_->address(); }
  bool secure() const { return tls_ != nullptr; }
  const std::string& fingerprint() const { return tls_->fingerprint(); }  // if secure

  /// Stops listening, answers what is held, closes WebSockets with 1001, waits a little for their
  /// closing handshakes, and then has nothing on the loop any more.
  void shut_down();

  std::size_t connections() const { return connections_.size(); }
  MessageStore& store() { return store_; }
  const net::Traffic& bytes() const { return counters_.traffic; }
  const LimitHits& limit_hits() const { return counters_.hits; }

 private:
  Server(net::Loop& loop, const ServerOptions& options, std::unique_ptr<net::TlsContext> tls,
         ServerLog log);

  void on_accept(std::unique_ptr<net::Stream> stream) override;
  void on_accept_failed(const std::string& reason) override;
  std::unique_ptr<net::Link> next_link() override;
  void before_flush() override;
  void after_flush() override { ended_.clear(); }
  void deliver();
  void retire_connections();
  void begin_turn() {}  // it delivers when it ends
  void on_published(Room& room, const Batch& batch) override;
  void on_exchange(Exchange& exchange) override;
  bool on_expect(Exchange& exchange) override { return api_.admit(exchange); }
  void on_waiting(Connection& connection) override { waiting_.push_back(&connection); }
  Answer refusal(const wire::HttpError& error) override;
  Composer& composer() override { return composer_; }
  void on_connection_end(Connection& connection) override;
  net::Traffic& traffic() override { return counters_.traffic; }
  LimitHits& hits() override { return counters_.hits; }
  const wire::HttpLimits& http_limits() const override { return options_.http; }
  const Deadlines& deadlines() const override { return options_.deadlines; }
  std::size_t max_queue() const override { return options_.transports.max_queue; }

  net::Loop& loop_;
  const ServerOptions options_;
  const std::unique_ptr<net::TlsContext> tls_;
  const ServerLog log_;
  std::int64_t logged_ = 0;  // the second of the last line
  Counters counters_;
  Answers answers_;
  Composer composer_;
  MessageStore store_;
  const Shared shared_;
  const Transports transports_;
  Api api_;
  std::vector<std::unique_ptr<Connection>> connections_;  // each knows its place
  std::vector<std::unique_ptr<Connection>> ended_;        // freed when the turn ends
  std::vector<Connection*> waiting_;                      // with requests to serve in this turn
  std::unique_ptr<net::Listener> listener_;
  net::Timer window_timer_;  // until the next batch window is over
};

}  // namespace pushbench::servers

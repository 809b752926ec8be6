#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "net/address.h"
#include "net/listener.h"
#include "net/loop.h"
#include "servers/answer.h"
#include "servers/connection.h"
#include "servers/store.h"
#include "servers/transport.h"

namespace pushbench::servers {

struct ServerOptions {
  std::string bind = "127.0.0.1";
  std::uint16_t port = 8080;  // 0: any free one
  std::size_t max_connections = 100'000;
  bool echo = false;  // serve /echo
  StoreOptions store;
  wire::HttpLimits http;
  TransportOptions transports;
};

/// One listener that serves every transport from one message store, on the caller's loop.
class Server final : private net::Acceptor,
                     private net::TurnHook,
                     private DeliveryListener,
                     private ConnectionOwner {
 public:
  static Result<std::unique_ptr<Server>> start(net::Loop& loop, const ServerOptions& options);
  ~Server() override;

  net::Address address() const { return listener_->address(); }

  /// Stops listening, answers what is held, closes WebSockets with 1001, waits a little for their
  /// closing handshakes, and then has nothing on the loop any more.
  void shut_down();

  std::size_t connections() const { return connections_.size(); }
  MessageStore& store() { return store_; }
  const net::Traffic& bytes() const { return traffic_; }

 private:
  Server(net::Loop& loop, const ServerOptions& options);

  void on_accept(std::unique_ptr<net::Stream> stream) override;
  void before_flush() override;
  void after_flush() override;
  void on_published(Room& room, const Batch& batch) override;
  void on_exchange(Exchange& exchange) override;
  void on_waiting(Connection& connection) override { waiting_.push_back(&connection); }
  Answer refusal(const wire::HttpError& error) override;
  void on_connection_end(Connection& connection) override;
  net::Traffic& traffic() override { return traffic_; }
  const wire::HttpLimits& http_limits() const override { return options_.http; }
  std::size_t max_queue() const override { return options_.transports.max_queue; }

  void route_room(Exchange& exchange, std::string_view rest, std::string_view query);
  void subscribe(Exchange& exchange, std::string_view room, Transport& transport,
                 std::string_view query);
  void publish(Exchange& exchange, std::string_view room);
  void describe_room(Exchange& exchange, std::string_view name);
  bool only(Exchange& exchange, std::string_view method);
  void refuse(Exchange& exchange, int status, std::string_view detail);
  std::string index() const;
  std::string metrics() const;

  net::Loop& loop_;
  const ServerOptions options_;
  Answers answers_;
  MessageStore store_;
  wire::DraftReader drafts_;
  std::vector<std::unique_ptr<Transport>> transports_;
  net::Traffic traffic_;
  std::unordered_map<Connection*, std::unique_ptr<Connection>> connections_;
  std::vector<std::unique_ptr<Connection>> ended_;  // freed when the turn ends
  std::vector<Connection*> waiting_;                // with requests to serve in this turn
  std::unique_ptr<net::Listener> listener_;
  std::uint64_t accepted_ = 0;
  std::uint64_t refused_ = 0;
  std::uint64_t requests_ = 0;
};

}  // namespace pushbench::servers

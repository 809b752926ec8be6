#include "servers/server.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "net/random.h"
#include "servers/clock.h"

namespace pushbench::servers {

namespace {

/// Connections over the limit that may hear that they are; more are closed without a word, so that
/// a flood of them cannot take all descriptors.
constexpr std::size_t kTurnedAwayAtOnce = 32;

/// Four characters of base 32: enough that two starts of one server hardly share an epoch.
std::string draw_epoch() {
  constexpr std::string_view alphabet = "abcdefghijkmnpqrstuvwxyz23456789";
  std::array<std::uint8_t, 4> bytes{};
  net::Random random;
  random.fill(bytes);
  std::string epoch;
  for (const std::uint8_t byte : bytes) epoch += alphabet[byte % alphabet.size()];
  return epoch;
}

/// The server's certificate, where it has one; null: it speaks plain HTTP.
Result<std::unique_ptr<net::TlsContext>> make_tls(const ServerOptions& options) {
  if (options.tls_self_signed) return net::TlsContext::self_signed();
  if (options.tls_cert.empty()) return nullptr;
  return net::TlsContext::from_files(options.tls_cert, options.tls_key);
}

}  // namespace

Server::Server(net::Loop& loop, const ServerOptions& options, std::unique_ptr<net::TlsContext> tls,
               ServerLog log)
    : loop_(loop),
      options_(options),
      tls_(std::move(tls)),
      log_(log),
      store_(options_.store, draw_epoch(), *this),
      shared_{store_, answers_, counters_.hits, options_.transports, options_.deadlines},
      transports_(options_.transport_maker(shared_)),
      api_(shared_,
           {options_.echo, tls_ != nullptr, options_.max_subscribers, options_.access,
            options_.pages, options_.link, net::Callback::to<&Server::retire_connections>(this)},
           transports_, counters_),
      window_timer_(loop, net::Callback::to<&Server::begin_turn>(this)) {
  loop_.add_hook(*this);
}

Result<std::unique_ptr<Server>> Server::start(net::Loop& loop, const ServerOptions& options,
                                              ServerLog log) {
  const auto address = net::Address::parse(options.bind, options.port);
  if (!address) return tl::unexpected(address.error());
  auto tls = make_tls(options);
  if (!tls) return tl::unexpected(tls.error());
  std::unique_ptr<Server> server(new Server(loop, options, std::move(*tls), log));
  auto listener = net::Listener::listen(loop, *address, *server, server->tls_.get());
  if (!listener) return tl::unexpected(listener.error());
  server->listener_ = std::move(*listener);
  return server;
}

Server::~Server() {
  loop_.remove_hook(*this);
  ended_.clear();
  connections_.clear();  // before the transports, whose rooms they may stand in
}

void Server::shut_down() {
  listener_.reset();
  deliver();  // what was accepted is still owed
  std::vector<Connection*> open;
  for (const auto& connection : connections_) open.push_back(connection.get());
  for (Connection* connection : open) connection->shut_down();
}

void Server::on_accept(std::unique_ptr<net::Stream> stream) {
  answers_.set_time(unix_ms() / 1000);
  ++counters_.accepted;
  const bool is_full = connections_.size() >= options_.max_connections;
  if (is_full) counters_.hits.count(Limit::max_connections);
  if (connections_.size() >= options_.max_connections + kTurnedAwayAtOnce) return;
  ConnectionOwner& owner = *this;
  auto connection = std::make_unique<Connection>(std::move(stream), loop_, owner);
  Connection& accepted = *connection;
  accepted.place_ = static_cast<std::uint32_t>(connections_.size());
  connections_.push_back(std::move(connection));
  counters_.open_connections = connections_.size();
  accepted.start();
  if (!is_full) return;
  accepted.turn_away(answers_.problem(503, "this server has all the connections it may have",
                                      "Retry-After: 1\r\n"));
}

/// Out of descriptors, most likely. Those who want in wait meanwhile.
void Server::on_accept_failed(const std::string& reason) {
  counters_.hits.count(Limit::open_files);
  const std::int64_t second = unix_ms() / 1000;
  if (log_ == nullptr || std::exchange(logged_, second) == second) return;
  log_(fmt::format("cannot accept connections: {}; {} are open", reason, connections_.size()));
}

std::unique_ptr<net::Link> Server::next_link() {
  if (options_.link == nullptr) return nullptr;
  return std::make_unique<net::Link>(options_.link->profile(), counters_.accepted);
}

/// So that whoever asks again does so over the link as it is now.
void Server::retire_connections() {
  for (const auto& connection : connections_) connection->retire();
}

/// Once the server is shutting down, nothing waits for its batch window any more.
void Server::deliver() {
  if (listener_ == nullptr) {
    window_timer_.cancel();
    return store_.deliver_all();
  }
  const std::optional<net::Time> next = store_.deliver_due(net::now());
  // Windows end in the order in which they began: a timer that runs is for one before this.
  if (next && !window_timer_.active()) window_timer_.start_at(*next);
}

void Server::before_flush() {
  deliver();
  // Deliveries answer held requests; those that came behind them run now, and may publish again.
  while (!waiting_.empty()) {
    for (Connection* connection : std::exchange(waiting_, {})) connection->serve_early();
    deliver();
  }
}

void Server::on_published(Room& room, const Batch& batch) {
  answers_.set_time(unix_ms() / 1000);
  for (const auto& transport : transports_) transport->on_published(room, batch);
}

void Server::on_connection_end(Connection& connection) {
  if (connection.place_ >= connections_.size()) return;
  std::unique_ptr<Connection>& its_place = connections_[connection.place_];
  if (its_place.get() != &connection) return;  // it has ended before
  std::erase(waiting_, &connection);
  ended_.push_back(std::move(its_place));
  its_place = std::move(connections_.back());
  connections_.pop_back();
  if (connections_.size() > connection.place_) its_place->place_ = connection.place_;
  counters_.open_connections = connections_.size();
}

Answer Server::refusal(const wire::HttpError& error) {
  if (error.status == 413) counters_.hits.count(Limit::max_body);
  if (error.status == 414 || error.status == 431) counters_.hits.count(Limit::max_head);
  answers_.set_time(unix_ms() / 1000);
  return answers_.problem(error.status, error.what);
}

void Server::on_exchange(Exchange& exchange) {
  ++counters_.requests;
  answers_.set_time(unix_ms() / 1000);
  api_.serve(exchange);
}

}  // namespace pushbench::servers

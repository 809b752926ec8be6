#include "servers/server.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "net/random.h"
#include "servers/clock.h"
#include "servers/echo.h"
#include "servers/registry.h"
#include "wire/target.h"

namespace pushbench::servers {

namespace {

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

}  // namespace

Server::Server(net::Loop& loop, const ServerOptions& options)
    : loop_(loop),
      options_(options),
      store_(options_.store, draw_epoch(), *this),
      drafts_(options_.transports.draft),
      transports_(make_transports({store_, answers_, options_.transports})) {
  loop_.add_hook(*this);
}

Result<std::unique_ptr<Server>> Server::start(net::Loop& loop, const ServerOptions& options) {
  const auto address = net::Address::parse(options.bind, options.port);
  if (!address) return tl::unexpected(address.error());
  std::unique_ptr<Server> server(new Server(loop, options));
  auto listener = net::Listener::listen(loop, *address, *server);
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
  store_.deliver_all();  // what was accepted in this turn is still owed
  std::vector<Connection*> open;
  for (const auto& [connection, owned] : connections_) open.push_back(connection);
  for (Connection* connection : open) connection->shut_down();
}

void Server::on_accept(std::unique_ptr<net::Stream> stream) {
  answers_.set_time(unix_ms() / 1000);
  ConnectionOwner& owner = *this;
  auto connection = std::make_unique<Connection>(std::move(stream), loop_, owner);
  Connection& accepted = *connection;
  connections_.emplace(&accepted, std::move(connection));
  ++accepted_;
  accepted.start();
  if (connections_.size() <= options_.max_connections) return;
  ++refused_;
  accepted.turn_away(answers_.problem(503, "this server has all the connections it may have"));
}

void Server::before_flush() {
  store_.deliver_all();
  // Deliveries answer held requests; those that came behind them run now, and may publish again.
  while (!waiting_.empty()) {
    for (Connection* connection : std::exchange(waiting_, {})) connection->serve_early();
    store_.deliver_all();
  }
}

void Server::after_flush() { ended_.clear(); }

void Server::on_published(Room& room, const Batch& batch) {
  answers_.set_time(unix_ms() / 1000);
  for (const auto& transport : transports_) transport->on_published(room, batch);
}

void Server::on_connection_end(Connection& connection) {
  const auto found = connections_.find(&connection);
  if (found == connections_.end()) return;
  ended_.push_back(std::move(found->second));
  connections_.erase(found);
}

Answer Server::refusal(const wire::HttpError& error) {
  answers_.set_time(unix_ms() / 1000);
  return answers_.problem(error.status, error.what);
}

void Server::on_exchange(Exchange& exchange) {
  ++requests_;
  answers_.set_time(unix_ms() / 1000);
  const auto [path, query] = wire::split_target(exchange.request().target());
  if (path.starts_with("/rooms/")) return route_room(exchange, path.substr(7), query);
  if (path == "/echo" && options_.echo) {
    if (!only(exchange, "GET")) return;
    return upgrade_to_echo(exchange, answers_, options_.transports);
  }
  if (path == "/healthz" || path == "/metrics" || path == "/") {
    if (!only(exchange, "GET")) return;
    if (path == "/healthz") return exchange.respond(answers_.text("text/plain", "ok\n"));
    if (path == "/") return exchange.respond(answers_.text("text/plain; charset=utf-8", index()));
    return exchange.respond(answers_.text("text/plain; version=0.0.4", metrics()));
  }
  refuse(exchange, 404, "no such path; GET / lists what is here");
}

/// /rooms/{room} and below: `rest` begins with the room's name.
void Server::route_room(Exchange& exchange, std::string_view rest, std::string_view query) {
  const std::size_t slash = rest.find('/');
  const std::string_view room = rest.substr(0, slash);
  if (!wire::is_room_name(room)) {
    return refuse(exchange, 400, "room: a name is 1 to 64 of A-Z a-z 0-9 . _ -");
  }
  if (slash == std::string_view::npos) {
    if (only(exchange, "GET")) describe_room(exchange, room);
    return;
  }
  const std::string_view route = rest.substr(slash + 1);
  if (route == "messages") {
    if (only(exchange, "POST")) publish(exchange, room);
    return;
  }
  for (const auto& transport : transports_) {
    if (transport->route() != route) continue;
    if (only(exchange, "GET")) subscribe(exchange, room, *transport, query);
    return;
  }
  refuse(exchange, 404, "no such path below a room; GET / lists what is here");
}

void Server::subscribe(Exchange& exchange, std::string_view name, Transport& transport,
                       std::string_view query) {
  const auto after = wire::query_value(query, "after");
  auto cursor = after ? wire::parse_cursor(*after) : Cursor{};
  if (!cursor) return refuse(exchange, 400, cursor.error().line());
  const auto room = store_.open(name);
  if (!room) return refuse(exchange, 503, room.error().line());
  exchange.subscribe_to(**room, std::move(*cursor), query);
  transport.on_request(exchange);
}

void Server::publish(Exchange& exchange, std::string_view name) {
  const auto draft = drafts_.read(exchange.request().body());
  if (!draft) return refuse(exchange, 400, draft.error().line());
  const auto room = store_.open(name);
  if (!room) return refuse(exchange, 503, room.error().line());
  const Published published = store_.publish(**room, *draft, unix_ms());
  exchange.respond(
      answers_.json(published.stored ? 201 : 200, fmt::format(R"({{"seq":{}}})", published.seq)));
}

void Server::describe_room(Exchange& exchange, std::string_view name) {
  const Room& room = store_.view(name);
  std::string json =
      fmt::format(R"({{"room":"{}","epoch":"{}","oldest":{},"last":{},"subscribers":{{)", name,
                  store_.epoch(), room.oldest(), room.last());
  for (const auto& transport : transports_) {
    fmt::format_to(std::back_inserter(json), R"({}"{}":{})",
                   transport == transports_.front() ? "" : ",", transport->name(),
                   transport->subscribers(room));
  }
  exchange.respond(answers_.json(200, json + "}}"));
}

/// Whether the request has that method (a HEAD is a GET without its body); if not, it is refused.
bool Server::only(Exchange& exchange, std::string_view method) {
  const std::string_view asked = exchange.request().method();
  if (asked == method || (asked == "HEAD" && method == "GET")) return true;
  exchange.respond(answers_.problem(405, fmt::format("this path takes {}", method),
                                    method == "GET" ? "Allow: GET, HEAD\r\n" : "Allow: POST\r\n"));
  return false;
}

void Server::refuse(Exchange& exchange, int status, std::string_view detail) {
  exchange.respond(answers_.problem(status, detail));
}

std::string Server::index() const {
  std::string text =
      "pushbench: one chat over several transports\n\n"
      "POST /rooms/{room}/messages                  {\"from\":\"ann\",\"text\":\"hi\"} -> "
      "{\"seq\":1}\n"
      "GET  /rooms/{room}                           what the room holds and who waits in it\n";
  for (const auto& transport : transports_) {
    const std::string path = fmt::format("/rooms/{{room}}/{}?after=N", transport->route());
    fmt::format_to(std::back_inserter(text), "GET  {:<39} {}\n", path, transport->name());
  }
  return text + "GET  /healthz, /metrics\n";
}

std::string Server::metrics() const {
  std::string text;
  const auto add = [&text](std::string_view type, std::string_view name, std::string_view help,
                           std::uint64_t value) {
    fmt::format_to(std::back_inserter(text),
                   "# HELP pushbench_{1} {2}\n# TYPE pushbench_{1} {0}\npushbench_{1} {3}\n", type,
                   name, help, value);
  };
  add("gauge", "connections", "TCP connections that are open.", connections_.size());
  add("gauge", "rooms", "Rooms that exist.", store_.rooms());
  add("counter", "connections_total", "TCP connections accepted.", accepted_);
  add("counter", "connections_refused_total", "Connections over the limit.", refused_);
  add("counter", "requests_total", "HTTP requests, upgrades included.", requests_);
  add("counter", "messages_total", "Messages published.", store_.published());
  add("counter", "read_bytes_total", "Bytes read from sockets.", traffic_.read);
  add("counter", "written_bytes_total", "Bytes written to sockets.", traffic_.written);
  add("counter", "writes_total", "Write system calls that carried them.", traffic_.writes);
  text +=
      "# HELP pushbench_subscribers Clients that wait for messages.\n"
      "# TYPE pushbench_subscribers gauge\n";
  for (const auto& transport : transports_) {
    fmt::format_to(std::back_inserter(text), "pushbench_subscribers{{transport=\"{}\"}} {}\n",
                   transport->name(), transport->subscribers());
  }
  return text;
}

}  // namespace pushbench::servers

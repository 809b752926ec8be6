#include "servers/api.h"

#include <fmt/format.h>

#include <iterator>
#include <utility>

#include "servers/clock.h"
#include "servers/echo.h"
#include "wire/target.h"

namespace pushbench::servers {

namespace {

constexpr std::string_view kGet = "GET, HEAD";
constexpr std::string_view kPost = "POST";
constexpr std::string_view kGetOrPut = "GET, HEAD, PUT";
constexpr std::string_view kEverything = "GET, HEAD, POST";

/// Of a token and of no other: a server that is closed says how it opens (RFC 6750 §3).
constexpr std::string_view kAskForToken = "WWW-Authenticate: Bearer\r\n";

/// What is full now may have room again soon (RFC 9110 §10.2.3).
constexpr std::string_view kTryAgain = "Retry-After: 1\r\n";

bool is_among(std::string_view method, std::string_view methods) {
  return wire::has_token(methods, method);
}

}  // namespace

Api::Routed Api::find(std::string_view path) const {
  if (path.starts_with("/rooms/")) return find_in_room(path.substr(7));
  if (path == "/healthz") return Route{Action::healthz, kGet};
  if (path == "/metrics") return Route{Action::metrics, kGet};
  if (path == "/echo" && options_.echo) return Route{Action::echo, kGet};
  if (path == "/link") {
    if (options_.link != nullptr) return Route{Action::link, kGetOrPut};
    return tl::unexpected<Refusal>(
        {404, "there is no emulated link; start the server with --link"});
  }
  return find_page(path);
}

Api::Routed Api::find_page(std::string_view path) const {
  for (const Page& page : options_.pages) {
    if (page.path == path) return Route{.action = Action::page, .methods = kGet, .page = &page};
  }
  if (path == "/") return Route{Action::index, kGet};
  return tl::unexpected<Refusal>({404, "no such path; GET / lists what is here"});
}

/// /rooms/{room} and below: `rest` begins with the room's name.
Api::Routed Api::find_in_room(std::string_view rest) const {
  const std::size_t slash = rest.find('/');
  const std::string_view room = rest.substr(0, slash);
  if (!wire::is_room_name(room)) {
    return tl::unexpected<Refusal>({400, "room: a name is 1 to 64 of A-Z a-z 0-9 . _ -"});
  }
  if (slash == std::string_view::npos) return Route{Action::describe, kGet, room};
  const std::string_view last = rest.substr(slash + 1);
  if (last == "messages") return Route{Action::publish, kPost, room};
  for (const auto& transport : transports_) {
    if (transport->route() == last) return Route{Action::subscribe, kGet, room, transport.get()};
  }
  return tl::unexpected<Refusal>({404, "no such path below a room; GET / lists what is here"});
}

/// Where a request goes, if it may; adds the CORS lines that its answer needs in any case.
Api::Routed Api::route(Exchange& exchange) {
  const auto refused = [](int status, std::string what, std::string_view headers = {}) {
    return tl::unexpected<Refusal>({status, std::move(what), std::string(headers)});
  };
  const wire::HttpMessage& request = exchange.request();
  const Access::Origin origin = access_.origin_of(request, options_.secure);
  if (origin == Access::Origin::foreign) {
    shared_.hits.count(Limit::allow_origin);
    return refused(403, fmt::format("pages of {} may not come here; start the server with "
                                    "--allow-origin to let them",
                                    request.header("origin")));
  }
  const bool preflight = request.has_header("access-control-request-method");
  if (origin == Access::Origin::listed) {
    exchange.add_headers(net::make_bytes(Access::cors_lines(request.header("origin"), preflight)));
  }
  const auto [path, query] = wire::split_target(request.target());
  const bool is_options = request.method() == "OPTIONS";
  if (path == "*" && is_options) return Route{Action::index, kEverything};
  Routed route = find(path);
  if (!route || is_options) return route;
  route->query = query;
  if (Counts* const counts = counts_of(*route)) exchange.count_in(*counts);
  if (!is_among(request.method(), route->methods)) {
    return refused(405, fmt::format("this path takes {}", route->methods),
                   fmt::format("Allow: {}, OPTIONS\r\n", route->methods));
  }
  if (!may(*route, exchange)) {
    shared_.hits.count(Limit::token_file);
    return refused(401, "this needs the server's token: send Authorization: Bearer TOKEN",
                   kAskForToken);
  }
  const bool brings_body = request.method() == "POST" || request.method() == "PUT";
  if (brings_body && !request.has_header("content-length") &&
      !request.has_header("transfer-encoding")) {
    return refused(411, "send the body's length with it, as Content-Length");
  }
  return route;
}

/// What says nothing about messages, and changes nothing, is open to all.
bool Api::may(const Route& route, const Exchange& exchange) const {
  const wire::HttpMessage& request = exchange.request();
  const bool is_closed = route.action == Action::publish || route.action == Action::subscribe ||
                         (route.action == Action::link && request.method() == "PUT");
  return !is_closed || access_.admits(request, route.query);
}

Counts* Api::counts_of(const Route& route) {
  if (route.transport != nullptr) return &route.transport->counts();
  return route.action == Action::publish ? &counters_.publishing : nullptr;
}

void Api::serve(Exchange& exchange) {
  const Routed route = this->route(exchange);
  if (!route) return refuse(exchange, route.error());
  if (exchange.request().method() == "OPTIONS") return answer_options(exchange, route->methods);
  switch (route->action) {
    case Action::publish:
      return publish(exchange, route->room);
    case Action::subscribe:
      return subscribe(exchange, *route);
    case Action::describe:
      return describe(exchange, route->room);
    case Action::echo:
      return upgrade_to_echo(exchange, shared_);
    case Action::healthz:
      return exchange.respond(shared_.answers.text("text/plain", "ok\n"));
    case Action::metrics:
      return exchange.respond(shared_.answers.text(
          "text/plain; version=0.0.4", metrics_text(counters_, shared_.store, transports_)));
    case Action::link:
      return show_or_change_link(exchange);
    case Action::page:
      return show_page(exchange, *route->page);
    case Action::index:
      return show_index(exchange);
  }
}

bool Api::admit(Exchange& exchange) {
  const Routed route = this->route(exchange);
  if (!route) refuse(exchange, route.error());
  return route.has_value();
}

void Api::answer_options(Exchange& exchange, std::string_view methods) {
  exchange.respond(shared_.answers.no_content(fmt::format("Allow: {}, OPTIONS\r\n", methods)));
}

/// Where the subscriber stands: a browser that reconnects an event stream by itself repeats the URL
/// that it was given and says in Last-Event-ID how far it has come since.
Result<Cursor> Api::cursor_of(const Exchange& exchange, std::string_view query) const {
  const std::string_view last_event = exchange.request().header("last-event-id");
  if (!last_event.empty()) {
    auto cursor = wire::parse_cursor(last_event);
    if (!cursor) return failure("Last-Event-ID", cursor.error().what);
    return cursor;
  }
  const auto after = wire::query_value(query, "after");
  return after ? wire::parse_cursor(*after) : Cursor{};
}

void Api::subscribe(Exchange& exchange, const Route& route) {
  auto cursor = cursor_of(exchange, route.query);
  if (!cursor) return refuse(exchange, {400, cursor.error().line()});
  const auto room = shared_.store.open(route.room);
  if (!room) return refuse_full(exchange, Limit::max_rooms, room.error().line());
  if (route.transport->waits() && waiting_in(**room) >= options_.max_subscribers) {
    return refuse_full(exchange, Limit::max_subscribers,
                       "this room has all the subscribers it may");
  }
  // Whoever does not know the epoch yet is told, and sends it along from then on.
  if (cursor->epoch.empty()) exchange.add_headers(epoch_line_);
  exchange.subscribe_to(**room, std::move(*cursor), route.query);
  route.transport->on_request(exchange);
}

std::size_t Api::waiting_in(const Room& room) const {
  std::size_t sum = 0;
  for (const auto& transport : transports_) sum += transport->subscribers(room);
  return sum;
}

void Api::publish(Exchange& exchange, std::string_view name) {
  const auto draft = drafts_.read(exchange.request().body());
  if (!draft) {
    if (draft.error().too_long) shared_.hits.count(Limit::max_text);
    return refuse(exchange, {400, draft.error().line()});
  }
  const auto room = shared_.store.open(name);
  if (!room) return refuse_full(exchange, Limit::max_rooms, room.error().line());
  const Published published = shared_.store.publish(**room, *draft, unix_ms());
  exchange.respond(shared_.answers.published(published));
}

void Api::describe(Exchange& exchange, std::string_view name) {
  const Room& room = shared_.store.view(name);
  std::string json =
      fmt::format(R"({{"room":"{}","epoch":"{}","oldest":{},"last":{},"subscribers":{{)", name,
                  shared_.store.epoch(), room.oldest(), room.last());
  for (const auto& transport : transports_) {
    fmt::format_to(std::back_inserter(json), R"({}"{}":{})",
                   transport == transports_.front() ? "" : ",", transport->name(),
                   transport->subscribers(room));
  }
  exchange.respond(shared_.answers.json(200, json + "}}"));
}

void Api::show_page(Exchange& exchange, const Page& page) {
  if (page.path == "/" && !wants_html(exchange.request())) return show_index(exchange);
  exchange.respond(answer_with(page, exchange.request(), shared_.answers));
}

void Api::show_index(Exchange& exchange) {
  const std::string_view more = options_.pages.empty() ? std::string_view() : kVaryByAccept;
  exchange.respond(shared_.answers.text("text/plain; charset=utf-8", index(), more));
}

void Api::show_or_change_link(Exchange& exchange) {
  if (exchange.request().method() == "PUT") {
    const auto changed = options_.link->change(exchange.request().body());
    if (!changed) return refuse(exchange, {400, changed.error().line()});
    options_.on_link_change();
  }
  exchange.respond(shared_.answers.json(200, options_.link->json()));
}

void Api::refuse(Exchange& exchange, const Refusal& refusal) {
  exchange.respond(shared_.answers.problem(refusal.status, refusal.what, refusal.headers));
}

void Api::refuse_full(Exchange& exchange, Limit limit, std::string what) {
  shared_.hits.count(limit);
  refuse(exchange, {503, std::move(what), std::string(kTryAgain)});
}

std::string Api::index() const {
  std::string text = "pushbench: one chat over several transports\n\n";
  const auto add = [&text](std::string_view method, std::string_view path, std::string_view what) {
    fmt::format_to(std::back_inserter(text), "{:<4} {:<39} {}\n", method, path, what);
  };
  add("POST", "/rooms/{room}/messages", R"({"from":"ann","text":"hi"} -> {"seq":1})");
  add("GET", "/rooms/{room}", "what the room holds and who waits in it");
  for (const auto& transport : transports_) {
    add("GET", fmt::format("/rooms/{{room}}/{}?after=N", transport->route()), transport->name());
  }
  for (const Page& page : options_.pages) add("GET", page.path, "a page, for a browser");
  if (options_.link != nullptr) add("GET", "/link", "the emulated link; PUT changes it");
  return text + "GET  /healthz, /metrics\n";
}

}  // namespace pushbench::servers

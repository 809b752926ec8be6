#include "clients/nchan.h"

#include <fmt/format.h>

#include <iterator>

#include "wire/nchan.h"

namespace pushbench::clients {

namespace {

/// nchan says something in the silence only if it is told to, and ends a long poll likewise: as a
/// browser, a client waits as long as the connection stands.
ClientOptions patient(ClientOptions options) {
  options.silence = {};
  return options;
}

std::string last_event_id_line(std::string_view id) {
  return fmt::format("Last-Event-ID: {}\r\n", id);
}

}  // namespace

NchanPaths::NchanPaths(std::string_view path) : prefix_(path) {
  while (prefix_.ends_with('/')) prefix_.pop_back();
}

std::string NchanPaths::subscribe(std::string_view room) const {
  return prefix_ + "/sub/" + std::string(room);
}

/// 404: nothing has ever been published there, so all is new.
std::optional<std::string> nchan_place(const wire::HttpMessage& answer) {
  if (answer.status() == 404) return std::string(wire::kNchanBeginning);
  if (answer.status() != 200) return std::nullopt;
  const std::optional<std::string_view> place = wire::read_nchan_place(answer.body());
  return place ? std::optional<std::string>(*place) : std::nullopt;
}

NchanLongPolling::NchanLongPolling(const Shared& shared, const Identity& identity,
                                   const ClientOptions& options)
    : HttpClient(shared, identity, options),
      paths_(options.path),
      connection_(
          shared_, traffic_, parts_, *this,
          {shared_.headers.fetch, net::Duration::zero(), options.close_each, identity.link}) {}

void NchanLongPolling::ask() {
  if (cursor_.empty()) return connection_.get(paths_.publish(room_));
  connection_.get(paths_.subscribe(room_), cursor_);
}

void NchanLongPolling::on_connected() {
  shared_.listener.on_connection(*this);
  if (!cursor_.empty()) subscribed();
}

void NchanLongPolling::begin(const wire::HttpMessage& answer) {
  shared_.listener.on_exchange(*this, Ended::opened);
  const std::optional<std::string> place = nchan_place(answer);
  if (!place) return refused(answer);
  cursor_ = last_event_id_line(*place);
  subscribed();
  if (!has_left()) ask();
}

void NchanLongPolling::on_response(const wire::HttpMessage& response) {
  if (cursor_.empty()) return begin(response);
  const bool empty = response.status() == 408;  // its nchan_subscriber_timeout is over
  if (!empty && response.status() != 200) return refused(response);
  succeeded();
  if (!empty) {
    cursor_.clear();
    fmt::format_to(std::back_inserter(cursor_), "If-Modified-Since: {}\r\nIf-None-Match: {}\r\n",
                   response.header("Last-Modified"), response.header("Etag"));
    if (!take_draft(response.body())) return;
  }
  shared_.listener.on_exchange(*this, empty ? Ended::empty : Ended::delivered);
  if (!has_left()) ask();
}

NchanSse::NchanSse(const Shared& shared, const Identity& identity, const ClientOptions& options)
    : FromNchanPlace(shared, identity, patient(options)) {}

std::string NchanSse::more_headers() const {
  const std::string_view id = last_event_id();
  return last_event_id_line(id.empty() ? place_ : id);
}

/// Its pings are events of another type.
void NchanSse::take_event(std::string_view type, std::string_view data, std::string_view) {
  if (type == "message") take_draft(data);
}

NchanWebSocket::NchanWebSocket(const Shared& shared, const Identity& identity,
                               const ClientOptions& options)
    : FromNchanPlace(shared, identity, options),
      publisher_(shared_, *this, traffic_, parts_, options, identity.link) {}

/// The id goes where a page can put it, whose WebSocket has no headers of its own.
std::string NchanWebSocket::target() const {
  return fmt::format("{}?last_event_id={}", paths_.subscribe(room_), place_);
}

std::string_view NchanWebSocket::subprotocol() const { return wire::kNchanMetaSubprotocol; }

void NchanWebSocket::on_payload(std::string_view text) {
  const auto message = wire::read_nchan_message(text);
  if (!message) return failed(message.error().line());
  place_ = message->id;
  take_draft(message->body);
}

void NchanWebSocket::leave() {
  FromNchanPlace::leave();
  publisher_.leave();
}

bool NchanWebSocket::cut() {
  publisher_.cut();
  return FromNchanPlace::cut();
}

}  // namespace pushbench::clients

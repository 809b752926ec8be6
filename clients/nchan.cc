#include "clients/nchan.h"

#include <fmt/format.h>

#include "wire/nchan.h"

namespace pushbench::clients {

namespace {

/// nchan says something in the silence only if it is told to, and ends a long poll likewise: as a
/// browser, a client waits as long as the connection stands.
ClientOptions patient(ClientOptions options) {
  options.silence = {};
  return options;
}

}  // namespace

NchanPaths::NchanPaths(std::string_view path) : prefix_(path) {
  while (prefix_.ends_with('/')) prefix_.pop_back();
}

std::string NchanPaths::subscribe(std::string_view room) const {
  return prefix_ + "/sub/" + std::string(room);
}

NchanLongPolling::NchanLongPolling(const Shared& shared, const Identity& identity,
                                   const ClientOptions& options)
    : HttpClient(shared, identity, options),
      paths_(options.path),
      connection_(
          shared_, traffic_, parts_, *this,
          {shared_.headers.fetch, net::Duration::zero(), options.close_each, identity.link}) {}

void NchanLongPolling::on_connected() {
  shared_.listener.on_connection(*this);
  subscribed();
}

void NchanLongPolling::on_response(const wire::HttpMessage& response) {
  const bool empty = response.status() == 408;  // its nchan_subscriber_timeout is over
  if (!empty && response.status() != 200) return refused(response);
  succeeded();
  if (!empty) {
    cursor_lines_ = fmt::format("If-Modified-Since: {}\r\nIf-None-Match: {}\r\n",
                                response.header("Last-Modified"), response.header("Etag"));
    if (!take_draft(response.body())) return;
  }
  shared_.listener.on_exchange(*this, empty ? Ended::empty : Ended::delivered);
  if (!has_left()) ask();
}

NchanSse::NchanSse(const Shared& shared, const Identity& identity, const ClientOptions& options)
    : Sse(shared, identity, patient(options)), paths_(options.path) {}

std::string NchanSse::more_headers() const {
  const std::string_view id = last_event_id();
  return id.empty() ? "" : fmt::format("Last-Event-ID: {}\r\n", id);
}

/// Its pings are events of another type.
void NchanSse::take_event(std::string_view type, std::string_view data, std::string_view) {
  if (type == "message") take_draft(data);
}

NchanWebSocket::NchanWebSocket(const Shared& shared, const Identity& identity,
                               const ClientOptions& options)
    : SocketClient(shared, identity, options),
      paths_(options.path),
      publisher_(shared_, *this, traffic_, parts_, options, identity.link) {}

/// The id goes where a page can put it, whose WebSocket has no headers of its own.
std::string NchanWebSocket::target() const {
  const std::string target = paths_.subscribe(room_);
  return last_id_.empty() ? target : target + "?last_event_id=" + last_id_;
}

std::string_view NchanWebSocket::subprotocol() const { return wire::kNchanMetaSubprotocol; }

void NchanWebSocket::on_payload(std::string_view text) {
  const auto message = wire::read_nchan_message(text);
  if (!message) return failed(message.error().line());
  last_id_ = message->id;
  take_draft(message->body);
}

void NchanWebSocket::leave() {
  SocketClient::leave();
  publisher_.leave();
}

bool NchanWebSocket::cut() {
  publisher_.cut();
  return SocketClient::cut();
}

}  // namespace pushbench::clients

#include "clients/socket_io.h"

#include <fmt/format.h>

#include "clients/answered.h"
#include "clients/requests.h"

namespace pushbench::clients {

using Kind = wire::SocketIoPacket::Kind;

namespace {

constexpr std::string_view kUsualPath = "/socket.io/";
constexpr std::uint64_t kLongestPauseMs = 24 * 3600 * 1000;  // that a server may make between pings

/// It is the server that pings, in packets of its own: a page's WebSocket could not do it.
ClientOptions without_pings(ClientOptions options) {
  options.ping = {};
  return options;
}

}  // namespace

SocketIoSession::SocketIoSession(net::Loop& loop, SocketIoListener& listener,
                                 net::Duration patience)
    : listener_(listener),
      patience_(patience),
      timer_(loop, net::Callback::to<&SocketIoSession::on_overdue>(this)) {}

void SocketIoSession::begin(const std::string& room) {
  room_ = room;
  begun_ = true;
  open_ = in_room_ = false;
  timer_.start_in(patience_);
}

void SocketIoSession::end() {
  begun_ = open_ = in_room_ = false;
  timer_.cancel();
}

bool SocketIoSession::on_packet(std::string_view text) {
  if (!begun_) return false;
  const auto packet = wire::read_socket_io(text);
  if (!packet || (!open_ && packet->kind != Kind::open)) {
    listener_.on_over(packet ? "the server began without an open packet; is this Engine.IO 4?"
                             : packet.error().line(),
                      true);
    return false;
  }
  take(*packet);
  return begun_;
}

void SocketIoSession::take(const wire::SocketIoPacket& packet) {
  switch (packet.kind) {
    case Kind::open:
      open(packet.data);
      break;
    case Kind::connected:
      listener_.carry(wire::encode_join(room_));
      break;
    case Kind::ack:
      if (packet.id != wire::kJoinId || std::exchange(in_room_, true)) break;
      timer_.start_in(heartbeat_);
      listener_.on_room_joined();
      break;
    case Kind::event:
      listener_.on_event(packet.data);
      break;
    case Kind::ping:
      if (in_room_) timer_.start_in(heartbeat_);
      listener_.carry(wire::kPongPacket);
      break;
    case Kind::noop:
      break;
    case Kind::close:
      listener_.on_over("the server closed the session", false);
      break;
    case Kind::disconnected:  // Socket.IO's own client does not come back by itself either
      listener_.on_over("the server disconnected this client", true);
      break;
    case Kind::connect_error:
      listener_.on_over("the server refused its namespace: " + in_one_line(packet.data), true);
      break;
  }
}

void SocketIoSession::open(std::string_view json) {
  const auto session = wire::read_engine_session(json);
  if (!session) return listener_.on_over(session.error().line(), true);
  heartbeat_ = std::chrono::milliseconds(std::min(session->ping_interval_ms, kLongestPauseMs) +
                                         std::min(session->ping_timeout_ms, kLongestPauseMs));
  open_ = true;
  listener_.on_session(*session);
  listener_.carry(wire::kConnectPacket);
}

void SocketIoSession::on_overdue() {
  listener_.on_over(in_room_ ? "no ping came in time" : "no acknowledgement of the join came",
                    false);
}

SocketIoPosts::SocketIoPosts(const Shared& shared, Client& client, net::Traffic& traffic,
                             Parts& parts, SocketIoListener& session, const ClientOptions& options,
                             net::Link* link)
    : shared_(shared),
      client_(client),
      session_(session),
      connection_(shared, traffic, parts, *this,
                  {shared.headers.post, options.answer, options.close_each, link}) {}

void SocketIoPosts::begin(std::string target, std::uint64_t max_payload) {
  target_ = std::move(target);
  max_payload_ = max_payload;
}

void SocketIoPosts::send(std::string_view packet, Ended kind) {
  if (!waiting_.empty()) waiting_ += wire::kPacketSeparator;
  waiting_ += packet;
  waiting_kind_ = kind;
  if (!connection_.waiting()) post();
}

/// All that waits, or as much of it as the server takes: at least one packet.
void SocketIoPosts::post() {
  kind_ = waiting_kind_;
  if (max_payload_ == 0 || waiting_.size() <= max_payload_) {
    return connection_.post(target_, std::exchange(waiting_, {}));
  }
  std::size_t end = waiting_.rfind(wire::kPacketSeparator, max_payload_);
  if (end == std::string::npos) end = waiting_.find(wire::kPacketSeparator);
  connection_.post(target_, std::string_view(waiting_).substr(0, end));
  waiting_.erase(0, end == std::string::npos ? end : end + 1);
}

void SocketIoPosts::on_response(const wire::HttpMessage& response) {
  shared_.listener.on_exchange(client_, kind_);
  if (response.status() != 200) {
    return session_.on_over("a POST was " + answered(response),
                            response.status() != 400 && !says_later(response));
  }
  if (!waiting_.empty()) post();
}

void SocketIoPosts::close() {
  connection_.close();
  waiting_.clear();
}

SocketIoLongPolling::SocketIoLongPolling(const Shared& shared, const Identity& identity,
                                         const ClientOptions& options)
    : InSocketIoRoom(shared, identity, options),
      path_(path_or(options.path, kUsualPath)),
      polls_(shared_, traffic_, parts_, *this,
             {shared_.headers.fetch, net::Duration::zero(), options.close_each, identity.link}),
      posts_(shared_, *this, traffic_, parts_, *this, options, identity.link) {}

std::string SocketIoLongPolling::target() const {
  return fmt::format("{}?EIO=4&transport=polling{}{}", path_, sid_.empty() ? "" : "&sid=", sid_);
}

void SocketIoLongPolling::connect() {
  drafts_.drop_sent();
  sid_.clear();
  session_.begin(room_);
  ask();
}

void SocketIoLongPolling::disconnect() {
  session_.end();
  polls_.close();
  posts_.close();
}

void SocketIoLongPolling::on_response(const wire::HttpMessage& response) {
  if (response.status() != 200) return refuse(response);
  if (response.has_header("Content-Encoding")) {
    return failed("answered compressed; set the server's httpCompression to false");
  }
  const bool opens = !session_.in_room();
  const wire::Seq had = cursor_.seq;
  if (!take_packets(response.body())) return;
  const Ended took = cursor_.seq > had ? Ended::delivered : Ended::empty;
  shared_.listener.on_exchange(*this, opens ? Ended::opened : took);
  if (!has_left()) ask();
}

bool SocketIoLongPolling::take_packets(std::string_view payload) {
  do {
    if (!session_.on_packet(wire::take_packet(payload))) return false;
  } while (!payload.empty());
  return true;
}

/// 400 within a session: the server does not know it any more, and begins another one.
void SocketIoLongPolling::refuse(const wire::HttpMessage& response) {
  if (sid_.empty() || response.status() != 400) return refused(response);
  lost("the session has ended: " + in_one_line(response.body()));
}

bool SocketIoLongPolling::carry(std::string_view packet) {
  posts_.send(packet, session_.in_room() ? Ended::published : Ended::opened);
  return true;
}

void SocketIoLongPolling::on_session(const wire::EngineSession& session) {
  sid_ = session.sid;
  posts_.begin(target(), session.max_payload);
}

SocketIoWebSocket::SocketIoWebSocket(const Shared& shared, const Identity& identity,
                                     const ClientOptions& options)
    : InSocketIoRoom(shared, identity, options, without_pings(options)),
      path_(path_or(options.path, kUsualPath)) {}

std::string SocketIoWebSocket::target() const { return path_ + "?EIO=4&transport=websocket"; }

void SocketIoWebSocket::connect() {
  drafts_.drop_sent();
  SocketClient::connect();
}

void SocketIoWebSocket::disconnect() {
  session_.end();
  SocketClient::disconnect();
}

}  // namespace pushbench::clients

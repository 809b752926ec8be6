#include "wire/socket_io.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <charconv>
#include <system_error>

namespace pushbench::wire {

namespace {

using Kind = SocketIoPacket::Kind;

tl::unexpected<Error> wrong(std::string what) { return failure("packet", std::move(what)); }

char first(std::string_view text) { return text.empty() ? '\0' : text.front(); }

/// Behind the type of a packet with an id: its digits and its data.
Result<SocketIoPacket> read_ack(std::string_view text) {
  SocketIoPacket packet{Kind::ack, 0, {}};
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, packet.id);
  if (error != std::errc()) return wrong("acknowledges something without a number");
  packet.data = text.substr(static_cast<std::size_t>(rest - text.data()));
  return packet;
}

/// An event of which the server wants an acknowledgement has an id, too: nobody gives it one.
Result<SocketIoPacket> read_event(std::string_view text) {
  const std::size_t data = std::min(text.find_first_not_of("0123456789"), text.size());
  return SocketIoPacket{Kind::event, 0, text.substr(data)};
}

/// What is in one of Engine.IO's messages.
Result<SocketIoPacket> read_message(std::string_view text) {
  if (text.empty()) return wrong("is a message without anything in it");
  const std::string_view rest = text.substr(1);
  if (first(rest) == '/') return wrong("is of a namespace that was not asked for");
  switch (text.front()) {
    case '0':
      return SocketIoPacket{Kind::connected, 0, rest};
    case '1':
      return SocketIoPacket{Kind::disconnected, 0, {}};
    case '2':
      return read_event(rest);
    case '3':
      return read_ack(rest);
    case '4':
      return SocketIoPacket{Kind::connect_error, 0, rest};
    case '5':
    case '6':
      return wrong("is binary; this client takes text");
    default:
      return wrong("is none of Socket.IO 4");
  }
}

}  // namespace

Result<SocketIoPacket> read_socket_io(std::string_view text) {
  if (text.empty()) return wrong("is empty");
  const std::string_view rest = text.substr(1);
  switch (text.front()) {
    case '0':
      return SocketIoPacket{Kind::open, 0, rest};
    case '1':
      return SocketIoPacket{Kind::close, 0, {}};
    case '2':
      return SocketIoPacket{Kind::ping, 0, {}};
    case '4':
      return read_message(rest);
    case '6':
      return SocketIoPacket{Kind::noop, 0, {}};
    case 'b':
      return wrong("is binary; this client takes text");
    default:
      return wrong("is none of Engine.IO 4");
  }
}

std::string_view take_packet(std::string_view& payload) {
  const std::size_t end = std::min(payload.find(kPacketSeparator), payload.size());
  const std::string_view packet = payload.substr(0, end);
  payload.remove_prefix(std::min(end + 1, payload.size()));
  return packet;
}

namespace {

/// Of base64 for URLs, as Engine.IO's own are, or any other that needs no encoding.
bool is_sid(std::string_view text) {
  return !text.empty() && text.size() <= 256 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.' || c == '~';
  });
}

}  // namespace

Result<EngineSession> read_engine_session(std::string_view json) {
  simdjson::dom::parser parser;
  simdjson::dom::element document;
  EngineSession session;
  std::string_view sid;
  const bool complete =
      !json.empty() && parser.parse(json.data(), json.size()).get(document) == simdjson::SUCCESS &&
      document["sid"].get(sid) == simdjson::SUCCESS &&
      document["pingInterval"].get(session.ping_interval_ms) == simdjson::SUCCESS &&
      document["pingTimeout"].get(session.ping_timeout_ms) == simdjson::SUCCESS;
  if (!complete || !is_sid(sid)) {
    return failure("open packet",
                   "lacks its sid, pingInterval or pingTimeout; is this Engine.IO 4?");
  }
  // An absent one stays 0: the oldest servers of this revision do not say it.
  if (document["maxPayload"].get(session.max_payload) != simdjson::SUCCESS) session.max_payload = 0;
  session.sid = sid;
  return session;
}

std::string encode_join(std::string_view room) {
  std::string packet = fmt::format(R"(42{}["join",)", kJoinId);
  append_quoted(packet, room);
  return packet + "]";
}

std::string encode_say(std::string_view room, const Draft& draft) {
  std::string packet = R"(42["say",)";
  append_quoted(packet, room);
  packet += ',';
  packet += encode_draft(draft);
  return packet + "]";
}

}  // namespace pushbench::wire

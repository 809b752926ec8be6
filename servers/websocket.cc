#include "servers/websocket.h"

#include <array>

#include "servers/clock.h"
#include "wire/handshake.h"

namespace pushbench::servers {

using wire::CloseCode;
using wire::Opcode;

/// One subscriber: it joins its room when the upgrade is done and stays until either side closes.
class WebSocket::Socket final : public SocketSession, public RoomMember {
 public:
  Socket(WebSocket& transport, Room& its_room, const Cursor& cursor)
      : SocketSession(transport.shared_.options.max_message, transport.shared_.options.max_queue),
        transport_(transport),
        backlog_from_(cursor) {
    room = &its_room;
  }
  ~Socket() override { Socket::leave(); }

  void deliver(const net::Bytes& frame_header, const net::Bytes& json);

 private:
  void on_start() override;
  void on_text(std::string_view text) override;
  void on_binary(std::string_view) override;
  void leave() override;

  WebSocket& transport_;
  Cursor backlog_from_;
  bool joined_ = false;
};

namespace {

/// A batch's frame header is the same for all its subscribers, as a server's frames are not masked.
net::Bytes frame_header_for(const Batch& batch) {
  std::array<char, wire::kMaxFrameHeader> header;
  const std::size_t size = wire::encode_frame_header(Opcode::text, batch.json->size(), {}, header);
  return net::make_bytes(std::string(header.data(), size));
}

}  // namespace

void WebSocket::on_request(Exchange& exchange) {
  auto accepted = wire::accept_upgrade(exchange.request());
  if (!accepted) {
    return exchange.respond(shared_.answers.refused_upgrade(accepted.error()));
  }
  exchange.upgrade(std::move(*accepted),
                   std::make_unique<Socket>(*this, *exchange.room, exchange.cursor()));
}

void WebSocket::on_published(Room& room, const Batch& batch) {
  if (sockets_.count(room) == 0) return;
  const net::Bytes header = frame_header_for(batch);
  sockets_.for_each(room, [&](Socket& socket) { socket.deliver(header, batch.json); });
}

void WebSocket::Socket::on_start() {
  // What was published in this turn goes to those already here; the backlog then begins after it.
  transport_.shared_.store.deliver(*room);
  for (Batch batch = room->after(backlog_from_); !batch.empty();) {
    send(frame_header_for(batch), batch.json);
    if (batch.last >= room->last()) break;
    batch = room->after({"", batch.last});
  }
  backlog_from_ = {};
  transport_.sockets_.add(*this);
  joined_ = true;
}

void WebSocket::Socket::deliver(const net::Bytes& frame_header, const net::Bytes& json) {
  if (!cut_if_slow()) send(frame_header, json);
}

void WebSocket::Socket::on_text(std::string_view text) {
  const Result<Draft> draft = transport_.drafts_.read(text);
  if (!draft) {
    send(Opcode::text,
         "{\"problem\":" + wire::encode_problem(400, "Bad Request", draft.error().line()) + "}");
    return;
  }
  transport_.shared_.store.publish(*room, *draft, unix_ms());
}

void WebSocket::Socket::on_binary(std::string_view) {
  close(CloseCode::unsupported_data, "send drafts as text frames");
}

void WebSocket::Socket::leave() {
  if (joined_) transport_.sockets_.remove(*this);
  joined_ = false;
}

}  // namespace pushbench::servers

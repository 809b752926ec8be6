#include "servers/websocket.h"

#include <array>

#include "servers/clock.h"
#include "wire/handshake.h"

namespace pushbench::servers {

using wire::Opcode;

/// One subscriber: it joins its room when the upgrade is done and stays until either side closes.
class WebSocket::Socket final : public SocketSession, public RoomMember {
 public:
  Socket(WebSocket& transport, Room& its_room, const Cursor& cursor)
      : SocketSession(transport.shared_.options.max_message, transport.shared_.options.max_queue),
        transport_(transport),
        position_(cursor) {
    room = &its_room;
  }
  ~Socket() override { Socket::leave(); }

  void deliver(const net::Bytes& frame_header, const net::Bytes& json);

 private:
  void on_start() override { catch_up(); }
  void on_flushed() override;
  void catch_up();
  void on_text(std::string_view text) override;
  void on_binary(std::string_view) override;
  void complain(std::string_view detail);
  void leave() override;

  WebSocket& transport_;
  Cursor position_;  // up to here it has the backlog
  bool joined_ = false;
};

namespace {

/// A batch's frame header is the same for all its subscribers, as a server's frames are not masked.
net::Bytes frame_header_for(const Batch& batch) {
  std::array<char, wire::kMaxFrameHeader> header;
  const std::size_t size =
      wire::encode_frame_header({.opcode = Opcode::text, .length = batch.json->size()}, header);
  return net::make_bytes(std::string(header.data(), size));
}

}  // namespace

void WebSocket::on_request(Exchange& exchange) {
  auto accepted = wire::accept_upgrade(exchange.request());
  if (!accepted) {
    return exchange.respond(shared_.answers.refused_upgrade(accepted.error()));
  }
  exchange.upgrade(std::move(accepted->head),
                   std::make_unique<Socket>(*this, *exchange.room, exchange.cursor()));
}

void WebSocket::on_published(Room& room, const Batch& batch) {
  if (sockets_.count(room) == 0) return;
  const net::Bytes header = frame_header_for(batch);
  sockets_.for_each(room, [&](Socket& socket) { socket.deliver(header, batch.json); });
}

/// Hands out the backlog one batch at a time, the next when the one before has left, so that a long
/// one neither fills the memory nor counts as slow reading. A socket that has it all joins the
/// room.
void WebSocket::Socket::catch_up() {
  // What was published in this turn goes to those already here; the backlog then begins after it.
  transport_.shared_.store.deliver(*room);
  if (const Batch batch = room->after(position_); !batch.empty()) {
    send(frame_header_for(batch), batch.json);
    position_ = {"", batch.last};
  }
  if (position_.seq < room->last()) return;
  transport_.sockets_.add(*this);
  joined_ = true;
}

void WebSocket::Socket::on_flushed() {
  if (!joined_ && !closing()) catch_up();
}

void WebSocket::Socket::deliver(const net::Bytes& frame_header, const net::Bytes& json) {
  if (!cut_if_slow()) send(frame_header, json);
}

void WebSocket::Socket::on_text(std::string_view text) {
  const Result<Draft> draft = transport_.drafts_.read(text);
  if (!draft) return complain(draft.error().line());
  transport_.shared_.store.publish(*room, *draft, unix_ms());
}

void WebSocket::Socket::on_binary(std::string_view) { complain("send drafts as text frames"); }

void WebSocket::Socket::complain(std::string_view detail) {
  send(Opcode::text, "{\"problem\":" + wire::encode_problem(400, "Bad Request", detail) + "}");
}

void WebSocket::Socket::leave() {
  if (joined_) transport_.sockets_.remove(*this);
  joined_ = false;
}

}  // namespace pushbench::servers

#include "servers/websocket.h"

#include <utility>

#include "servers/batch_frames.h"
#include "servers/clock.h"
#include "wire/handshake.h"

namespace pushbench::servers {

using wire::Opcode;

/// One subscriber: it follows its room from the upgrade on, until either side closes.
class WebSocket::Socket final : public SocketSession, public Follower<Socket> {
 public:
  Socket(WebSocket& transport, const Exchange& exchange, const Compression& compression)
      : SocketSession(transport.shared_, compression),
        Follower(transport.sockets_, exchange),
        drafts_(transport.drafts_) {}
  ~Socket() override { Follower::leave(); }

  void send(const Batch& batch) {
    BatchFrames frames(batch);
    send(frames);
  }
  void send(BatchFrames& frames);
  using SocketSession::cut_if_slow;

 private:
  using SocketSession::send;

  void on_start() override { catch_up(); }
  void on_room_to_send() override { catch_up(); }
  void leave() override { Follower::leave(); }
  void on_text(std::string_view text) override;
  void on_binary(std::string_view) override { complain("send drafts as text frames"); }
  void complain(std::string_view detail);

  wire::DraftReader& drafts_;
};

WebSocket::~WebSocket() = default;

void WebSocket::on_request(Exchange& exchange) {
  auto accepted = wire::accept_upgrade(exchange.request(), {shared_.options.compression},
                                       exchange.header_lines());
  if (!accepted) {
    return exchange.respond(shared_.answers.refused_upgrade(accepted.error()));
  }
  exchange.upgrade(std::move(accepted->head),
                   std::make_unique<Socket>(*this, exchange, accepted->compression));
}

void WebSocket::on_published(Room& room, const Batch& batch) {
  if (sockets_.members.count(room) == 0) return;
  BatchFrames frames(batch);
  sockets_.members.for_each(room, [&](Socket& socket) { socket.deliver(batch, frames); });
}

/// Only a socket that keeps its context from message to message needs frames of its own.
void WebSocket::Socket::send(BatchFrames& frames) {
  if (compression() == nullptr) return send(frames.plain());
  if (!compression()->server_no_context_takeover) return send(Opcode::text, *frames.json());
  send(frames.compressed(compression()->server_max_window_bits));
}

void WebSocket::Socket::on_text(std::string_view text) {
  const auto draft = drafts_.read(text);
  if (!draft && draft.error().too_long) shared_.hits.count(Limit::max_text);
  if (!draft) return complain(draft.error().line());
  shared_.store.publish(*room, *draft, unix_ms());
}

void WebSocket::Socket::complain(std::string_view detail) {
  send(Opcode::text, "{\"problem\":" + wire::encode_problem(400, "Bad Request", detail) + "}");
}

}  // namespace pushbench::servers

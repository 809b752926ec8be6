#include "servers/socket_session.h"

#include <utility>

namespace pushbench::servers {

using wire::CloseCode;
using wire::Opcode;

namespace {
constexpr std::chrono::seconds kCloseTime{2};  // for the peer's half of the closing handshake
}

void SocketSession::start(SessionHost& host) {
  host_ = &host;
  on_start();
}

void SocketSession::on_bytes(std::span<char> bytes) {
  cut_if_slow();  // a peer may not have pongs, echoes and problems pile up either
  const auto error = decoder_.feed(bytes, *this);
  if (!error) return;
  close(error->code, error->what);
  // The rest of what is too big is still on its way: closing with it unread would reset the
  // connection, and the peer might never see the close frame.
  if (error->code == CloseCode::too_big) return;
  host_->end_after_flush();  // after a protocol error nothing that the peer says counts (§7.1.7)
}

void SocketSession::send(Opcode opcode, std::string_view payload) {
  if (!closing_) host_->write(net::make_bytes(wire::encode_frame(opcode, payload, {})));
}

void SocketSession::send(net::Bytes frame_header, net::Bytes payload) {
  if (closing_) return;
  host_->write(std::move(frame_header));
  host_->write(std::move(payload));
}

bool SocketSession::cut_if_slow() {
  if (host_->queued() <= max_queue_) return false;
  close(CloseCode::try_again_later, "reads too slowly; resume from the last seq you have");
  return true;
}

void SocketSession::close(CloseCode code, std::string_view reason) {
  if (closing_) return;
  leave();
  closing_ = true;
  host_->write(net::make_bytes(wire::encode_close(code, reason, {})));
  host_->end_within(kCloseTime);
}

void SocketSession::on_message(Opcode type, std::string_view payload) {
  if (closing_) return;
  if (type == Opcode::text) return on_text(payload);
  on_binary(payload);
}

void SocketSession::on_ping(std::string_view payload) { send(Opcode::pong, payload); }

void SocketSession::on_close(CloseCode code, std::string_view) {
  // §5.5.1: answer with the same code, unless this is the answer already.
  close(code == CloseCode::no_status ? CloseCode::normal : code, {});
  host_->end_after_flush();
}

}  // namespace pushbench::servers

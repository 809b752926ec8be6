#include "servers/socket_session.h"

#include <utility>

namespace pushbench::servers {

using wire::CloseCode;
using wire::Opcode;

SocketSession::SocketSession(const Shared& shared, const Compression& compression)
    : shared_(shared), decoder_(wire::WebSocketDecoder::Role::server, shared.options.message) {
  if (!compression) return;
  decoder_.set_compression(*compression);
  deflating_ = std::make_unique<Deflating>(Deflating{*compression});
}

SocketSession::~SocketSession() = default;

const wire::DeflateParameters* SocketSession::compression() const {
  return deflating_ != nullptr ? &deflating_->parameters : nullptr;
}

void SocketSession::start(SessionHost& host) {
  host_ = &host;
  host_->wake_in(shared_.deadlines.keep_alive);
  on_start();
}

void SocketSession::on_bytes(std::span<char> bytes) {
  heard_ = true;
  if (const auto error = decoder_.feed(bytes, *this)) return on_error(*error);
  // Who sends pings, drafts that are refused or messages to be echoed, and does not read what comes
  // of it, is not read from either until it does.
  if (closing_ || paused_ || host_->queued() <= shared_.options.max_queue) return;
  paused_ = true;
  host_->pause_reading();
}

void SocketSession::on_flushed() {
  if (std::exchange(paused_, false)) host_->resume_reading();
  if (!closing_) on_room_to_send();
}

/// A silent peer is asked for a sign of life (§5.5.2), and is gone if it gives none. One that talks
/// and takes nothing of what waits for it is no better.
void SocketSession::on_wake() {
  if (host_->stalled()) return cut();
  if (std::exchange(heard_, false)) {
    pinged_ = false;
    return host_->wake_in(shared_.deadlines.keep_alive);
  }
  if (pinged_) {
    shared_.hits.count(Limit::ping_time);
    close(CloseCode::going_away, "nothing heard, not even a pong");
    return host_->end_after_flush();
  }
  pinged_ = true;
  send(Opcode::ping, {});
  host_->wake_in(shared_.deadlines.ping);
}

/// After an error nothing that the peer says counts (§7.1.7).
void SocketSession::on_error(const wire::FrameError& error) {
  if (error.code == CloseCode::too_big) shared_.hits.count(Limit::max_message);
  if (error.code == CloseCode::policy_violation) shared_.hits.count(Limit::max_fragments);
  close(error.code, error.what);
  host_->end_after_flush();
}

void SocketSession::send(Opcode opcode, std::string_view payload) {
  const bool is_message = opcode == Opcode::text || opcode == Opcode::binary;
  if (deflating_ == nullptr || !is_message) {
    return send(net::make_bytes(wire::encode_frame(opcode, payload, {})));
  }
  if (closing_) return;  // the frames after it would be in a window that the peer never saw
  std::optional<wire::Deflater>& deflater = deflating_->deflater;
  if (!deflater) {
    deflater.emplace(compression()->server_max_window_bits,
                     !compression()->server_no_context_takeover);
  }
  send(net::make_bytes(wire::encode_compressed_frame(*deflater, opcode, payload, {})));
}

void SocketSession::send(net::Bytes frame) {
  if (!closing_) host_->write(std::move(frame));
}

bool SocketSession::cut_if_slow() {
  if (host_->queued() <= shared_.options.max_queue) return false;
  cut();
  return true;
}

void SocketSession::cut() {
  if (!closing_) shared_.hits.count(Limit::max_queue);
  close(CloseCode::try_again_later, "reads too slowly; resume from the last seq you have");
}

void SocketSession::close(CloseCode code, std::string_view reason) {
  if (closing_) return;
  leave();
  closing_ = true;
  host_->write(net::make_bytes(wire::encode_close(code, reason, {})));
  if (std::exchange(paused_, false)) host_->resume_reading();  // for the peer's half of the goodbye
  host_->end_within(shared_.deadlines.close);
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

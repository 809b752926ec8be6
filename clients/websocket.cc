#include "clients/websocket.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "wire/handshake.h"

namespace pushbench::clients {

namespace {
constexpr std::size_t kMaxMessage = 64 * 1024 * 1024;
}

WebSocket::WebSocket(const Shared& shared, const Identity& identity, const ClientOptions&)
    : Client(shared, identity), decoder_(wire::WebSocketDecoder::Role::client, {kMaxMessage}) {}

void WebSocket::join(const std::string& room, Seq after) {
  room_ = room;
  after_ = after;
  auto stream = net::Stream::connect(shared_.loop, shared_.server, *this, traffic_);
  if (!stream) return fail(stream.error().what);
  stream_ = std::move(*stream);
}

void WebSocket::on_open() {
  shared_.listener.on_connection(*this);
  std::array<std::uint8_t, 16> nonce;
  shared_.random.fill(nonce);
  handshake_ = std::make_unique<Handshake>();
  handshake_->key = wire::encode_websocket_key(nonce);
  stream_->write(wire::encode_upgrade_request(
      shared_.server.text(), fmt::format("/rooms/{}/socket?after={}", room_, after_),
      handshake_->key));
}

void WebSocket::on_bytes(std::span<char> bytes) {
  if (handshake_ != nullptr && !finish_handshake(bytes)) return;
  const auto error = decoder_.feed(bytes, *this);
  if (error) fail(std::string(error->what));
}

/// True once the upgrade is done; `bytes` is then what came behind it.
bool WebSocket::finish_handshake(std::span<char>& bytes) {
  const auto fed = handshake_->parser.feed({bytes.data(), bytes.size()});
  if (!fed) {
    fail(fed.error().what);
    return false;
  }
  bytes = bytes.subspan(fed->consumed);
  if (!fed->complete) return false;
  const auto agreed = wire::check_upgrade(handshake_->parser.message(), handshake_->key);
  shared_.listener.on_exchange(*this, Ended::opened);
  if (!agreed) {
    fail(agreed.error());
    return false;
  }
  handshake_.reset();
  shared_.listener.on_joined(*this);
  return stream_ != nullptr;
}

void WebSocket::publish(const Draft& draft) { send(wire::Opcode::text, wire::encode_draft(draft)); }

void WebSocket::on_message(wire::Opcode, std::string_view payload) { take_batch(payload); }

void WebSocket::on_ping(std::string_view payload) { send(wire::Opcode::pong, payload); }

void WebSocket::on_close(wire::CloseCode code, std::string_view reason) {
  fail(fmt::format("the server closed the WebSocket with {} {}", static_cast<int>(code), reason));
}

/// Every frame of a client is masked with four fresh random bytes (§5.3).
void WebSocket::send(wire::Opcode opcode, std::string_view payload) {
  if (stream_ == nullptr) return;
  wire::Mask mask;
  shared_.random.fill(mask);
  stream_->write(wire::encode_frame(opcode, payload, mask));
}

void WebSocket::on_end(const std::string& reason) {
  fail(reason.empty() ? "the server ended the connection" : reason);
}

void WebSocket::fail(const std::string& what) {
  if (stream_ != nullptr) stream_->abort();
  shared_.loop.dispose(std::move(stream_));
  shared_.listener.on_failure(*this, {shared_.server.text(), what});
}

void WebSocket::leave() {
  if (stream_ == nullptr) return;
  stream_->abort();
  shared_.loop.dispose(std::move(stream_));
}

}  // namespace pushbench::clients

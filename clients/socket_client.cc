#include "clients/socket_client.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "clients/answered.h"
#include "wire/handshake.h"

namespace pushbench::clients {

using wire::CloseCode;
using wire::Opcode;

namespace {

constexpr wire::MessageLimits kLimits{64 * 1024 * 1024, 1 << 20};
// The server ends the connection, so that TIME_WAIT is on its side (§7.1.1): it has so long.
constexpr std::chrono::seconds kCloseLimit{2};

/// Codes that say that this side did wrong (§7.4.1), and would again.
bool is_our_fault(CloseCode code) {
  const std::array<int, 6> codes{1002, 1003, 1007, 1008, 1009, 1010};
  return std::find(codes.begin(), codes.end(), static_cast<int>(code)) != codes.end();
}

}  // namespace

struct SocketClient::Frames {
  wire::WebSocketDecoder decoder{wire::WebSocketDecoder::Role::client, kLimits};
  std::unique_ptr<wire::Deflater> deflater;  // where the server has accepted compression
};

SocketClient::SocketClient(const Shared& shared, const Identity& identity,
                           const ClientOptions& options)
    : Client(shared, identity),
      compression_(options.compression),
      set_up_(options.set_up),
      ping_(options.ping),
      timer_(shared.loop, net::Callback::to<&SocketClient::on_timer>(this)) {}

SocketClient::~SocketClient() { SocketClient::disconnect(); }

void SocketClient::connect() {
  frames_.reset();
  unsent_ = {};
  why_closing_.clear();
  auto stream = net::Stream::connect(shared_.loop, shared_.server, *this, traffic_, shared_.tls,
                                     identity_.link, shared_.from, shared_.tap);
  if (!stream) return lost(stream.error().what);
  stream_ = std::move(*stream);
  timer_.start_in(set_up_);
}

void SocketClient::on_open() {
  std::array<std::uint8_t, 16> nonce;
  shared_.random.fill(nonce);
  handshake_ = std::make_unique<Handshake>();
  handshake_->key = wire::encode_websocket_key(nonce);
  if (compression_) handshake_->offer.emplace();
  std::string request = wire::encode_upgrade_request(
      shared_.server.http_host(shared_.tls != nullptr), target(), handshake_->key,
      handshake_->offer, subprotocol(), shared_.headers.websocket);
  unsent_.heads = request.size();
  stream_->write(std::move(request));
  shared_.listener.on_connection(*this);
}

void SocketClient::on_bytes(std::span<char> bytes) {
  heard_ = true;
  if (handshake_ != nullptr && !finish_handshake(bytes)) return;
  const auto error = frames_->decoder.feed(bytes, *this);
  if (error) close(error->code, std::string(error->what), true);
}

/// True once the upgrade is done; `bytes` is then what came behind it.
bool SocketClient::finish_handshake(std::span<char>& bytes) {
  const auto complete = feed_answer(handshake_->parser, bytes);
  if (!complete) {
    failed(complete.error().what);
    return false;
  }
  if (!*complete) return false;
  const std::unique_ptr<Handshake> handshake = std::move(handshake_);
  const wire::HttpMessage& answer = handshake->parser.message();
  parts_.down.add(handshake->parser);
  const auto upgraded =
      wire::check_upgrade(answer, handshake->key, handshake->offer, subprotocol());
  shared_.listener.on_exchange(*this, Ended::opened);
  if (answer.status() != 101) {
    refused(answer);
  } else if (!upgraded) {
    failed(upgraded.error());
  } else if (stream_ != nullptr) {
    learn_epoch(answer);
    begin_frames(*upgraded);
  }
  return stream_ != nullptr;
}

void SocketClient::begin_frames(const std::optional<wire::DeflateParameters>& compression) {
  succeeded();
  frames_ = std::make_unique<Frames>();
  if (compression) {
    frames_->decoder.set_compression(*compression);
    frames_->deflater = std::make_unique<wire::Deflater>(compression->client_max_window_bits,
                                                         !compression->client_no_context_takeover);
  }
  timer_.cancel();
  if (ping_ > net::Duration::zero()) timer_.start_in(ping_);
  on_upgraded();
}

void SocketClient::on_message(Opcode, std::string_view payload) {
  parts_.down.bodies += frames_->decoder.payload_size();
  on_payload(payload);
}

void SocketClient::on_ping(std::string_view payload) { send(Opcode::pong, payload); }

/// The closing handshake's answer (§5.5.1); the server then ends the connection.
void SocketClient::on_close(CloseCode code, std::string_view reason) {
  close(code == CloseCode::no_status ? CloseCode::normal : code,
        fmt::format("the server closed the WebSocket with {} {}", static_cast<int>(code),
                    in_one_line(reason)),
        is_our_fault(code));
}

bool SocketClient::send_text(std::string_view payload) {
  if (stream_ == nullptr || frames_ == nullptr || !why_closing_.empty()) return false;
  std::string frame =
      frames_->deflater == nullptr
          ? wire::encode_frame(Opcode::text, payload, fresh_mask())
          : wire::encode_compressed_frame(*frames_->deflater, Opcode::text, payload, fresh_mask());
  unsent_.bodies += frame.size() - wire::frame_header_size(frame[1]);
  stream_->write(std::move(frame));
  return true;
}

void SocketClient::send(Opcode opcode, std::string_view payload) {
  if (stream_ != nullptr) stream_->write(wire::encode_frame(opcode, payload, fresh_mask()));
}

/// Every frame of a client is masked with four fresh random bytes (§5.3).
wire::Mask SocketClient::fresh_mask() {
  wire::Mask mask;
  shared_.random.fill(mask);
  return mask;
}

void SocketClient::close(CloseCode code, const std::string& why, bool for_good) {
  if (stream_ == nullptr) return;
  stream_->write(wire::encode_close(code, {}, fresh_mask()));  // the last frame (§5.5.1)
  why_closing_ = why;
  for_good_ = for_good;
  timer_.start_in(kCloseLimit);
}

void SocketClient::on_end(const std::string& reason) {
  if (!why_closing_.empty()) return end(std::exchange(why_closing_, {}));
  if (handshake_ != nullptr && reason.empty()) {  // a refusal without a length ends with it
    const std::unique_ptr<Handshake> handshake = std::move(handshake_);
    if (handshake->parser.finish().value_or(false)) {
      parts_.down.add(handshake->parser);
      return refused(handshake->parser.message());
    }
  }
  end(reason.empty() ? "the server ended the connection" : reason);
}

void SocketClient::end(const std::string& why) {
  if (std::exchange(for_good_, false)) return failed(why);
  lost(why);
}

/// A server that has not said a word since the last ping is gone, or the link is.
void SocketClient::on_timer() {
  if (!why_closing_.empty()) return end(std::exchange(why_closing_, {}));
  if (frames_ == nullptr) return lost("no answer to the upgrade request");
  if (!std::exchange(heard_, false)) return lost("no answer to a ping");
  send(Opcode::ping, {});
  timer_.start_in(ping_);
}

void SocketClient::disconnect() {
  timer_.cancel();
  if (stream_ != nullptr) stream_->abort();
  shared_.loop.dispose(std::move(stream_));
}

}  // namespace pushbench::clients

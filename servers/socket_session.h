#pragma once

#include <string_view>

#include "servers/exchange.h"
#include "wire/websocket.h"

namespace pushbench::servers {

/// The part of a WebSocket that has nothing to do with rooms: frames in, pongs and the closing
/// handshake (RFC 6455 §5.5, §7) out.
class SocketSession : public Session, private wire::FrameSink {
 public:
  /// `max_queue`: bytes unsent to the peer past which it is cut.
  SocketSession(std::size_t max_message, std::size_t max_queue)
      : decoder_(wire::WebSocketDecoder::Role::server, {max_message}), max_queue_(max_queue) {}

  void start(SessionHost& host) override;
  void on_bytes(std::span<char> bytes) override;
  void on_end() override { leave(); }
  void shut_down() override { close(wire::CloseCode::going_away, "the server is stopping"); }

 protected:
  virtual void on_start() = 0;
  virtual void on_text(std::string_view text) = 0;
  virtual void on_binary(std::string_view bytes) = 0;
  virtual void leave() {}  // no further frame may be sent; may be called more than once

  void send(wire::Opcode opcode, std::string_view payload);
  void send(net::Bytes frame_header, net::Bytes payload);
  bool closing() const { return closing_; }
  /// Closes the session if its peer reads too slowly; says whether it does.
  bool cut_if_slow();

  /// Sends a close frame and waits a little for the peer's (§7.1.2).
  void close(wire::CloseCode code, std::string_view reason);

 private:
  void on_message(wire::Opcode type, std::string_view payload) override;
  void on_ping(std::string_view payload) override;
  void on_pong(std::string_view) override {}
  void on_close(wire::CloseCode code, std::string_view reason) override;

  SessionHost* host_ = nullptr;
  wire::WebSocketDecoder decoder_;
  const std::size_t max_queue_;
  bool closing_ = false;
};

}  // namespace pushbench::servers

#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "servers/exchange.h"
#include "servers/transport.h"
#include "wire/deflate.h"
#include "wire/extensions.h"
#include "wire/websocket.h"

namespace pushbench::servers {

/// The part of a WebSocket that has nothing to do with rooms: frames in, pongs, pings and the
/// closing handshake (RFC 6455 §5.5, §7) out, compressed where both sides agreed to (RFC 7692).
class SocketSession : public Session, private wire::FrameSink {
 public:
  using Compression = std::optional<wire::DeflateParameters>;

  SocketSession(const Shared& shared, const Compression& compression);
  ~SocketSession() override;

  void start(SessionHost& host) override;
  void on_bytes(std::span<char> bytes) override;
  void on_flushed() override;
  void on_wake() override;
  void on_end() override { leave(); }
  void shut_down() override { close(wire::CloseCode::going_away, "the server is stopping"); }

 protected:
  virtual void on_start() = 0;
  virtual void on_text(std::string_view text) = 0;
  virtual void on_binary(std::string_view bytes) = 0;
  virtual void on_room_to_send() {}  // all that was sent has left
  virtual void leave() {}            // no further frame may be sent; may be called more than once

  void send(wire::Opcode opcode, std::string_view payload);
  void send(net::Bytes frame);
  bool closing() const { return closing_; }
  const wire::DeflateParameters* compression() const;  // null: none was agreed on

  /// Closes the session if its peer reads too slowly; says whether it does.
  bool cut_if_slow();

  /// Sends a close frame and waits a little for the peer's (§7.1.2).
  void close(wire::CloseCode code, std::string_view reason);

  const Shared& shared_;

 private:
  void on_message(wire::Opcode type, std::string_view payload) override;
  void on_ping(std::string_view payload) override;
  void on_pong(std::string_view) override {}
  void on_close(wire::CloseCode code, std::string_view reason) override;
  void on_error(const wire::FrameError& error);
  void cut();

  struct Deflating {
    wire::DeflateParameters parameters;
    std::optional<wire::Deflater> deflater = std::nullopt;  // made with the first message
  };

  SessionHost* host_ = nullptr;
  wire::WebSocketDecoder decoder_;
  std::unique_ptr<Deflating> deflating_;  // null: nothing is compressed
  bool heard_ = true;                     // since the timer was set
  bool pinged_ = false;                   // and no sign of life since
  bool paused_ = false;                   // reads nothing until its answers have left
  bool closing_ = false;
};

}  // namespace pushbench::servers

#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "clients/client.h"
#include "net/timer.h"
#include "wire/deflate.h"
#include "wire/extensions.h"
#include "wire/http.h"
#include "wire/websocket.h"

namespace pushbench::clients {

/// What the transports share that upgrade one connection to a WebSocket (RFC 6455): the handshakes
/// that open and close it, its frames, its pings and its time limits. What its messages mean is the
/// transport's.
class SocketClient : public Client, private net::StreamListener, private wire::FrameSink {
 public:
  ~SocketClient() override;

 protected:
  SocketClient(const Shared& shared, const Identity& identity, const ClientOptions& options);

  virtual std::string target() const = 0;                      // of the upgrade request
  virtual std::string_view subprotocol() const { return {}; }  // to offer; "": none
  virtual void on_upgraded() = 0;                              // from here on, send_text() sends
  /// A message has come, text or binary; the view is valid during the call.
  virtual void on_payload(std::string_view payload) = 0;

  /// Sends a text message. False: there is no WebSocket at the moment, and nothing was sent.
  bool send_text(std::string_view payload);

  void connect() override;
  void disconnect() override;

 private:
  /// What only the opening handshake needs.
  struct Handshake {
    std::string key;
    std::optional<wire::DeflateParameters> offer;
    wire::HttpParser parser{wire::HttpParser::Kind::responses, {}};
  };
  /// What one connection has, and the next one has anew.
  struct Frames;

  void on_open() override;
  void on_bytes(std::span<char> bytes) override;
  void on_flushed() override { parts_.up.add(std::exchange(unsent_, {})); }
  void on_end(const std::string& reason) override;
  bool finish_handshake(std::span<char>& bytes);
  void begin_frames(const std::optional<wire::DeflateParameters>& compression);

  void on_message(wire::Opcode type, std::string_view payload) override;
  void on_ping(std::string_view payload) override;
  void on_pong(std::string_view) override {}
  void on_close(wire::CloseCode code, std::string_view reason) override;
  void send(wire::Opcode opcode, std::string_view payload);
  wire::Mask fresh_mask();
  void close(wire::CloseCode code, const std::string& why, bool for_good);
  void end(const std::string& why);
  void on_timer();

  const bool compression_;
  const net::Duration set_up_;
  const net::Duration ping_;
  std::unique_ptr<net::Stream> stream_;
  Sizes unsent_;  // of what was written and the kernel has not accepted yet
  std::unique_ptr<Handshake> handshake_;
  std::unique_ptr<Frames> frames_;  // none before the upgrade
  net::Timer timer_;                // of the opening handshake, the next ping, or the closing one
  bool heard_ = false;              // something, since the last ping
  std::string why_closing_;         // empty: it is not
  bool for_good_ = false;           // it is closing, and will not connect again
};

}  // namespace pushbench::clients

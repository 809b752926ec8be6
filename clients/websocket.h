#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "clients/client.h"
#include "net/timer.h"
#include "wire/deflate.h"
#include "wire/extensions.h"
#include "wire/http.h"
#include "wire/websocket.h"

namespace pushbench::clients {

/// Upgrades one connection (RFC 6455), on which batches come and drafts go. A draft's echo is its
/// acknowledgement: what has none yet is sent again on the next connection.
class WebSocket final : public Client, private net::StreamListener, private wire::FrameSink {
 public:
  WebSocket(const Shared& shared, const Identity& identity, const ClientOptions& options);
  ~WebSocket() override;

  std::vector<std::string> drafts_under_way() const override;

 private:
  /// What only the opening handshake needs.
  struct Handshake {
    std::string key;
    std::optional<wire::DeflateParameters> offer;
    wire::HttpParser parser{wire::HttpParser::Kind::responses, {}};
  };
  /// What one connection has, and the next one has anew.
  struct Frames;
  struct Kept {
    std::string from;
    std::string id;
    std::string json;
  };

  void connect() override;
  void disconnect() override;
  void send_draft(const Draft& draft) override;
  void on_received(const wire::Message& message) override;

  void on_open() override;
  void on_bytes(std::span<char> bytes) override;
  void on_flushed() override { parts_.up.add(std::exchange(unsent_, {})); }
  void on_end(const std::string& reason) override;
  bool finish_handshake(std::span<char>& bytes);
  void on_upgraded(const std::optional<wire::DeflateParameters>& compression);

  void on_message(wire::Opcode type, std::string_view payload) override;
  void on_ping(std::string_view payload) override;
  void on_pong(std::string_view) override {}
  void on_close(wire::CloseCode code, std::string_view reason) override;
  void send_text(std::string_view payload);
  void send(wire::Opcode opcode, std::string_view payload);
  wire::Mask fresh_mask();
  void close(wire::CloseCode code, const std::string& why, bool for_good);
  void end(const std::string& why);
  void on_timer();

  const ClientOptions options_;
  std::unique_ptr<net::Stream> stream_;
  Sizes unsent_;  // of what was written and the kernel has not accepted yet
  std::unique_ptr<Handshake> handshake_;
  std::unique_ptr<Frames> frames_;  // none before the upgrade
  std::deque<Kept> drafts_;         // without an echo yet
  net::Timer timer_;                // of the opening handshake, the next ping, or the closing one
  bool heard_ = false;              // something, since the last ping
  std::string why_closing_;         // empty: it is not
  bool for_good_ = false;           // it is closing, and will not connect again
};

}  // namespace pushbench::clients

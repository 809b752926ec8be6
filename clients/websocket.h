#pragma once

#include <memory>

#include "clients/client.h"
#include "wire/http.h"
#include "wire/websocket.h"

namespace pushbench::clients {

/// Upgrades one connection (RFC 6455), on which batches come and drafts go.
class WebSocket final : public Client, private net::StreamListener, private wire::FrameSink {
 public:
  WebSocket(const Shared& shared, const Identity& identity, const ClientOptions& options);
  ~WebSocket() override { WebSocket::leave(); }

  void join(const std::string& room, Seq after) override;
  void publish(const Draft& draft) override;
  void leave() override;

 private:
  /// What only the opening handshake needs.
  struct Handshake {
    std::string key;
    wire::HttpParser parser{wire::HttpParser::Kind::responses, {}};
  };

  void on_open() override;
  void on_bytes(std::span<char> bytes) override;
  void on_end(const std::string& reason) override;
  bool finish_handshake(std::span<char>& bytes);
  void on_message(wire::Opcode type, std::string_view payload) override;
  void on_ping(std::string_view payload) override;
  void on_pong(std::string_view) override {}
  void on_close(wire::CloseCode code, std::string_view reason) override;
  void send(wire::Opcode opcode, std::string_view payload);
  void fail(const std::string& what);

  std::unique_ptr<net::Stream> stream_;
  std::unique_ptr<Handshake> handshake_;
  wire::WebSocketDecoder decoder_;
};

}  // namespace pushbench::clients

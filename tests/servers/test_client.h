#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/address.h"
#include "net/loop.h"
#include "net/stream.h"
#include "wire/http.h"
#include "wire/message.h"
#include "wire/websocket.h"

namespace pushbench::test {

std::string get(std::string_view target, std::string_view more_headers = {});
std::string post(std::string_view target, std::string_view body);

/// A connection that says exactly what a test tells it to, and keeps what comes back.
class TestClient : private net::StreamListener {
 public:
  TestClient(net::Loop& loop, const net::Address& server);

  void send(std::string bytes) { stream_->write(std::move(bytes)); }
  std::optional<wire::HttpMessage> response();  // takes the next whole one out of received()
  const std::string& received() const { return received_; }
  bool ended() const { return ended_; }
  net::Stream& stream() { return *stream_; }

 protected:
  virtual void on_received() {}
  std::string received_;

 private:
  void on_open() override {}
  void on_bytes(std::span<char> bytes) override;
  void on_end(const std::string&) override { ended_ = true; }

  bool ended_ = false;
  net::Traffic traffic_;
  std::unique_ptr<net::Stream> stream_;
};

/// A WebSocket's client end. `first_frames` travel in the same packet as the handshake.
class TestSocket final : public TestClient, private wire::FrameSink {
 public:
  TestSocket(net::Loop& loop, const net::Address& server, std::string_view target,
             std::string_view first_frames = {});

  bool open() const { return open_; }
  void send_text(std::string_view text) { send(frame(wire::Opcode::text, text)); }
  void send_close(wire::CloseCode code) { send(wire::encode_close(code, {}, kMask)); }
  static std::string frame(wire::Opcode opcode, std::string_view payload) {
    return wire::encode_frame(opcode, payload, kMask);
  }

  std::vector<std::string> texts;
  std::vector<std::string> binaries;
  std::vector<std::string> pongs;
  int pings = 0;
  bool answers_pings = false;
  std::optional<wire::CloseCode> close_code;
  std::string problem;  // what was wrong with the server's side of the protocol

 private:
  static constexpr wire::Mask kMask{0x12, 0x34, 0x56, 0x78};

  void on_received() override;
  void on_message(wire::Opcode type, std::string_view payload) override;
  void on_ping(std::string_view payload) override;
  void on_pong(std::string_view payload) override { pongs.emplace_back(payload); }
  void on_close(wire::CloseCode code, std::string_view) override { close_code = code; }

  bool open_ = false;
  wire::WebSocketDecoder decoder_;
};

/// What some batches say, one after the other.
class Inbox final : private wire::BatchSink {
 public:
  Inbox() = default;
  explicit Inbox(const std::vector<std::string>& batches) {
    for (const std::string& batch : batches) add(batch);
  }
  void add(std::string_view json);

  std::vector<wire::Seq> seqs;
  std::vector<std::string> texts;
  std::vector<std::string> gaps;  // their reasons
  std::vector<std::string> problems;
  std::string unreadable;

 private:
  void on_message(const wire::Message& message) override;
  void on_gap(const wire::Gap& gap) override { gaps.emplace_back(gap.reason); }
  void on_problem(std::string_view detail) override { problems.emplace_back(detail); }
};

std::vector<wire::Seq> seqs_up_to(wire::Seq last, wire::Seq first = 1);

}  // namespace pushbench::test

#pragma once

#include <fmt/format.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/fuzz/fuzz.h"
#include "wire/utf8.h"
#include "wire/websocket.h"

namespace pushbench::fuzz {

/// Writes down what a decoder finds, and that it may be found.
class FrameLog final : public wire::FrameSink {
 public:
  explicit FrameLog(const wire::MessageLimits& limits) : limits_(limits) {}

  std::string text;

  void on_message(wire::Opcode type, std::string_view payload) override {
    expect(payload.size() <= limits_.message, "a message over the limit", payload);
    expect(type == wire::Opcode::binary || is_utf8(payload), "a text that is not UTF-8", payload);
    add(type == wire::Opcode::text ? "text" : "binary", payload);
  }
  void on_ping(std::string_view payload) override { add("ping", payload); }
  void on_pong(std::string_view payload) override { add("pong", payload); }
  void on_close(wire::CloseCode code, std::string_view reason) override {
    expect(is_utf8(reason), "a reason that is not UTF-8", reason);
    add(fmt::format("close {}", static_cast<int>(code)), reason);
    over_ = true;
  }
  void on_error(const wire::FrameError& error) {
    expect(!error.what.empty(), "an error that says nothing");
    add(fmt::format("error {}", static_cast<int>(error.code)), error.what);
    over_ = true;
  }

 private:
  static bool is_utf8(std::string_view text) {
    wire::Utf8Checker checker;
    return checker.feed(text) && checker.complete();
  }

  void add(std::string_view kind, std::string_view payload) {
    expect(!over_, "something after the end", kind);
    text += fmt::format("{} [{}]\n", kind, payload);
  }

  const wire::MessageLimits limits_;
  bool over_ = false;
};

/// WebSocketDecoder in one role, whole and in pieces. Options: A compression, B small limits, D no
/// context takeover, H small windows.
inline void decode_websocket(const Input& input, wire::WebSocketDecoder::Role role) {
  const wire::MessageLimits limits =
      input.option(1) ? wire::MessageLimits{50, 3} : wire::MessageLimits{1 << 20, 1000};
  std::optional<wire::DeflateParameters> compression;
  if (input.option(0)) {
    const int bits = input.option(3) ? 8 : 15;
    compression = {input.option(2), input.option(2), bits, bits};
  }
  expect_same_however_cut(input, [&](const std::vector<std::string_view>& pieces) {
    wire::WebSocketDecoder decoder(role, limits);
    if (compression) decoder.set_compression(*compression);
    FrameLog log(limits);
    for (const std::string_view piece : pieces) {
      std::vector<char> block(piece.begin(), piece.end());
      if (const auto error = decoder.feed(block, log)) log.on_error(*error);
    }
    return log.text;
  });
}

}  // namespace pushbench::fuzz

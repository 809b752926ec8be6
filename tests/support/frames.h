#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wire/websocket.h"

namespace pushbench::test {

using Events = std::vector<std::string>;

/// Writes down what a decoder finds, one line an event.
class FrameLog final : public wire::FrameSink {
 public:
  Events events;

  void on_message(wire::Opcode type, std::string_view payload) override {
    events.push_back(fmt::format("{} {}", type == wire::Opcode::text ? "text" : "binary", payload));
  }
  void on_ping(std::string_view payload) override {
    events.push_back(fmt::format("ping {}", payload));
  }
  void on_pong(std::string_view payload) override {
    events.push_back(fmt::format("pong {}", payload));
  }
  void on_close(wire::CloseCode code, std::string_view reason) override {
    events.push_back(fmt::format("close {} {}", static_cast<int>(code), reason));
  }
};

inline std::string bytes(std::initializer_list<int> values) {
  std::string out;
  for (const int value : values) out += static_cast<char>(value);
  return out;
}

inline constexpr std::size_t kRoomy = 1024 * 1024;

/// A decoder with its log; an error becomes the last line, as "error 1002".
class Decoding {
 public:
  explicit Decoding(wire::WebSocketDecoder::Role role, std::size_t max_message = kRoomy)
      : decoder_(role, {max_message}) {}

  /// The bytes lie in a block of just their size, so that the sanitizer sees a read beyond them.
  Decoding& feed(std::string_view piece) {
    std::vector<char> block(piece.begin(), piece.end());
    if (const auto error = decoder_.feed(block, log_)) {
      log_.events.push_back(fmt::format("error {}", static_cast<int>(error->code)));
    }
    return *this;
  }

  const Events& events() const { return log_.events; }

 private:
  wire::WebSocketDecoder decoder_;
  FrameLog log_;
};

inline Events decode(wire::WebSocketDecoder::Role role, std::string_view all,
                     std::size_t max_message = kRoomy) {
  return Decoding(role, max_message).feed(all).events();
}

inline Events decode_in_two(wire::WebSocketDecoder::Role role, std::string_view all,
                            std::size_t cut) {
  return Decoding(role).feed(all.substr(0, cut)).feed(all.substr(cut)).events();
}

inline Events decode_in_pieces_of(wire::WebSocketDecoder::Role role, std::string_view all,
                                  std::size_t size) {
  Decoding decoding(role);
  for (std::size_t at = 0; at < all.size(); at += size) decoding.feed(all.substr(at, size));
  return decoding.events();
}

/// One frame of a fragmented message; encode_frame() writes whole messages only.
inline std::string fragment(wire::Opcode opcode, bool final, std::string_view payload,
                            std::optional<wire::Mask> mask) {
  std::string frame = wire::encode_frame(opcode, payload, mask);
  if (!final) frame[0] = static_cast<char>(frame[0] & 0x7F);
  return frame;
}

}  // namespace pushbench::test

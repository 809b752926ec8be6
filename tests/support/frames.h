#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <array>
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
  explicit Decoding(wire::WebSocketDecoder::Role role, wire::MessageLimits limits = {kRoomy},
                    const std::optional<wire::DeflateParameters>& compression = {})
      : decoder_(role, limits) {
    if (compression) decoder_.set_compression(*compression);
  }

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
                     wire::MessageLimits limits = {kRoomy},
                     const std::optional<wire::DeflateParameters>& compression = {}) {
  return Decoding(role, limits, compression).feed(all).events();
}

inline Events decode_in_two(wire::WebSocketDecoder::Role role, std::string_view all,
                            std::size_t cut, wire::MessageLimits limits = {kRoomy},
                            const std::optional<wire::DeflateParameters>& compression = {}) {
  return Decoding(role, limits, compression)
      .feed(all.substr(0, cut))
      .feed(all.substr(cut))
      .events();
}

inline Events decode_in_pieces_of(wire::WebSocketDecoder::Role role, std::string_view all,
                                  std::size_t size, wire::MessageLimits limits = {kRoomy},
                                  const std::optional<wire::DeflateParameters>& compression = {}) {
  Decoding decoding(role, limits, compression);
  for (std::size_t at = 0; at < all.size(); at += size) decoding.feed(all.substr(at, size));
  return decoding.events();
}

/// Any frame; encode_frame() writes whole messages only. Here the header has the length.
inline std::string any_frame(wire::FrameHeader header, std::string_view payload) {
  header.length = payload.size();
  std::array<char, wire::kMaxFrameHeader> out;
  std::string frame(out.data(), wire::encode_frame_header(header, out));
  std::string masked(payload);
  if (header.mask) wire::apply_mask(masked, *header.mask, 0);
  return frame + masked;
}

/// One frame of a fragmented message.
inline std::string fragment(wire::Opcode opcode, bool final, std::string_view payload,
                            std::optional<wire::Mask> mask) {
  return any_frame({.opcode = opcode, .mask = mask, .final = final}, payload);
}

/// A message in frames of `size` bytes; its payload is compressed already where `compressed`.
inline std::string fragments(wire::Opcode opcode, std::string_view payload, std::size_t size,
                             std::optional<wire::Mask> mask, bool compressed = false) {
  std::string frames;
  bool first = true;
  for (std::size_t at = 0; first || at < payload.size(); at += size) {
    frames += any_frame({.opcode = first ? opcode : wire::Opcode::continuation,
                         .mask = mask,
                         .final = at + size >= payload.size(),
                         .compressed = first && compressed},
                        payload.substr(at, size));
    first = false;
  }
  return frames;
}

}  // namespace pushbench::test

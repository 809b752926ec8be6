#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "wire/deflate.h"

namespace pushbench::wire {

/// RFC 6455 §5.2 and §11.8.
enum class Opcode : std::uint8_t {
  continuation = 0,
  text = 1,
  binary = 2,
  close = 8,
  ping = 9,
  pong = 10
};

/// The status codes of RFC 6455 §7.4.1 (1013: IANA's registry) that pushbench sends.
enum class CloseCode : std::uint16_t {
  normal = 1000,
  going_away = 1001,
  protocol_error = 1002,
  unsupported_data = 1003,
  no_status = 1005,  // never on the wire: the close frame carried none
  invalid_payload = 1007,
  policy_violation = 1008,
  too_big = 1009,
  try_again_later = 1013,
};

using Mask = std::array<std::uint8_t, 4>;

inline constexpr std::size_t kMaxFrameHeader = 14;
inline constexpr std::size_t kMaxControlPayload = 125;  // RFC 6455 §5.5

/// What stands before a frame's payload (RFC 6455 §5.2).
struct FrameHeader {
  Opcode opcode = Opcode::continuation;
  std::uint64_t length = 0;  // of the payload
  std::optional<Mask> mask = std::nullopt;
  bool final = true;        // the message ends with this frame
  bool compressed = false;  // RSV1 (RFC 7692 §6): this frame begins a compressed message
};

/// Writes a header; returns its length, 2 to 14 bytes.
std::size_t encode_frame_header(const FrameHeader& header, std::span<char, kMaxFrameHeader> out);

/// How many bytes a frame's header has, by the second of them.
std::size_t frame_header_size(char second);

/// Reads a whole header, of frame_header_size() bytes. Checks nothing.
FrameHeader decode_frame_header(std::string_view header);

/// A whole message in one frame. With a mask the payload is masked (§5.3), as a client's must be.
std::string encode_frame(Opcode opcode, std::string_view payload, std::optional<Mask> mask);
std::string encode_close(CloseCode code, std::string_view reason, std::optional<Mask> mask);

/// The same with its payload compressed: text and binary only (RFC 7692 §6.1).
std::string encode_compressed_frame(Deflater& deflater, Opcode opcode, std::string_view payload,
                                    std::optional<Mask> mask);

/// XORs bytes with the mask, the first of them being byte `offset` of the payload (§5.3).
void apply_mask(std::span<char> bytes, Mask mask, std::uint64_t offset);

/// What a decoder finds. Views are valid during the call only.
class FrameSink {
 public:
  virtual ~FrameSink() = default;
  virtual void on_message(Opcode type,
                          std::string_view payload) = 0;  // text or binary, reassembled
  virtual void on_ping(std::string_view payload) = 0;
  virtual void on_pong(std::string_view payload) = 0;
  virtual void on_close(CloseCode code, std::string_view reason) = 0;  // the last event
};

/// Why a connection must fail (§7.1.7), with the code for the close frame.
struct FrameError {
  CloseCode code;
  std::string_view what;
};

/// What one message may have, so that a peer cannot make its reader hold any amount of memory.
struct MessageLimits {
  std::size_t message = 16 * 1024;  // bytes, after inflating; past it: 1009
  std::size_t fragments = 1024;     // frames, empty ones too; past it: 1008
};

/// Frames to messages (RFC 6455 §5), for either role, compressed ones too (RFC 7692). Fails with
/// the first byte that is wrong, also inside a frame. Never closes: the caller does. Between two
/// messages it holds next to nothing, unless they share a window to inflate with.
class WebSocketDecoder {
 public:
  enum class Role { server, client };  // whose side this is: a server takes masked frames only

  WebSocketDecoder(Role role, MessageLimits limits);
  ~WebSocketDecoder();
  WebSocketDecoder(const WebSocketDecoder&) = delete;
  WebSocketDecoder& operator=(const WebSocketDecoder&) = delete;

  /// To be called before the first byte where the handshake agreed on permessage-deflate.
  void set_compression(const DeflateParameters& parameters);

  /// Takes all bytes (unmasking them in place). After an error or a close frame it ignores the
  /// rest.
  std::optional<FrameError> feed(std::span<char> bytes, FrameSink& sink);

  /// Bytes that the payload of the last whole message took on the wire, before inflating.
  std::uint64_t payload_size() const { return payload_size_; }

 private:
  class Reading;

  const Role role_;
  const MessageLimits limits_;
  std::uint64_t payload_size_ = 0;
  std::unique_ptr<Reading> reading_;  // null: between two messages
};

}  // namespace pushbench::wire

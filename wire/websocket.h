#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

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
  too_big = 1009,
  try_again_later = 1013,
};

using Mask = std::array<std::uint8_t, 4>;

inline constexpr std::size_t kMaxFrameHeader = 14;
inline constexpr std::size_t kMaxControlPayload = 125;  // RFC 6455 §5.5

/// Writes the header of an unfragmented frame (RFC 6455 §5.2); returns its length, 2 to 14 bytes.
std::size_t encode_frame_header(Opcode opcode, std::uint64_t payload_length,
                                std::optional<Mask> mask, std::span<char, kMaxFrameHeader> out);

/// A whole frame. With a mask the payload is masked (§5.3), as a client's must be.
std::string encode_frame(Opcode opcode, std::string_view payload, std::optional<Mask> mask);
std::string encode_close(CloseCode code, std::string_view reason, std::optional<Mask> mask);

/// XORs bytes with the mask, the first of them being byte `offset` of the payload (§5.3).
void apply_mask(std::span<char> bytes, Mask mask, std::uint64_t offset);

/// Sec-WebSocket-Accept for a Sec-WebSocket-Key (§4.2.2).
std::string accept_key(std::string_view key);

/// 16 bytes of base64, as §4.2.1 asks of Sec-WebSocket-Key.
bool is_websocket_key(std::string_view key);
std::string encode_websocket_key(std::span<const std::uint8_t, 16> nonce);

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

/// Frames to messages (RFC 6455 §5), for either role; no extensions. Never closes: the caller does.
class WebSocketDecoder {
 public:
  enum class Role { server, client };  // whose side this is: a server takes masked frames only

  WebSocketDecoder(Role role, std::size_t max_message) : role_(role), max_message_(max_message) {}

  /// Takes all bytes (unmasking them in place). After an error or a close frame it ignores the
  /// rest.
  std::optional<FrameError> feed(std::span<char> bytes, FrameSink& sink);

 private:
  enum class State { header, payload, ended };

  bool take_header(std::span<char>& bytes);
  std::size_t header_length() const;
  std::optional<FrameError> begin_frame();
  std::optional<FrameError> take_payload(std::span<char>& bytes, FrameSink& sink);
  std::optional<FrameError> end_frame(std::string_view payload, FrameSink& sink);
  std::optional<FrameError> end_message(std::string_view payload, FrameSink& sink);
  std::optional<FrameError> end_close(std::string_view payload, FrameSink& sink);
  bool is_control() const { return static_cast<std::uint8_t>(opcode_) >= 8; }

  const Role role_;
  State state_ = State::header;
  bool final_ = false;
  Opcode opcode_ = Opcode::continuation;        // of the frame at hand
  Opcode message_type_ = Opcode::continuation;  // of the message at hand; continuation: none
  std::uint8_t header_size_ = 0;                // bytes of header_ that are there
  std::array<char, kMaxFrameHeader> header_{};
  Mask mask_{};
  std::uint64_t length_ = 0;  // of the frame's payload
  std::uint64_t taken_ = 0;   // of it, bytes that came
  const std::size_t max_message_;
  std::string message_;  // fragments so far, or a frame that came in pieces
  std::string control_;  // a control frame that came in pieces, between a message's fragments
};

}  // namespace pushbench::wire

#include "wire/websocket.h"

#include <openssl/evp.h>
#include <openssl/sha.h>
#include <simdjson.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace pushbench::wire {

namespace {

constexpr std::uint8_t kFinal = 0x80;     // first byte
constexpr std::uint8_t kReserved = 0x70;  // first byte: RSV1-3
constexpr std::uint8_t kMasked = 0x80;    // second byte
constexpr std::string_view kHandshakeGuid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";  // §1.3

std::uint8_t byte_at(std::span<const char> bytes, std::size_t i) {
  return static_cast<std::uint8_t>(bytes[i]);
}

std::uint64_t big_endian(std::span<const char> bytes) {
  std::uint64_t n = 0;
  for (const char b : bytes) n = n << 8 | static_cast<std::uint8_t>(b);
  return n;
}

bool is_known(Opcode opcode) {
  return opcode <= Opcode::binary || (opcode >= Opcode::close && opcode <= Opcode::pong);
}

/// §7.4: what may stand in a close frame.
bool may_be_sent(std::uint64_t code) {
  return (code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006) ||
         (code >= 3000 && code <= 4999);
}

std::string base64(std::span<const std::uint8_t> bytes) {
  std::string out(4 * ((bytes.size() + 2) / 3) + 1, '\0');  // OpenSSL ends it with a NUL
  const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), bytes.data(),
                                     static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(length));
  return out;
}

}  // namespace

std::size_t encode_frame_header(Opcode opcode, std::uint64_t payload_length,
                                std::optional<Mask> mask, std::span<char, kMaxFrameHeader> out) {
  const std::uint8_t masked = mask ? kMasked : 0;
  std::size_t extended = 0;  // bytes of extended length: 0, 2 or 8
  std::uint8_t short_length = static_cast<std::uint8_t>(payload_length);
  if (payload_length > 0xFFFF) {
    short_length = 127;
    extended = 8;
  } else if (payload_length > 125) {
    short_length = 126;
    extended = 2;
  }
  out[0] = static_cast<char>(kFinal | static_cast<std::uint8_t>(opcode));
  out[1] = static_cast<char>(masked | short_length);
  std::size_t size = 2;
  for (std::size_t i = extended; i > 0; --i) {
    out[size++] = static_cast<char>(payload_length >> (8 * (i - 1)) & 0xFF);
  }
  if (mask) {
    for (const std::uint8_t b : *mask) out[size++] = static_cast<char>(b);
  }
  return size;
}

std::string encode_frame(Opcode opcode, std::string_view payload, std::optional<Mask> mask) {
  std::array<char, kMaxFrameHeader> header;
  const std::size_t size = encode_frame_header(opcode, payload.size(), mask, header);
  std::string frame;
  frame.reserve(size + payload.size());
  frame.append(header.data(), size).append(payload);
  if (mask) apply_mask(std::span(frame).subspan(size), *mask, 0);
  return frame;
}

std::string encode_close(CloseCode code, std::string_view reason, std::optional<Mask> mask) {
  const auto number = static_cast<std::uint16_t>(code);
  std::string payload{static_cast<char>(number >> 8), static_cast<char>(number & 0xFF)};
  std::size_t size = std::min(reason.size(), kMaxControlPayload - 2);
  // A character is not cut in two: the reason must stay UTF-8.
  while (size < reason.size() && size > 0 && (byte_at(reason, size) & 0xC0) == 0x80) --size;
  payload.append(reason.substr(0, size));
  return encode_frame(Opcode::close, payload, mask);
}

void apply_mask(std::span<char> bytes, Mask mask, std::uint64_t offset) {
  for (char& b : bytes) {
    b = static_cast<char>(static_cast<std::uint8_t>(b) ^ mask[offset++ % 4]);
  }
}

std::string accept_key(std::string_view key) {
  const std::string text = std::string(key).append(kHandshakeGuid);
  std::array<std::uint8_t, SHA_DIGEST_LENGTH> digest;
  SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return base64(digest);
}

std::string encode_websocket_key(std::span<const std::uint8_t, 16> nonce) { return base64(nonce); }

bool is_websocket_key(std::string_view key) {
  // 16 bytes are 22 characters of base64 and two of padding.
  const auto is_base64 = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '/';
  };
  return key.size() == 24 && key.ends_with("==") &&
         std::all_of(key.begin(), key.end() - 2, is_base64);
}

std::optional<FrameError> WebSocketDecoder::feed(std::span<char> bytes, FrameSink& sink) {
  std::optional<FrameError> error;
  while (!error && state_ != State::ended) {
    if (state_ == State::header) {
      if (!take_header(bytes)) break;
      error = begin_frame();
    } else {
      // An empty payload is complete without a further byte.
      if (bytes.empty() && taken_ < length_) break;
      error = take_payload(bytes, sink);
    }
  }
  if (error) state_ = State::ended;
  return error;
}

/// How long the header is, as far as the bytes at hand tell.
std::size_t WebSocketDecoder::header_length() const {
  if (header_size_ < 2) return 2;
  const std::uint8_t second = byte_at(header_, 1);
  const std::size_t extended = (second & 0x7F) == 127 ? 8 : (second & 0x7F) == 126 ? 2 : 0;
  return 2 + extended + ((second & kMasked) != 0 ? 4 : 0);
}

/// Collects header bytes; true when the header is whole.
bool WebSocketDecoder::take_header(std::span<char>& bytes) {
  while (header_size_ < header_length() && !bytes.empty()) {
    header_[header_size_++] = bytes.front();
    bytes = bytes.subspan(1);
  }
  return header_size_ >= 2 && header_size_ == header_length();
}

/// Checks a whole header by §5.2 and §5.5 and makes ready for its payload.
std::optional<FrameError> WebSocketDecoder::begin_frame() {
  const std::uint8_t first = byte_at(header_, 0);
  const std::uint8_t second = byte_at(header_, 1);
  const std::size_t mask_size = (second & kMasked) != 0 ? 4 : 0;
  const std::span<const char> header(header_.data(), header_size_);
  const std::span<const char> extended = header.subspan(2, header_size_ - 2 - mask_size);
  final_ = (first & kFinal) != 0;
  opcode_ = static_cast<Opcode>(first & 0x0F);
  length_ = extended.empty() ? second & 0x7F : big_endian(extended);
  taken_ = 0;
  header_size_ = 0;
  state_ = State::payload;

  if ((first & kReserved) != 0)
    return FrameError{CloseCode::protocol_error, "a reserved bit is set"};
  if (!is_known(opcode_)) return FrameError{CloseCode::protocol_error, "the opcode is reserved"};
  if ((mask_size != 0) != (role_ == Role::server)) {
    return FrameError{CloseCode::protocol_error, role_ == Role::server
                                                     ? "a client's frame must be masked"
                                                     : "a server's frame must not be masked"};
  }
  if (mask_size != 0) std::memcpy(mask_.data(), header.last(4).data(), 4);
  if ((extended.size() == 2 && length_ < 126) || (extended.size() == 8 && length_ <= 0xFFFF)) {
    return FrameError{CloseCode::protocol_error, "the length is not in its shortest form"};
  }
  if (length_ >> 63 != 0) {
    return FrameError{CloseCode::protocol_error, "the length's highest bit is set"};
  }
  if (is_control()) {
    if (final_ && length_ <= kMaxControlPayload) return std::nullopt;
    return FrameError{CloseCode::protocol_error, "a control frame is fragmented or over 125 bytes"};
  }
  const bool continues = opcode_ == Opcode::continuation;
  if (continues != (message_type_ != Opcode::continuation)) {
    return FrameError{CloseCode::protocol_error, continues ? "there is no message to continue"
                                                           : "the message before is not finished"};
  }
  if (!continues) message_type_ = opcode_;
  if (length_ > max_message_ - std::min(max_message_, message_.size())) {
    return FrameError{CloseCode::too_big, "the message is longer than the limit"};
  }
  return std::nullopt;
}

/// Unmasks what came of the payload; a payload that came whole is handed on without a copy.
std::optional<FrameError> WebSocketDecoder::take_payload(std::span<char>& bytes, FrameSink& sink) {
  const std::span<char> piece =
      bytes.first(std::min<std::uint64_t>(bytes.size(), length_ - taken_));
  bytes = bytes.subspan(piece.size());
  if (role_ == Role::server) apply_mask(piece, mask_, taken_);
  const std::string_view text(piece.data(), piece.size());
  const bool whole = text.size() == length_;
  taken_ += text.size();

  std::string& buffer = is_control() ? control_ : message_;
  const bool fragmented = !is_control() && (!final_ || opcode_ == Opcode::continuation);
  if (whole && !fragmented) {
    state_ = State::header;
    return end_frame(text, sink);
  }
  buffer.append(text);
  if (taken_ < length_) return std::nullopt;
  state_ = State::header;
  if (!final_) return std::nullopt;
  const std::string payload = std::exchange(buffer, {});  // an idle connection keeps no buffer
  return end_frame(payload, sink);
}

std::optional<FrameError> WebSocketDecoder::end_frame(std::string_view payload, FrameSink& sink) {
  switch (opcode_) {
    case Opcode::close:
      return end_close(payload, sink);
    case Opcode::ping:
      sink.on_ping(payload);
      return std::nullopt;
    case Opcode::pong:
      sink.on_pong(payload);
      return std::nullopt;
    default:
      return end_message(payload, sink);
  }
}

std::optional<FrameError> WebSocketDecoder::end_message(std::string_view payload, FrameSink& sink) {
  const Opcode type = std::exchange(message_type_, Opcode::continuation);
  if (type == Opcode::text && !simdjson::validate_utf8(payload.data(), payload.size())) {
    return FrameError{CloseCode::invalid_payload, "a text message is not UTF-8"};  // §8.1
  }
  sink.on_message(type, payload);
  return std::nullopt;
}

std::optional<FrameError> WebSocketDecoder::end_close(std::string_view payload, FrameSink& sink) {
  state_ = State::ended;
  if (payload.empty()) {
    sink.on_close(CloseCode::no_status, {});
    return std::nullopt;
  }
  const std::uint64_t code =
      big_endian(std::span(payload).first(std::min<std::size_t>(2, payload.size())));
  if (payload.size() < 2 || !may_be_sent(code)) {
    return FrameError{CloseCode::protocol_error, "the close frame's code is not allowed"};
  }
  const std::string_view reason = payload.substr(2);
  if (!simdjson::validate_utf8(reason.data(), reason.size())) {
    return FrameError{CloseCode::invalid_payload, "the close frame's reason is not UTF-8"};
  }
  sink.on_close(static_cast<CloseCode>(code), reason);
  return std::nullopt;
}

}  // namespace pushbench::wire

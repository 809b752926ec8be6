#include "wire/websocket.h"

#include <algorithm>
#include <cstring>

namespace pushbench::wire {

namespace {

constexpr std::uint8_t kFinal = 0x80;       // first byte
constexpr std::uint8_t kCompressed = 0x40;  // first byte: RSV1
constexpr std::uint8_t kOpcode = 0x0F;      // first byte
constexpr std::uint8_t kMasked = 0x80;      // second byte
constexpr std::uint8_t kLength = 0x7F;      // second byte

/// Masks all but the last few bytes, eight at a time, which the compiler makes sixteen: in memory's
/// order, whatever that of a number's bytes is. Returns how many.
std::size_t mask_words(std::span<char> bytes, Mask mask) {
  std::uint64_t masks = 0;
  std::memcpy(&masks, mask.data(), sizeof mask);
  std::memcpy(reinterpret_cast<char*>(&masks) + sizeof mask, mask.data(), sizeof mask);
  const std::size_t whole = bytes.size() - bytes.size() % sizeof masks;
  for (std::size_t at = 0; at < whole; at += sizeof masks) {
    std::uint64_t word = 0;
    std::memcpy(&word, &bytes[at], sizeof word);
    word ^= masks;
    std::memcpy(&bytes[at], &word, sizeof word);
  }
  return whole;
}

std::string encode(FrameHeader frame, std::string_view payload) {
  frame.length = payload.size();
  std::array<char, kMaxFrameHeader> header;
  const std::size_t size = encode_frame_header(frame, header);
  std::string out;
  out.reserve(size + payload.size());
  out.append(header.data(), size).append(payload);
  if (frame.mask) apply_mask(std::span(out).subspan(size), *frame.mask, 0);
  return out;
}

}  // namespace

std::size_t encode_frame_header(const FrameHeader& header, std::span<char, kMaxFrameHeader> out) {
  std::size_t extended = 0;  // bytes of extended length: 0, 2 or 8
  auto short_length = static_cast<std::uint8_t>(header.length);
  if (header.length > 0xFFFF) {
    short_length = 127;
    extended = 8;
  } else if (header.length > 125) {
    short_length = 126;
    extended = 2;
  }
  out[0] = static_cast<char>((header.final ? kFinal : 0) | (header.compressed ? kCompressed : 0) |
                             static_cast<std::uint8_t>(header.opcode));
  out[1] = static_cast<char>((header.mask ? kMasked : 0) | short_length);
  std::size_t size = 2;
  for (std::size_t i = extended; i > 0; --i) {
    out[size++] = static_cast<char>(header.length >> (8 * (i - 1)) & 0xFF);
  }
  if (header.mask) {
    for (const std::uint8_t b : *header.mask) out[size++] = static_cast<char>(b);
  }
  return size;
}

std::size_t frame_header_size(char second) {
  const auto bits = static_cast<std::uint8_t>(second);
  const int short_length = bits & kLength;
  const std::size_t extended = short_length == 127 ? 8 : short_length == 126 ? 2 : 0;
  return 2 + extended + ((bits & kMasked) != 0 ? sizeof(Mask) : 0);
}

FrameHeader decode_frame_header(std::string_view header) {
  const auto first = static_cast<std::uint8_t>(header[0]);
  const auto second = static_cast<std::uint8_t>(header[1]);
  FrameHeader frame;
  frame.opcode = static_cast<Opcode>(first & kOpcode);
  frame.final = (first & kFinal) != 0;
  frame.compressed = (first & kCompressed) != 0;
  if ((second & kMasked) != 0) {
    const std::string_view mask = header.substr(header.size() - sizeof(Mask));
    std::copy(mask.begin(), mask.end(), frame.mask.emplace().begin());
    header.remove_suffix(sizeof(Mask));
  }
  if (header.size() == 2) frame.length = second & kLength;
  for (const char b : header.substr(2))
    frame.length = frame.length << 8 | static_cast<std::uint8_t>(b);
  return frame;
}

std::string encode_frame(Opcode opcode, std::string_view payload, std::optional<Mask> mask) {
  return encode({.opcode = opcode, .mask = mask}, payload);
}

std::string encode_compressed_frame(Deflater& deflater, Opcode opcode, std::string_view payload,
                                    std::optional<Mask> mask) {
  std::string compressed;
  deflater.compress(payload, compressed);
  return encode({.opcode = opcode, .mask = mask, .compressed = true}, compressed);
}

std::string encode_close(CloseCode code, std::string_view reason, std::optional<Mask> mask) {
  const auto number = static_cast<std::uint16_t>(code);
  std::string payload{static_cast<char>(number >> 8), static_cast<char>(number & 0xFF)};
  std::size_t size = std::min(reason.size(), kMaxControlPayload - 2);
  // A character is not cut in two: the reason must stay UTF-8.
  const auto continues = [](char c) { return (static_cast<std::uint8_t>(c) & 0xC0) == 0x80; };
  while (size < reason.size() && size > 0 && continues(reason[size])) --size;
  payload.append(reason.substr(0, size));
  return encode_frame(Opcode::close, payload, mask);
}

void apply_mask(std::span<char> bytes, Mask mask, std::uint64_t offset) {
  std::rotate(mask.begin(), mask.begin() + offset % 4, mask.end());  // begins with the first byte's
  for (std::size_t i = mask_words(bytes, mask); i < bytes.size(); ++i) {
    bytes[i] = static_cast<char>(static_cast<std::uint8_t>(bytes[i]) ^ mask[i % 4]);
  }
}

}  // namespace pushbench::wire

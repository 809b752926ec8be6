#pragma once

#include <zlib.h>

#include <bit>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

#include "wire/base64.h"

namespace pushbench::test {

/// HdrHistogram's V2 encoding as anybody might write it, honest or not.
struct HistogramHead {
  std::uint32_t cookie = 0x1c849313;
  std::int32_t payload = 0;  // bytes of counts
  std::int32_t offset = 0;
  std::int32_t digits = 3;
  std::int64_t lowest = 1;
  std::int64_t highest = 3'600'000'000;
  double ratio = 1;
};

inline std::string big_endian(std::uint64_t number, int size) {
  std::string bytes;
  for (int shift = 8 * (size - 1); shift >= 0; shift -= 8) {
    bytes += static_cast<char>(number >> shift & 0xff);
  }
  return bytes;
}

inline std::string head_bytes(const HistogramHead& head) {
  return big_endian(head.cookie, 4) + big_endian(static_cast<std::uint32_t>(head.payload), 4) +
         big_endian(static_cast<std::uint32_t>(head.offset), 4) +
         big_endian(static_cast<std::uint32_t>(head.digits), 4) +
         big_endian(static_cast<std::uint64_t>(head.lowest), 8) +
         big_endian(static_cast<std::uint64_t>(head.highest), 8) +
         big_endian(std::bit_cast<std::uint64_t>(head.ratio), 8);
}

/// One count, or below 0 that many empty places.
inline std::string zigzag(std::int64_t number) {
  std::uint64_t bits = static_cast<std::uint64_t>(number) << 1 ^ (number < 0 ? ~0ULL : 0ULL);
  std::string bytes;
  for (int i = 0; i < 8 && bits >= 0x80; ++i, bits >>= 7) {
    bytes += static_cast<char>((bits & 0x7f) | 0x80);
  }
  return bytes + static_cast<char>(bits);
}

inline std::string deflated(std::string_view bytes) {
  std::string out(compressBound(bytes.size()), '\0');
  uLongf size = out.size();
  if (compress(reinterpret_cast<Bytef*>(out.data()), &size,
               reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()) != Z_OK) {
    throw std::runtime_error("zlib cannot compress");
  }
  out.resize(size);
  return out;
}

inline std::string base64_of(std::string_view bytes) {
  return wire::encode_base64({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
}

/// `body` is what zlib is to inflate.
inline std::string frame(std::string_view body, std::uint32_t cookie = 0x1c849314) {
  return base64_of(big_endian(cookie, 4) + big_endian(body.size(), 4) + std::string(body));
}

inline std::string histogram_frame(HistogramHead head, std::string_view counts) {
  head.payload = static_cast<std::int32_t>(counts.size());
  return frame(deflated(head_bytes(head) + std::string(counts)));
}

}  // namespace pushbench::test

#include "harness/histogram_decoder.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <bit>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "wire/base64.h"

namespace pushbench::harness {

namespace {

// HdrHistogram's V2 encoding: numbers are big-endian. A frame is a cookie, a length and that many
// bytes of zlib's; inflated they are a head of 40 bytes and the counts.
constexpr std::uint32_t kFrameCookie = 0x1c849304;
constexpr std::uint32_t kHeadCookie = 0x1c849303;
constexpr std::uint32_t kCookieBase = ~std::uint32_t{0xf0};  // without a word size, always 1 here
constexpr std::size_t kHead = 40;
constexpr std::size_t kLongestNumber = 9;

/// Takes numbers from the front of bytes. Of what is cut off there are zeros.
class Taker {
 public:
  explicit Taker(std::string_view bytes) : bytes_(bytes) {}

  std::uint32_t u32() { return static_cast<std::uint32_t>(big_endian(4)); }
  std::uint64_t u64() { return big_endian(8); }
  std::string_view rest() const { return bytes_; }

  /// A signed number in as few groups of 7 bits as it takes, the lowest first and the sign in the
  /// lowest bit; a ninth byte is 8 bits. None: it is cut off.
  std::optional<std::int64_t> zigzag() {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < kLongestNumber && i < bytes_.size(); ++i) {
      const auto byte = static_cast<unsigned char>(bytes_[i]);
      const bool is_last = byte < 0x80 || i + 1 == kLongestNumber;
      const std::uint64_t bits = i + 1 == kLongestNumber ? byte : byte & 0x7fU;
      value |= bits << (7 * i);
      if (!is_last) continue;
      bytes_.remove_prefix(i + 1);
      return static_cast<std::int64_t>((value >> 1) ^ (0 - (value & 1)));
    }
    return std::nullopt;
  }

 private:
  std::uint64_t big_endian(std::size_t size) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < size; ++i) {
      value = value << 8 | (i < bytes_.size() ? static_cast<unsigned char>(bytes_[i]) : 0U);
    }
    bytes_.remove_prefix(std::min(size, bytes_.size()));
    return value;
  }

  std::string_view bytes_;
};

tl::unexpected<Error> broken(std::string what) { return failure("", std::move(what)); }

/// What a frame holds, inflated. No honest one is larger than a head and a number for each place.
Result<std::string> inflate(std::string_view frame) {
  Taker head(frame);
  if ((head.u32() & kCookieBase) != kFrameCookie) {
    return broken("is no HdrHistogram in V2 encoding, compressed: it begins otherwise");
  }
  const std::uint32_t length = head.u32();
  const std::string_view body = head.rest();
  if (length != body.size()) {
    return broken(
        fmt::format("is cut off or has more than it should: {} bytes of {}", body.size(), length));
  }
  const std::size_t limit = kHead + kLongestNumber * static_cast<std::size_t>(Histogram::places());
  const auto room = std::make_unique_for_overwrite<Bytef[]>(limit);
  uLongf size = limit;
  uLong taken = body.size();
  const int code =
      uncompress2(room.get(), &size, reinterpret_cast<const Bytef*>(body.data()), &taken);
  if (code == Z_BUF_ERROR && size == limit) return broken("holds more than a histogram can");
  if (code != Z_OK || taken != body.size()) return broken("is damaged: zlib cannot inflate it");
  return std::string(reinterpret_cast<const char*>(room.get()), size);
}

/// Counts in order of places: a number below 0 is that many empty ones.
Result<SparseHistogram> take_counts(Taker& taker) {
  SparseHistogram histogram;
  std::int64_t place = 0;
  std::uint64_t sum = 0;
  while (!taker.rest().empty()) {
    const auto number = taker.zigzag();
    if (!number) return broken("ends in the middle of a count");
    // Compared so that no number is too large to be negated.
    const std::int64_t left = Histogram::places() - place;
    if (*number < -left || left == 0) return broken("has more places than a histogram");
    if (*number < 0) {
      place -= *number;
      continue;
    }
    sum += static_cast<std::uint64_t>(*number);
    if (static_cast<std::uint64_t>(*number) > kMostDecoded || sum > kMostDecoded) {
      return broken(fmt::format("counts more than {} values", kMostDecoded));
    }
    if (*number > 0) histogram.counts.emplace_back(static_cast<std::int32_t>(place), *number);
    ++place;
  }
  return histogram;
}

}  // namespace

Result<SparseHistogram> decode_histogram(std::string_view encoded) {
  const auto frame = wire::decode_base64(encoded);
  if (!frame) return broken("is cut off, or no base64");
  const auto inflated = inflate(*frame);
  if (!inflated) return tl::unexpected(inflated.error());
  if (inflated->size() < kHead) return broken("is cut off in its head");
  Taker taker(*inflated);
  if ((taker.u32() & kCookieBase) != kHeadCookie)
    return broken("holds no histogram in V2 encoding");
  const std::uint32_t payload = taker.u32();
  const std::uint32_t offset = taker.u32();
  const auto digits = static_cast<std::int32_t>(taker.u32());
  const auto lowest = static_cast<std::int64_t>(taker.u64());
  const auto highest = static_cast<std::int64_t>(taker.u64());
  const auto ratio = std::bit_cast<double>(taker.u64());
  if (payload != taker.rest().size()) return broken("is cut off in its counts");
  if (digits != Histogram::kDigits || lowest != Histogram::kLowest ||
      highest != Histogram::kHighest || offset != 0 || ratio != 1) {
    return broken(fmt::format(
        "is of another range: {} to {} with {} digits; pushbench keeps {} to {} with {}", lowest,
        highest, digits, Histogram::kLowest, Histogram::kHighest, Histogram::kDigits));
  }
  return take_counts(taker);
}

}  // namespace pushbench::harness

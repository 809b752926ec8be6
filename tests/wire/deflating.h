#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "wire/deflate.h"

namespace pushbench::test {

inline constexpr std::size_t kAnySize = 64 * 1024 * 1024;

inline std::string deflated(wire::Deflater& deflater, std::string_view message) {
  std::string out;
  deflater.compress(message, out);
  return out;
}

struct Inflated {
  wire::Inflater::Outcome outcome;
  std::string message;
  bool operator==(const Inflated&) const = default;
};

/// Inflates a message that comes in these pieces.
inline Inflated inflated(wire::Inflater& inflater, const std::vector<std::string_view>& pieces,
                         std::size_t limit = kAnySize) {
  std::string out;
  for (const std::string_view piece : pieces) {
    // In a block of just its size, so that the sanitizer sees a read beyond it.
    const std::vector<char> block(piece.begin(), piece.end());
    const wire::Inflater::Outcome outcome =
        inflater.inflate({block.data(), block.size()}, limit, out);
    if (outcome != wire::Inflater::Outcome::ok) return {outcome, out};
  }
  const wire::Inflater::Outcome outcome = inflater.end_message(limit, out);
  return {outcome, out};
}

inline Inflated inflated(std::string_view payload, std::size_t limit = kAnySize) {
  wire::Inflater inflater(15, true);
  return inflated(inflater, {payload}, limit);
}

/// Text that repeats itself at every distance, with noise in between.
inline std::string some_text(std::size_t size, std::uint32_t seed) {
  std::mt19937 random(seed);
  std::string out;
  while (out.size() < size) {
    if (!out.empty() && random() % 2 == 0) {
      const std::size_t from = random() % out.size();
      out += out.substr(from, 3 + random() % 60);
    } else {
      out += static_cast<char>('a' + random() % 26);
    }
  }
  out.resize(size);
  return out;
}

}  // namespace pushbench::test

#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace pushbench::fuzz {

/// What the fuzzer made, as a text that one can also write by hand: the first line holds the
/// options, one byte, and how to cut what follows, a byte a piece; the rest is the input itself.
/// "A#\x01\nGET / …" has the option 'A' and is cut after 35 bytes and after one more.
class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size)
      : Input(std::string_view(reinterpret_cast<const char*>(data), size)) {}

  /// Bit `number` (0 to 4) of the options: with 'A' for 1, they can be written as letters.
  bool option(unsigned number) const { return ((options_ >> number) & 1U) != 0; }

  std::string_view bytes() const { return bytes_; }

  std::vector<std::string_view> whole() const { return {bytes_}; }

  /// The cuts are taken again and again; without any, every byte is a piece.
  std::vector<std::string_view> pieces() const {
    std::vector<std::string_view> all;
    std::size_t next = 0;
    for (std::string_view rest = bytes_; !rest.empty();) {
      const std::size_t size = cuts_.empty() ? 1 : size_of(cuts_[next++ % cuts_.size()]);
      all.push_back(rest.substr(0, size));
      rest.remove_prefix(all.back().size());
    }
    return all;
  }

 private:
  explicit Input(std::string_view all) {
    const std::size_t line = std::min(all.find('\n'), all.size());
    cuts_ = all.substr(0, line);
    if (!cuts_.empty()) {
      options_ = static_cast<unsigned char>(cuts_.front());
      cuts_.remove_prefix(1);
    }
    if (line < all.size()) bytes_ = all.substr(line + 1);
  }

  static std::size_t size_of(char cut) {
    const std::size_t value = static_cast<unsigned char>(cut);
    if (value < 128) return std::max<std::size_t>(value, 1);
    return (value - 127) * 64;
  }

  unsigned options_ = 0;
  std::string_view cuts_;
  std::string_view bytes_;
};

/// One piece in a block of just its size, so that the sanitizer sees a read beyond it.
class Block {
 public:
  explicit Block(std::string_view piece) : bytes_(piece.begin(), piece.end()) {}
  std::string_view view() const { return {bytes_.data(), bytes_.size()}; }

 private:
  std::vector<char> bytes_;
};

inline std::string printable(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n' || (c >= ' ' && c <= '~')) {
      out += c;
    } else {
      char escape[5];
      std::snprintf(escape, sizeof escape, "\\x%02x", static_cast<unsigned char>(c));
      out += escape;
    }
  }
  return out;
}

[[noreturn]] inline void fail(std::string_view what, std::string_view a, std::string_view b) {
  std::fprintf(stderr, "\n=== %s ===\n%s\n=== and ===\n%s\n", printable(what).c_str(),
               printable(a).c_str(), printable(b).c_str());
  std::abort();
}

inline void expect_same(std::string_view what, std::string_view a, std::string_view b) {
  if (a != b) fail(what, a, b);
}

inline void expect(bool holds, std::string_view what, std::string_view of = {}) {
  if (!holds) fail(what, of, {});
}

/// `read` takes pieces and writes down what it found in them: always the same, however they are
/// cut.
template <class Read>
void expect_same_however_cut(const Input& input, const Read& read) {
  expect_same("whole and in pieces it differs", read(input.whole()), read(input.pieces()));
}

}  // namespace pushbench::fuzz

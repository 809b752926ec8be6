#pragma once

#include <cstdint>
#include <string_view>

namespace pushbench::wire {

/// Checks UTF-8 (RFC 3629 §4) as it comes in, however it is cut.
class Utf8Checker {
 public:
  /// False as soon as the piece has a byte that nothing following could make right; the checker is
  /// then spent until reset().
  bool feed(std::string_view piece);

  /// Whether what came so far ends with a whole character.
  bool complete() const { return missing_ == 0; }

  void reset() { *this = {}; }

 private:
  bool take(std::uint8_t byte);

  // Of the character that the pieces so far cut in two:
  std::uint8_t missing_ = 0;  // how many bytes it lacks
  std::uint8_t lowest_ = 0;   // and between what bounds the next of them lies
  std::uint8_t highest_ = 0;
};

}  // namespace pushbench::wire

#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "harness/quantity.h"

namespace pushbench::harness {

/// A word of a lab's expression.
struct LabToken {
  enum class Kind { number, name, sign, end };

  Kind kind = Kind::end;
  std::string_view text;  // within the text that was cut
  std::size_t at = 0;     // its first byte in it
  double number = 0;      // in base units
  Dimension dimension{};

  bool is(std::string_view word) const { return kind != Kind::end && text == word; }
};

/// An error in `whole`, with its place counted in characters from 1.
tl::unexpected<Error> lab_failure(std::string_view whole, std::size_t at, const std::string& what);

/// The words of the text, which must outlive them, and the end. A name may hold dots and a minus
/// between letters; a number has its unit right behind it.
Result<std::vector<LabToken>> lab_tokens(std::string_view text);

}  // namespace pushbench::harness

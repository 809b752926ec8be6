#pragma once

#include <charconv>
#include <string_view>
#include <system_error>

namespace pushbench::wire {

/// Reads a number that is the whole text, in decimal and without blanks or a plus; false if it is
/// none, or none that `Number` holds. `out` is then undefined.
template <class Number>
bool read_number(std::string_view text, Number& out) {
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, out);
  return error == std::errc() && rest == end;
}

}  // namespace pushbench::wire

#include "wire/utf8.h"

#include <simdjson.h>

#include <algorithm>

namespace pushbench::wire {

namespace {

/// What a first byte promises: RFC 3629 §4, one row a line of its grammar.
struct Lead {
  std::uint8_t from, to;
  std::uint8_t following;        // bytes after it
  std::uint8_t lowest, highest;  // bounds of the second byte; the others lie in 80..BF
};

constexpr Lead kLeads[] = {
    {0x00, 0x7F, 0, 0, 0},       {0xC2, 0xDF, 1, 0x80, 0xBF},
    {0xE0, 0xE0, 2, 0xA0, 0xBF},                               // below: overlong
    {0xE1, 0xEC, 2, 0x80, 0xBF}, {0xED, 0xED, 2, 0x80, 0x9F},  // above: surrogates
    {0xEE, 0xEF, 2, 0x80, 0xBF}, {0xF0, 0xF0, 3, 0x90, 0xBF},  // below: overlong
    {0xF1, 0xF3, 3, 0x80, 0xBF}, {0xF4, 0xF4, 3, 0x80, 0x8F},  // above: past U+10FFFF
};

const Lead* find_lead(std::uint8_t byte) {
  const auto* lead = std::find_if(std::begin(kLeads), std::end(kLeads), [byte](const Lead& row) {
    return byte >= row.from && byte <= row.to;
  });
  return lead == std::end(kLeads) ? nullptr : lead;
}

/// How many bytes at the end may belong to a character that goes on in the next piece.
std::size_t cut_off(std::string_view piece) {
  for (std::size_t n = 1; n <= std::min<std::size_t>(3, piece.size()); ++n) {
    const auto byte = static_cast<std::uint8_t>(piece[piece.size() - n]);
    if ((byte & 0xC0) == 0x80) continue;  // the character begins further in front
    const Lead* lead = find_lead(byte);
    return lead != nullptr && lead->following >= n ? n : 0;
  }
  return 0;
}

}  // namespace

bool Utf8Checker::feed(std::string_view piece) {
  std::size_t at = 0;
  for (; missing_ > 0 && at < piece.size(); ++at) {
    if (!take(static_cast<std::uint8_t>(piece[at]))) return false;
  }
  piece.remove_prefix(at);
  const std::size_t rest = cut_off(piece);
  const std::string_view whole = piece.substr(0, piece.size() - rest);
  if (!whole.empty() && !simdjson::validate_utf8(whole.data(), whole.size())) return false;
  const std::string_view begun = piece.substr(whole.size());
  return std::all_of(begun.begin(), begun.end(),
                     [this](char c) { return take(static_cast<std::uint8_t>(c)); });
}

bool Utf8Checker::take(std::uint8_t byte) {
  if (missing_ > 0) {
    if (byte < lowest_ || byte > highest_) return false;
    --missing_;
    lowest_ = 0x80;
    highest_ = 0xBF;
    return true;
  }
  const Lead* lead = find_lead(byte);
  if (lead == nullptr) return false;
  missing_ = lead->following;
  lowest_ = lead->lowest;
  highest_ = lead->highest;
  return true;
}

}  // namespace pushbench::wire

#include "harness/lab_tokens.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "wire/number.h"

namespace pushbench::harness {

namespace {

using Kind = LabToken::Kind;

// The longer ones first.
constexpr std::array<std::string_view, 13> kSigns{"<=", ">=", "==", "!=", "<", ">", "=",
                                                  "+",  "-",  "*",  "/",  "(", ")"};

bool is_letter(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; }
bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }
bool continues_name(char c) { return is_letter(c) || is_digit(c) || c == '_' || c == '.'; }

/// How many bytes from `at` on pass the test.
template <class Test>
std::size_t length_while(std::string_view text, std::size_t at, Test test) {
  std::size_t end = at;
  while (end < text.size() && test(text[end])) ++end;
  return end - at;
}

std::size_t name_length(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size()) {
    const bool joins = text[end] == '-' && end + 1 < text.size() &&
                       (is_letter(text[end + 1]) || is_digit(text[end + 1]));
    if (!continues_name(text[end]) && !joins) break;
    ++end;
  }
  return end - at;
}

/// "/s" is a unit only as a whole: in "2/slow.polling…" something is divided.
std::size_t unit_length(std::string_view text, std::size_t at) {
  if (at < text.size() && text[at] == '%') return 1;
  if (at >= text.size() || text[at] != '/') return length_while(text, at, is_letter);
  const std::size_t word = name_length(text, at + 1);
  const QuantityUnit* const unit = find_unit(text.substr(at, word + 1));
  return word > 0 && unit != nullptr ? word + 1 : 0;
}

Result<LabToken> number_at(std::string_view text, std::size_t at) {
  const std::size_t digits = length_while(text, at, [](char c) { return is_digit(c) || c == '.'; });
  LabToken token{Kind::number, {}, at, 0, {}};
  if (!wire::read_number(text.substr(at, digits), token.number)) {
    return lab_failure(
        text, at, fmt::format("\"{}\": write a number, as in 3 or 0.5", text.substr(at, digits)));
  }
  const std::size_t length = unit_length(text, at + digits);
  const std::string_view name = text.substr(at + digits, length);
  const QuantityUnit* const unit = find_unit(name);
  if (unit == nullptr) {
    std::vector<std::string_view> names;
    for (const QuantityUnit& known : quantity_units()) {
      if (!known.name.empty()) names.push_back(known.name);
    }
    return lab_failure(
        text, at + digits,
        fmt::format("\"{}\": there is no such unit. There are: {}", name, fmt::join(names, ", ")));
  }
  token.text = text.substr(at, digits + length);
  token.number *= unit->factor;
  token.dimension = unit->dimension;
  return token;
}

/// A whole character, so that an error never shows half of one.
std::string_view character_at(std::string_view text, std::size_t at) {
  const auto is_inner = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; };
  return text.substr(at, 1 + length_while(text, at + 1, is_inner));
}

Result<LabToken> token_at(std::string_view text, std::size_t at) {
  if (is_digit(text[at])) return number_at(text, at);
  if (is_letter(text[at])) {
    return LabToken{Kind::name, text.substr(at, name_length(text, at)), at, 0, {}};
  }
  for (const std::string_view sign : kSigns) {
    if (text.substr(at).starts_with(sign)) {
      return LabToken{Kind::sign, text.substr(at, sign.size()), at, 0, {}};
    }
  }
  return lab_failure(text, at,
                     fmt::format("\"{}\" has no meaning here; write figures, numbers, + - * / and "
                                 "brackets",
                                 character_at(text, at)));
}

}  // namespace

tl::unexpected<Error> lab_failure(std::string_view whole, std::size_t at, const std::string& what) {
  const auto starts = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; };
  const std::string_view before = whole.substr(0, at);
  const auto characters = std::count_if(before.begin(), before.end(), starts);
  return failure(fmt::format("\"{}\", character {}", whole, characters + 1), what);
}

Result<std::vector<LabToken>> lab_tokens(std::string_view text) {
  std::vector<LabToken> tokens;
  std::size_t at = 0;
  while (at < text.size()) {
    if (text[at] == ' ') {
      ++at;
      continue;
    }
    const auto token = token_at(text, at);
    if (!token) return tl::unexpected(token.error());
    tokens.push_back(*token);
    at += token->text.size();
  }
  tokens.push_back({Kind::end, {}, text.size(), 0, {}});
  return tokens;
}

}  // namespace pushbench::harness

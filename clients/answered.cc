#include "clients/answered.h"

#include <fmt/format.h>

#include <algorithm>

#include "wire/utf8.h"

namespace pushbench::clients {

namespace {

constexpr std::size_t kMost = 200;
constexpr std::string_view kMore = "…";

/// How many bytes of a blank or control character a text begins with; 0: it is something to read.
/// U+0080 to U+009F move a terminal's cursor as well as those of ASCII.
std::size_t blank_at(std::string_view text) {
  const auto byte = [text](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  if (byte(0) <= ' ' || byte(0) == 0x7f) return 1;
  const bool is_control = text.size() > 1 && byte(0) == 0xc2 && byte(1) >= 0x80 && byte(1) < 0xa0;
  return is_control ? 2 : 0;
}

bool is_inside_character(char byte) { return (static_cast<unsigned char>(byte) & 0xc0) == 0x80; }

/// A picture or another encoding: only its ASCII can be shown.
void keep_ascii(std::string& text) {
  for (char& byte : text) {
    if (static_cast<unsigned char>(byte) >= 0x80) byte = '?';
  }
}

/// Cut between two characters.
void shorten(std::string& line) {
  std::size_t end = kMost - kMore.size();
  while (end > 0 && is_inside_character(line[end])) --end;
  line.resize(end);
}

}  // namespace

std::string in_one_line(std::string_view text) {
  std::string line;
  bool after_blank = false;
  while (!text.empty() && line.size() <= kMost) {
    const std::size_t blank = blank_at(text);
    if (blank == 0) {
      if (after_blank && !line.empty()) line += ' ';
      line += text.front();
    }
    after_blank = blank > 0;
    text.remove_prefix(std::max<std::size_t>(blank, 1));
  }
  const bool is_long = line.size() > kMost;
  if (is_long) shorten(line);
  wire::Utf8Checker utf8;
  if (!utf8.feed(line) || !utf8.complete()) keep_ascii(line);
  if (is_long) line += kMore;
  return line;
}

std::string answered(const wire::HttpMessage& answer) {
  std::string line = fmt::format("answered {}", answer.status());
  if (answer.status() / 100 == 3 && answer.has_header("Location")) {
    line += fmt::format(" (to {})", in_one_line(answer.header("Location")));
  }
  const std::string body = in_one_line(answer.body());
  return body.empty() ? line : line + ' ' + body;
}

}  // namespace pushbench::clients

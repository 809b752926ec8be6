#include "report/columns.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace pushbench::report {

namespace {

bool starts_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

std::string gap(std::string_view text, std::size_t width) {
  return std::string(width - std::min(width, columns(text)), ' ');
}

/// "ms" of "50.2 ms,": what belongs to the number before it.
bool is_unit(std::string_view word) {
  constexpr std::array<std::string_view, 11> kUnits{"µs", "ms",  "s",   "min", "%",     "pp",
                                                    "B",  "KiB", "MiB", "GiB", "Mbit/s"};
  word = word.substr(0, word.find_last_not_of(".,;:)") + 1);
  return std::find(kUnits.begin(), kUnits.end(), word) != kUnits.end();
}

}  // namespace

std::size_t columns(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), starts_character));
}

std::string left(std::string_view text, std::size_t width) {
  return std::string(text) + gap(text, width);
}

std::string right(std::string_view text, std::size_t width) {
  return gap(text, width) + std::string(text);
}

std::string left_cut(std::string_view text, std::size_t width) {
  if (columns(text) <= width) return left(text, width);
  std::string kept;
  std::size_t started = 0;
  for (const char c : text) {
    if (starts_character(c) && ++started > width - 3) break;
    kept += c;
  }
  return kept + "...";
}

std::string table_line(std::span<const std::string> cells, std::span<const std::size_t> widths,
                       std::size_t left_cells) {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    line += i < left_cells ? left(cells[i], widths[i]) : right(cells[i], widths[i]);
  }
  return line;
}

std::string_view first_piece(std::string_view text) {
  const std::size_t space = std::min(text.find(' '), text.size());
  if (space == 0 || space == text.size()) return text.substr(0, space);
  const std::size_t end = std::min(text.find(' ', space + 1), text.size());
  const bool is_number = std::isdigit(static_cast<unsigned char>(text[space - 1])) != 0;
  const bool together = is_number && is_unit(text.substr(space + 1, end - space - 1));
  return text.substr(0, together ? end : space);
}

std::string wrapped(std::string_view text, std::size_t indent) {
  std::string out;
  const std::size_t start = std::min(text.find_first_not_of(' '), text.size());
  std::string line(start, ' ');
  text.remove_prefix(start);
  bool first = true;  // of its line
  while (!text.empty()) {
    const std::string_view word = first_piece(text);
    text.remove_prefix(std::min(word.size() + 1, text.size()));
    if (columns(line) + 1 + columns(word) > kTerminalWidth && !first) {
      out += line + "\n";
      line = std::string(indent, ' ');
      first = true;
    }
    if (!first) line += ' ';
    line += word;
    first = false;
  }
  return out + line + "\n";
}

}  // namespace pushbench::report

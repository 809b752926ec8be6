#include "report/columns.h"

#include <algorithm>

namespace pushbench::report {

namespace {

bool starts_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

std::string gap(std::string_view text, std::size_t width) {
  return std::string(width - std::min(width, columns(text)), ' ');
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

std::string wrapped(std::string_view text, std::size_t indent) {
  std::string out;
  const std::size_t start = std::min(text.find_first_not_of(' '), text.size());
  std::string line(start, ' ');
  text.remove_prefix(start);
  bool first = true;  // of its line
  while (!text.empty()) {
    const std::size_t space = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, space);
    text.remove_prefix(std::min(space + 1, text.size()));
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

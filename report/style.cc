#include "report/style.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <vector>

namespace pushbench::report {

namespace {

constexpr std::string_view kBold = "\033[1m";
constexpr std::string_view kRed = "\033[31m";
constexpr std::string_view kGreen = "\033[32m";
constexpr std::string_view kBoldRed = "\033[1;31m";
constexpr std::string_view kPlain = "\033[0m";
constexpr std::size_t kHeadIndent = 8;  // a table's upper head starts over its second column

std::string painted(std::string_view text, std::string_view colour) {
  return fmt::format("{}{}{}", colour, text, kPlain);
}

bool is_letter(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; }

/// What a row's cells begin with: cells stand two spaces apart or more.
std::vector<char> cell_starts(std::string_view line) {
  std::vector<char> starts;
  std::size_t spaces = 2;
  for (const char c : line) {
    if (c != ' ' && spaces >= 2) starts.push_back(c);
    spaces = c == ' ' ? spaces + 1 : 0;
  }
  return starts;
}

bool is_row(std::string_view line) { return cell_starts(line).size() >= 3; }

/// A head's cells are words; a row of figures has some that begin with a digit or a sign.
bool is_head(std::string_view line, bool first) {
  if (first && line.find_first_not_of(' ') >= kHeadIndent) return true;
  const std::vector<char> starts = cell_starts(line);
  return starts.size() >= 3 && line.front() != ' ' &&
         std::all_of(starts.begin(), starts.end(), is_letter);
}

/// The length of "polling:" at the start of a paragraph; 0 if there is none.
std::size_t label_length(std::string_view line) {
  if (line.empty() || !is_letter(line.front())) return 0;
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return 0;
  if (colon + 1 == line.size()) return line.size();  // a heading of its own
  const bool word = line.substr(0, colon).find(' ') == std::string_view::npos;
  return word && line[colon + 1] == ' ' ? colon + 1 : 0;
}

bool is_alarm(std::string_view line) {
  line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
  return line.starts_with("INVALID:") || line.starts_with("FAILED:") || line.starts_with("worse:");
}

/// A table's own marks: "+ " is better and "! " worse than before, "!" at the end does not count.
std::string coloured_row(std::string_view line) {
  if (line.starts_with("+ ")) return painted(line, kGreen);
  const bool bad = line.starts_with("! ") || line.ends_with('!');
  return bad ? painted(line, kRed) : std::string(line);
}

/// `first`: it begins a block. `head`: only heads have come in it so far.
std::string coloured_line(std::string_view line, bool first, bool head) {
  if (is_alarm(line)) return painted(line, kBoldRed);
  if (head && is_head(line, first)) return painted(line, kBold);
  if (is_row(line)) return coloured_row(line);
  const std::size_t label = label_length(line);
  if (label == 0 || (label == line.size() && !first)) return std::string(line);
  return painted(line.substr(0, label), kBold) + std::string(line.substr(label));
}

}  // namespace

std::string coloured(std::string_view text) {
  std::string out;
  bool first = true;
  bool head = true;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    out += line.empty() ? "" : coloured_line(line, first, head);
    head = line.empty() || (head && is_head(line, first));
    first = line.empty();
    if (end < text.size()) out += '\n';
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

}  // namespace pushbench::report

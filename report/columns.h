#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace pushbench::report {

// What text tables for a terminal are made of.

/// The columns of a terminal that every text and table keeps to.
inline constexpr std::size_t kTerminalWidth = 80;

/// How many columns a UTF-8 text takes in a terminal, for texts without wide characters.
std::size_t columns(std::string_view text);

/// The text with blanks behind it, or before it, up to so many columns. A longer text stays whole.
std::string left(std::string_view text, std::size_t width);
std::string right(std::string_view text, std::size_t width);

/// Like left(), but a text that is too long ends in "..." at the width, which is at least 3.
std::string left_cut(std::string_view text, std::size_t width);

/// One line of a table, without its newline: the first `left_cells` cells start their columns, the
/// others end them. There are as many widths as cells.
std::string table_line(std::span<const std::string> cells, std::span<const std::size_t> widths,
                       std::size_t left_cells = 1);

/// Up to the next place where a line may end: at a blank, but not between a number and its unit.
std::string_view first_piece(std::string_view text);

/// Breaks a text at spaces so that no line is over 80 columns; further lines are indented. Spaces
/// at its start stay, and a number stays with its unit.
std::string wrapped(std::string_view text, std::size_t indent);

}  // namespace pushbench::report

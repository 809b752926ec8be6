#pragma once

#include <optional>
#include <string>
#include <vector>

namespace pushbench::report {

struct HtmlCell {
  std::string text{};
  std::optional<double> value{};  // which the text rounds; written beside it
  std::string range{};            // below it, smaller: "0.98–1.03 ms"
  bool best = false;              // marked by a word and a sign, not only by colour
};

struct HtmlRow {
  std::string head;
  std::vector<HtmlCell> cells;
  std::string title{};  // of the head, in more words
};

/// All texts are plain; html_table() escapes them.
struct HtmlTable {
  std::string caption;
  std::vector<std::string> columns;  // the first one is over the rows' heads
  std::vector<HtmlRow> rows;
};

/// A table in a box of its own that scrolls where it is too wide.
std::string html_table(const HtmlTable& table);

/// A table that becomes a block a row where the page is narrow, each cell with its column's name.
std::string restacking_table(const HtmlTable& table);

/// A summary that opens to show `inner`, which is HTML.
std::string html_details(const std::string& summary, const std::string& inner);

}  // namespace pushbench::report

#include "report/html_table.h"

#include <fmt/format.h>

#include "report/html_text.h"

namespace pushbench::report {

namespace {

/// The figure and its mark stay together; the range is below them.
std::string content_of(const HtmlCell& cell) {
  std::string content = html(cell.text);
  if (cell.value) content = fmt::format("<data value=\"{}\">{}</data>", *cell.value, content);
  if (cell.best) {
    content = fmt::format("<span><strong>{}</strong> <em class=\"best\">best</em></span>", content);
  }
  if (!cell.range.empty()) content += fmt::format("<small>{}</small>", html(cell.range));
  return content;
}

std::string head_row(const HtmlTable& table, bool roles) {
  std::string row;
  for (const std::string& column : table.columns) {
    row += fmt::format("<th scope=\"col\"{}>{}</th>", roles ? " role=\"columnheader\"" : "",
                       html(column));
  }
  return row;
}

std::string title_of(const HtmlRow& row) {
  return row.title.empty() ? "" : fmt::format(" title=\"{}\"", html(row.title));
}

}  // namespace

std::string html_table(const HtmlTable& table) {
  std::string out = fmt::format(
      "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{0}\">\n<table>"
      "<caption>{0}</caption>\n<thead><tr>{1}</tr></thead>\n<tbody>\n",
      html(table.caption), head_row(table, false));
  for (const HtmlRow& row : table.rows) {
    out += fmt::format("<tr><th scope=\"row\"{}>{}</th>", title_of(row), html(row.head));
    for (const HtmlCell& cell : row.cells) {
      out += fmt::format("<td{}>{}</td>", cell.best ? " class=\"is-best\"" : "", content_of(cell));
    }
    out += "</tr>\n";
  }
  return out + "</tbody></table></div>\n";
}

// Roles, since a style sheet that lays a table out in blocks takes its meaning away.
std::string restacking_table(const HtmlTable& table) {
  std::string out = fmt::format(
      "<table class=\"restack\" role=\"table\"><caption>{}</caption>\n<thead role=\"rowgroup\">"
      "<tr role=\"row\">{}</tr></thead>\n<tbody role=\"rowgroup\">\n",
      html(table.caption), head_row(table, true));
  for (const HtmlRow& row : table.rows) {
    out += fmt::format("<tr role=\"row\"><th scope=\"row\" role=\"rowheader\"{}>{}</th>",
                       title_of(row), html(row.head));
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      const std::string column = i + 1 < table.columns.size() ? table.columns[i + 1] : "";
      out += fmt::format("<td role=\"cell\" data-column=\"{}\"{}>{}</td>", html(column),
                         row.cells[i].best ? " class=\"is-best\"" : "", content_of(row.cells[i]));
    }
    out += "</tr>\n";
  }
  return out + "</tbody></table>\n";
}

std::string html_details(const std::string& summary, const std::string& inner) {
  return fmt::format("<details><summary>{}</summary>\n{}</details>\n", html(summary), inner);
}

}  // namespace pushbench::report

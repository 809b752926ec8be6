#include "report/html_verdict.h"

#include <fmt/format.h>

#include "report/html_table.h"
#include "report/html_text.h"
#include "report/invalid.h"
#include "report/promises.h"
#include "report/verdict.h"
#include "report/verdict_story.h"

namespace pushbench::report {

namespace {

constexpr std::size_t kMostAcross = 5;

HtmlCell cell_of(const VerdictRow& row, std::size_t i) {
  if (!row.figures[i]) return {"–"};
  const Interval& figure = *row.figures[i];
  return {figure_of(row, figure.median), figure.median, range_of(row, figure), row.best[i]};
}

std::string caption_of(const Verdict& verdict) {
  const std::string ranges = ranges_text(verdict);
  std::string text = ranges.empty() ? "" : ranges + " ";
  return text + (marks_any(verdict)
                     ? fmt::format("The best of each {} is marked, and so is what cannot be told "
                                   "from it.",
                                   verdict.transports.size() > kMostAcross ? "column" : "row")
                     : "None is marked as the best.");
}

/// With many columns a page is too narrow for them: then each is a row.
HtmlTable turned_table_of(const Verdict& verdict) {
  HtmlTable table{caption_of(verdict), {"transport"}, {}};
  for (const VerdictRow& row : verdict.rows) table.columns.push_back(row.label);
  for (std::size_t i = 0; i < verdict.transports.size(); ++i) {
    HtmlRow shown{marked_name(verdict, i), {}};
    for (const VerdictRow& row : verdict.rows) shown.cells.push_back(cell_of(row, i));
    table.rows.push_back(std::move(shown));
  }
  return table;
}

HtmlTable table_of(const Verdict& verdict) {
  if (verdict.transports.size() > kMostAcross) return turned_table_of(verdict);
  HtmlTable table{caption_of(verdict), {"figure"}, {}};
  for (std::size_t i = 0; i < verdict.transports.size(); ++i) {
    table.columns.push_back(marked_name(verdict, i));
  }
  for (const VerdictRow& row : verdict.rows) {
    HtmlRow shown{row.label, {}, std::string(row.metric->meaning)};
    for (std::size_t i = 0; i < row.figures.size(); ++i) shown.cells.push_back(cell_of(row, i));
    table.rows.push_back(std::move(shown));
  }
  return table;
}

std::string listed(const std::vector<std::string>& lines) {
  std::string out = "<ul>\n";
  for (const std::string& line : lines) out += "<li>" + html(line) + "</li>\n";
  return out + "</ul>\n";
}

std::string warning(const std::string& heading, const std::string& id, const std::string& inner) {
  return fmt::format(
      "<section class=\"banner\" aria-labelledby=\"{0}\">\n<h2 "
      "id=\"{0}\">{1}</h2>\n{2}</section>\n",
      id, html(heading), inner);
}

std::vector<std::string> reasons(const harness::RunResult& result) {
  std::vector<std::string> all;
  if (result.outcome == harness::Outcome::interrupted) {
    all.emplace_back("The run was interrupted before its end.");
  }
  if (result.outcome == harness::Outcome::broke) {
    all.push_back(result.problem.empty() ? "The run broke." : result.problem);
  }
  for (std::string& reason : invalid_reasons(result)) all.push_back(std::move(reason));
  return all;
}

/// With targets: what each server was seen to keep to.
std::string promises_part(const harness::RunResult& result) {
  const std::vector<Promise> promises = promises_of(result);
  if (!tells_promises(result) || promises.empty()) return "";
  std::vector<std::string> lines;
  for (const Promise& promise : promises) {
    lines.push_back(fmt::format("{}: {}", promise.text, list(promise.columns)));
  }
  return "<h3>Deliveries, every subscriber's every message checked</h3>\n" + listed(lines);
}

}  // namespace

std::string banner(const harness::RunResult& result) {
  std::string out;
  if (!result.valid()) {
    out += warning(fmt::format("INVALID: {} do not count", what_does_not_count(result)), "invalid",
                   listed(reasons(result)));
  }
  if (!result.failed_limits.empty()) {
    out += warning("FAILED: over the scenario's limits", "failed", listed(result.failed_limits));
  }
  return out;
}

std::string verdict_part(const harness::RunResult& result) {
  const Verdict verdict = verdict_of(result);
  if (verdict.transports.empty()) return "<p>Nothing was delivered: there is no verdict.</p>\n";
  std::string out = restacking_table(table_of(verdict));
  if (verdict.sentences.empty()) return out + promises_part(result);
  out += "<ul class=\"sentences\">\n";
  for (const VerdictSentence& sentence : verdict.sentences) {
    out += fmt::format("<li data-rule=\"{}\">{}</li>\n", html(sentence.rule),
                       html_prose(sentence.text));
  }
  return out + "</ul>\n" + promises_part(result);
}

}  // namespace pushbench::report

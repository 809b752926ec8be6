#pragma once

#include <string>
#include <vector>

#include "harness/result.h"
#include "report/html_page.h"
#include "report/html_table.h"

namespace pushbench::report {

/// A picture's place: the script draws into it. With its name, what it shows in words, and the same
/// figures as a table, which needs no script.
struct HtmlFigure {
  std::string chart;  // which of report/web/main.js's
  std::string name;
  std::string caption;
  HtmlTable table;
  std::string part{};  // of a chart of which a page has several: "0", "polling"
  bool drawn = true;   // false: there is too little for a picture
};

std::string html_figure(const HtmlFigure& figure);

/// All pictures of a run, in sections by what they are of.
std::vector<HtmlSection> run_figures(const harness::RunResult& result);

}  // namespace pushbench::report

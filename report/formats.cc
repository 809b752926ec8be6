#include "report/formats.h"

#include <algorithm>

#include "report/figures_csv.h"
#include "report/gbench.h"
#include "report/html_report.h"
#include "report/markdown.h"
#include "report/prometheus.h"

namespace pushbench::report {

const std::vector<Format>& formats() {
  static const std::vector<Format> all{
      {"html", "report.html", html_report}, {"md", "report.md", markdown},
      {"csv", "figures.csv", figures_csv},  {"gbench", "", gbench_json},
      {"prometheus", "", prometheus},
  };
  return all;
}

std::string in_format(std::string_view name, const harness::RunResult& result) {
  const auto format = std::find_if(formats().begin(), formats().end(),
                                   [&](const Format& known) { return known.name == name; });
  return format->text(result);
}

}  // namespace pushbench::report

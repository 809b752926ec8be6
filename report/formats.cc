#include "report/formats.h"

#include <fmt/format.h>

#include "harness/scenario.h"
#include "report/figures_csv.h"
#include "report/gbench.h"
#include "report/html_report.h"
#include "report/markdown.h"
#include "report/prometheus.h"

namespace pushbench::report {

namespace {

std::vector<std::string_view> names() {
  std::vector<std::string_view> names;
  for (const Format& format : formats()) names.push_back(format.name);
  return names;
}

}  // namespace

const std::vector<Format>& formats() {
  static const std::vector<Format> all{
      {"html", "report.html", "a page with pictures, which needs no network", html_report},
      {"md", "report.md", "Markdown for a pull request", markdown},
      {"csv", "figures.csv", "a row for each transport, repetition and figure", figures_csv},
      {"gbench", "", "JSON as Google Benchmark writes it", gbench_json},
      {"prometheus", "", "Prometheus's text format", prometheus},
  };
  return all;
}

std::string format_names() { return fmt::format("{}", fmt::join(names(), ", ")); }

Result<const Format*> parse_format(std::string_view name) {
  for (const Format& format : formats()) {
    if (format.name == name) return &format;
  }
  return failure(fmt::format("--format {}", name),
                 fmt::format("there is no such format{} There are: {}",
                             harness::suggestion(name, names()), format_names()));
}

}  // namespace pushbench::report

#include "report/html_report.h"

#include <fmt/format.h>

#include "harness/latency_log.h"
#include "harness/result_json.h"
#include "report/chart_data.h"
#include "report/html_figures.h"
#include "report/html_method.h"
#include "report/html_page.h"
#include "report/html_repetitions.h"
#include "report/html_table.h"
#include "report/html_text.h"
#include "report/html_verdict.h"
#include "report/numbers.h"

namespace pushbench::report {

using harness::RunResult;

namespace {

/// What one must know to read the verdict, in one line.
std::string facts_line(const RunResult& result) {
  for (const auto& transport : result.transports) {
    if (transport.repetitions.empty()) continue;
    const harness::Repetition& first = transport.repetitions.front();
    return fmt::format(
        "{} users, {} messages, {} deliveries a repetition; {} repetition{} of each "
        "transport; {}",
        thousands(first.users), thousands(first.messages.published),
        thousands(first.messages.delivered), transport.repetitions.size(),
        transport.repetitions.size() == 1 ? "" : "s", result.context.date);
  }
  return "nothing was measured";
}

std::string header(const RunResult& result) {
  std::vector<Fact> facts = run_facts(result);
  for (const Fact& fact : context_facts(result.context)) facts.push_back(fact);
  return fmt::format(
      "<p class=\"kind\">pushbench: what each transport costs</p>\n<h1>{}</h1>\n"
      "<p class=\"purpose\">{}</p>\n<p class=\"facts-line\">{}</p>\n{}",
      html(result.scenario), html(result.purpose), html(facts_line(result)),
      html_details("What was run, where and by what", fact_list(facts)));
}

}  // namespace

std::string html_report(const RunResult& result) {
  std::vector<HtmlSection> sections{{"verdict", "Verdict", "Verdict", verdict_part(result)}};
  for (HtmlSection& section : run_figures(result)) sections.push_back(std::move(section));
  sections.push_back({"repetitions", "Repetitions", "Every repetition", repetition_tables(result)});
  sections.push_back({"method", "Method", "How it was measured", method_part(result)});
  HtmlPage page;
  page.title = result.scenario + ": what each transport costs";
  page.header = header(result) + html_contents(sections);
  page.main = banner(result) + html_sections(sections);
  page.footer =
      "<p>This file is whole: it asks nobody for anything. The result and its latencies "
      "are inside; <code>pushbench report --extract</code> gives them back.</p>\n";
  page.charts = chart_data(result);
  page.embedded = {{"result", script_result(harness::to_json(result))},
                   {"latency-log", script_text(harness::latency_log(result))}};
  return html_page(page);
}

}  // namespace pushbench::report

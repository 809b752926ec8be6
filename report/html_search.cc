#include "report/html_search.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "report/capacity_table.h"
#include "report/chart_data.h"
#include "report/html_captions.h"
#include "report/html_figures.h"
#include "report/html_method.h"
#include "report/html_page.h"
#include "report/html_table.h"
#include "report/html_text.h"
#include "report/invalid.h"
#include "report/sweep_table.h"

namespace pushbench::report {

using harness::CapacityCurve;
using harness::CapacityQuestion;
using harness::Metric;
using harness::SweepResult;
using harness::SweepStep;
using harness::TransportResult;

namespace {

std::string joined(const std::vector<std::string>& texts) {
  return fmt::format("{}", fmt::join(texts, ", "));
}

std::string sentences(const std::vector<std::string>& all) {
  if (all.empty()) return "";
  std::string out = "<ul class=\"sentences\">\n";
  for (const std::string& sentence : all) out += "<li>" + html(sentence) + "</li>\n";
  return out + "</ul>\n";
}

std::string warning(const std::vector<std::string>& reasons) {
  if (reasons.empty()) return "";
  std::string list;
  for (const std::string& reason : reasons) list += "<li>" + html(reason) + "</li>\n";
  return "<section class=\"banner\" aria-labelledby=\"invalid\">\n<h2 id=\"invalid\">INVALID: not "
         "all figures count</h2>\n<ul>\n" +
         list + "</ul>\n</section>\n";
}

/// The point of a line whose x is a tick's, by the tick's text; else by the axis's unit.
std::string x_text(const Curve& curve, double x) {
  for (const CurveTick& tick : curve.ticks) {
    if (tick.x == x) return tick.text;
  }
  return unit_text(curve.x_unit, x);
}

HtmlTable panel_table(const Curve& curve, const CurvePanel& panel) {
  HtmlTable table{panel.label, {curve.x_label}, {}};
  std::vector<double> xs;
  for (const CurveLine& line : panel.lines) {
    table.columns.push_back(line.name);
    for (const CurvePoint& point : line.points) xs.push_back(point.x);
  }
  std::sort(xs.begin(), xs.end());
  xs.erase(std::unique(xs.begin(), xs.end()), xs.end());
  for (const double x : xs) {
    HtmlRow row{x_text(curve, x), {}};
    for (const CurveLine& line : panel.lines) {
      const auto point = std::find_if(line.points.begin(), line.points.end(),
                                      [x](const CurvePoint& p) { return p.x == x; });
      if (point == line.points.end()) {
        row.cells.push_back({"–"});
      } else {
        row.cells.push_back(
            {unit_text(panel.unit, point->y) + (point->hollow ? " !" : ""), point->y});
      }
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

/// What a panel's lines do from their first value to their last.
std::string panel_caption(const Curve& curve, const CurvePanel& panel) {
  std::string text;
  for (const CurveLine& line : panel.lines) {
    if (line.points.empty()) continue;
    const CurvePoint& first = line.points.front();
    const CurvePoint& last = line.points.back();
    text += fmt::format("{}{}: {} at {}", text.empty() ? "" : "; ", line.name,
                        unit_text(panel.unit, first.y), x_text(curve, first.x));
    if (line.points.size() < 2) continue;
    text += fmt::format(", {} at {}", unit_text(panel.unit, last.y), x_text(curve, last.x));
  }
  return text.empty() ? "" : text + ".";
}

std::string curves_part(const Curve& curve) {
  std::string out;
  for (std::size_t i = 0; i < curve.panels.size(); ++i) {
    const CurvePanel& panel = curve.panels[i];
    const bool any = std::any_of(panel.lines.begin(), panel.lines.end(),
                                 [](const CurveLine& line) { return !line.points.empty(); });
    if (!any) continue;
    out += html_figure({"curve", panel.label, panel_caption(curve, panel),
                        panel_table(curve, panel), std::to_string(i)});
  }
  return out;
}

std::string header(const std::string& title, const std::string& purpose,
                   const std::vector<Fact>& facts) {
  return fmt::format(
      "<p class=\"kind\">pushbench: what each transport costs</p>\n<h1>{}</h1>\n"
      "<p class=\"purpose\">{}</p>\n{}",
      html(title), html(purpose),
      html_details("What was run, where and by what", fact_list(facts)));
}

std::string whole_page(const std::string& title, const std::string& header_part,
                       const std::string& banner, const std::vector<HtmlSection>& sections,
                       const Curve& curve, const Embedded& json) {
  HtmlPage page;
  page.title = title;
  page.header = header_part + html_contents(sections);
  page.main = banner + html_sections(sections);
  page.footer = fmt::format(
      "<p>This file is whole: it asks nobody for anything. {}.json is inside, "
      "and lies beside it.</p>\n",
      json.id);
  page.charts = chart_data(curve);
  page.embedded = {{json.id, script_json(json.json)}};
  return html_page(page);
}

std::vector<Fact> search_facts(const harness::SearchContext& search) {
  std::vector<Fact> facts{{"scenario", search.scenario},
                          {"seed", std::to_string(search.seed)},
                          {"set", joined(search.overrides)}};
  for (const Fact& fact : context_facts(harness::this_context(search.build))) facts.push_back(fact);
  return facts;
}

// A sweep.

bool invalid(const TransportResult& transport) {
  return std::any_of(transport.repetitions.begin(), transport.repetitions.end(),
                     [](const auto& repetition) { return !repetition.invalid.empty(); });
}

struct SweepColumn {
  std::string_view title;
  std::string_view metric;
};
constexpr std::array kSweepColumns{SweepColumn{"latency p50", "delivery_latency.p50"},
                                   SweepColumn{"latency p99", "delivery_latency.p99"},
                                   SweepColumn{"empty share", "exchanges.empty_share"},
                                   SweepColumn{"network bytes a message", "network_bytes"},
                                   SweepColumn{"server CPU a message", "server_cpu"}};

HtmlTable sweep_figures(const SweepResult& sweep) {
  HtmlTable table{
      "Medians over the repetitions, with their range below; ! marks what does not count",
      {sweep.spec.key.name, "transport"},
      {}};
  std::vector<const Metric*> shown;
  for (const SweepColumn& column : kSweepColumns) {
    shown.push_back(*harness::parse_metric(column.metric));
    table.columns.emplace_back(column.title);
  }
  for (const SweepStep& step : sweep.steps) {
    std::string head = step.value;
    for (const TransportResult& transport : step.result.transports) {
      if (transport.repetitions.empty()) continue;
      HtmlRow row{head, {{transport.name + (invalid(transport) ? " !" : "")}}};
      head.clear();
      for (const Metric* metric : shown) {
        const auto figure = harness::spread_of(transport.repetitions, *metric);
        if (!figure) {
          row.cells.push_back({"–"});
          continue;
        }
        const std::string low = unit_text(metric->unit, figure->least);
        const std::string high = unit_text(metric->unit, figure->most);
        row.cells.push_back({unit_text(metric->unit, figure->median), figure->median,
                             low == high ? "" : low + "–" + high});
      }
      table.rows.push_back(std::move(row));
    }
  }
  return table;
}

const TransportResult* find(const SweepStep& step, const std::string& name) {
  for (const TransportResult& transport : step.result.transports) {
    if (transport.name == name && !transport.repetitions.empty()) return &transport;
  }
  return nullptr;
}

/// "goes from 52.0 ms to 2.50 s" or "stays at 600 µs", of a metric between the first value and the
/// last; "" if either lacks it.
std::string change(const TransportResult& first, const TransportResult& last, const char* name) {
  const Metric& metric = **harness::parse_metric(name);
  const auto from = harness::spread_of(first.repetitions, metric);
  const auto to = harness::spread_of(last.repetitions, metric);
  if (!from || !to) return "";
  const std::string before = unit_text(metric.unit, from->median);
  const std::string after = unit_text(metric.unit, to->median);
  if (before == after) return "stays at " + before;
  return fmt::format("goes from {} to {}", before, after);
}

bool concerns(const harness::NamedKey& key, const TransportResult& column) {
  std::optional<std::string_view> dialect;
  if (column.target) dialect = column.target->dialect;
  return harness::concerns(key, column.transport(), dialect);
}

/// For each transport to which the key says something: what it does between its first value and its
/// last. Then those to which it says nothing.
std::vector<std::string> sweep_sentences(const SweepResult& sweep) {
  std::vector<std::string> all;
  std::vector<std::string> others;
  if (sweep.steps.size() < 2) return all;
  const SweepStep& first = sweep.steps.front();
  const SweepStep& last = sweep.steps.back();
  for (const TransportResult& transport : first.result.transports) {
    if (!concerns(sweep.spec.key, transport)) {
      others.push_back(transport.name);
      continue;
    }
    const TransportResult* end = find(last, transport.name);
    if (!end || transport.repetitions.empty()) continue;
    const std::string latency = change(transport, *end, "delivery_latency.p50");
    const std::string bytes = change(transport, *end, "network_bytes");
    if (latency.empty() || bytes.empty()) continue;
    all.push_back(
        fmt::format("{}: from {} to {} the median latency {}; what a delivered message "
                    "takes on the network {}.",
                    transport.name, first.value, last.value, latency, bytes));
  }
  if (!others.empty()) {
    all.push_back(fmt::format("{} says nothing to {}: what differs there is chance.",
                              sweep.spec.key.name, joined(others)));
  }
  return all;
}

std::vector<std::string> sweep_reasons(const SweepResult& sweep) {
  std::vector<std::string> all;
  if (sweep.outcome == harness::Outcome::interrupted) {
    all.emplace_back("The sweep was interrupted before its end.");
  }
  if (!sweep.problem.empty()) all.push_back(sweep.problem);
  for (const SweepStep& step : sweep.steps) {
    for (const std::string& reason : invalid_reasons(step.result)) {
      all.push_back(fmt::format("{}, {}", step.value, reason));
    }
  }
  return all;
}

// A capacity search.

HtmlTable capacity_figures(const CapacityCurve& curve, const CapacityQuestion& question) {
  HtmlTable table{
      curve.transport + ": every value that was tried", {question.key.name(), "runs"}, {}};
  const auto shown = question.metrics();
  for (const Metric* metric : shown) table.columns.emplace_back(metric->meaning);
  table.columns.insert(table.columns.end(), {"verdict", "why"});
  for (const harness::Probe* probe : ascending(curve)) {
    HtmlRow row{question.key.text(probe->value), {{std::to_string(probe->runs.size())}}};
    for (std::size_t i = 0; i < shown.size(); ++i) {
      const auto figure = probe_figure(*probe, i);
      row.cells.push_back(figure
                              ? HtmlCell{unit_text(shown[i]->unit, figure->median), figure->median}
                              : HtmlCell{"–"});
    }
    row.cells.push_back({std::string(probe_verdict(*probe))});
    row.cells.push_back({probe->good ? "" : joined(probe->decisive().why)});
    table.rows.push_back(std::move(row));
  }
  return table;
}

}  // namespace

std::string html_report(const SweepResult& sweep, const harness::SearchContext& context) {
  const std::string title = context.scenario + " over " + sweep.spec.key.name;
  const std::string purpose = sweep.steps.empty() ? "" : sweep.steps.front().result.purpose;
  std::vector<Fact> facts = search_facts(context);
  facts.insert(facts.begin() + 1, {"values", joined(sweep.spec.values)});
  const Curve curve = sweep_curve(sweep);
  return whole_page(title, header(title, purpose, facts), warning(sweep_reasons(sweep)),
                    {{"verdict", "Verdict", "Verdict", sentences(sweep_sentences(sweep))},
                     {"curves", "Curves", "Curves", curves_part(curve)},
                     {"figures", "All values", "All values", html_table(sweep_figures(sweep))}},
                    curve, {"sweep", harness::to_json(sweep, context)});
}

std::string html_report(const std::vector<CapacityCurve>& curves, const CapacityQuestion& question,
                        const harness::SearchContext& context) {
  const std::string title =
      fmt::format("{}: capacity in {}", context.scenario, question.key.name());
  std::vector<std::string> limits;
  for (const harness::MetricLimit& limit : question.limits) limits.push_back(limit.text);
  std::vector<Fact> facts = search_facts(context);
  facts.insert(facts.begin() + 1,
               {"limits", limits.empty() ? "every run is valid" : joined(limits)});
  std::vector<std::string> answers;
  std::string figures;
  for (const CapacityCurve& seen : curves) {
    answers.push_back(seen.transport + ": " + capacity_answer(seen, question));
    figures += html_table(capacity_figures(seen, question));
  }
  const Curve curve = capacity_curve(context.scenario, curves, question);
  const std::string purpose =
      fmt::format("The largest {} at which {} valid and within the limits.", question.key.name(),
                  question.repeat == 1 ? "a run is" : fmt::format("{} runs are", question.repeat));
  return whole_page(title, header(title, purpose, facts), "",
                    {{"verdict", "Verdict", "Verdict", sentences(answers)},
                     {"curves", "Curves", "Curves", curves_part(curve)},
                     {"figures", "All values", "All values", figures}},
                    curve, {"capacity", harness::to_json(curves, question, context)});
}

}  // namespace pushbench::report

#include "report/html_figures.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/chart_figures.h"
#include "report/cost.h"
#include "report/html_captions.h"
#include "report/html_text.h"
#include "report/html_wire.h"
#include "report/numbers.h"
#include "report/row_names.h"
#include "report/target_cores.h"
#include "report/verdict.h"
#include "report/verdict_story.h"

namespace pushbench::report {

using harness::RunResult;

namespace {

HtmlCell cell_of(std::optional<double> value, std::string (*text)(double)) {
  if (!value) return {"–"};
  return {text(*value), *value};
}

HtmlCell cell_of(const std::optional<Interval>& interval, std::string (*text)(double)) {
  if (!interval) return {"–"};
  return {text(interval->median), interval->median, range_text(*interval, text)};
}

std::string count_text(double count) {
  return count == std::floor(count) ? thousands(static_cast<std::uint64_t>(count))
                                    : significant(count);
}

template <class T>
std::vector<std::string> columns_of(const std::string& first, const std::vector<T>& all) {
  std::vector<std::string> columns{first};
  for (const T& one : all) columns.push_back(one.transport);
  return columns;
}

HtmlCell percentile_cell(const LatencyLine& line, double percent) {
  for (const PercentilePoint& point : line.points) {
    if (point.percent != percent) continue;
    return {time_text(point.us), point.us,
            range_text({point.us, point.least, point.most, false}, time_text)};
  }
  return {"–"};
}

HtmlTable latency_table(const std::vector<LatencyLine>& lines) {
  HtmlTable table{"Delivery latency of all repetitions together; below it the repetitions' own",
                  columns_of("percentile", lines),
                  {}};
  for (const double percent : table_percentiles()) {
    HtmlRow row{fmt::format("{:g} %", percent), {}};
    for (const LatencyLine& line : lines) row.cells.push_back(percentile_cell(line, percent));
    const bool any = std::any_of(row.cells.begin(), row.cells.end(),
                                 [](const HtmlCell& cell) { return cell.value.has_value(); });
    if (any) table.rows.push_back(std::move(row));
  }
  HtmlRow most{"maximum", {}};
  HtmlRow count{"deliveries", {}};
  for (const LatencyLine& line : lines) {
    most.cells.push_back(cell_of(line.max_us, time_text));
    count.cells.push_back(cell_of(static_cast<double>(line.deliveries), count_text));
  }
  table.rows.push_back(std::move(most));
  table.rows.push_back(std::move(count));
  return table;
}

/// Where each stretch of time has a row, and each transport three columns.
HtmlTable times_table(const std::vector<LatencyTimes>& times) {
  HtmlTable table{"Delivery latency over the measured time", {"from"}, {}};
  double last = 0;
  double width = 1;
  for (const LatencyTimes& of : times) {
    for (const char* figure : {"p50", "p99", "max"}) {
      table.columns.push_back(of.transport + " " + figure);
    }
    for (const LatencySlice& slice : of.slices) {
      last = std::max(last, slice.start_s);
      width = slice.length_s;
    }
  }
  for (double start = 0; start <= last; start += width) {
    HtmlRow row{fmt::format("{:g} s", start), {}};
    for (const LatencyTimes& of : times) {
      const auto slice = std::find_if(of.slices.begin(), of.slices.end(),
                                      [start](const auto& s) { return s.start_s == start; });
      const bool none = slice == of.slices.end();
      row.cells.push_back(none ? HtmlCell{"–"} : cell_of(slice->p50_us, time_text));
      row.cells.push_back(none ? HtmlCell{"–"} : cell_of(slice->p99_us, time_text));
      row.cells.push_back(none ? HtmlCell{"–"} : cell_of(slice->max_us, time_text));
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

HtmlTable bars_table(const std::string& caption, const std::vector<StackedBar>& bars,
                     std::string (*text)(double)) {
  HtmlTable table{caption, {"transport"}, {}};
  for (const BarPart& part : bars.front().parts) table.columns.emplace_back(part.name);
  table.columns.emplace_back("in all");
  for (const StackedBar& bar : bars) {
    HtmlRow row{bar.transport, {}};
    for (const BarPart& part : bar.parts) row.cells.push_back(cell_of(part.value, text));
    row.cells.push_back(cell_of(bar.total(), text));
    table.rows.push_back(std::move(row));
  }
  return table;
}

HtmlTable theory_table_of(const std::vector<TheoryPoint>& points) {
  HtmlTable table{"Measured figures beside theory's",
                  {"figure", "transport", "measured", "theory", "difference"},
                  {}};
  std::string_view before;
  for (const TheoryPoint& point : points) {
    const auto unit = point.metric->unit;
    HtmlRow row{point.metric->name == before ? "" : std::string(point.metric->meaning), {}};
    before = point.metric->name;
    row.cells.push_back({point.transport});
    if (point.measured) {
      const Interval& m = *point.measured;
      const std::string range =
          m.low == m.high ? "" : unit_text(unit, m.low) + "–" + unit_text(unit, m.high);
      row.cells.push_back({unit_text(unit, m.median), m.median, range});
    } else {
      row.cells.push_back({"–"});
    }
    row.cells.push_back({unit_text(unit, point.theory), point.theory});
    row.cells.push_back(
        {point.measured ? difference_text(point.measured->median, point.theory) : "–"});
    table.rows.push_back(std::move(row));
  }
  return table;
}

HtmlTable cost_table(const std::string& caption, const std::vector<CostBar>& bars,
                     std::string (*text)(double)) {
  HtmlTable table{caption, {"transport", "median over repetitions"}, {}};
  for (const CostBar& bar : bars) {
    table.rows.push_back({bar.transport, {cell_of(bar.interval, text)}});
  }
  return table;
}

std::string latency_part(const RunResult& result) {
  const auto lines = latency_lines(result);
  std::string part = html_figure(
      {"percentiles", "Latency by percentile", latency_caption(lines), latency_table(lines)});
  const auto times = latency_times(result);
  const bool any = std::any_of(times.begin(), times.end(),
                               [](const LatencyTimes& t) { return !t.slices.empty(); });
  if (!any) return part;
  return part +
         html_figure({"times", "Latency over time", times_caption(times), times_table(times)});
}

std::string traffic_part(const RunResult& result) {
  const auto exchanges = exchange_bars(result);
  const auto bytes = byte_bars(result);
  return html_figure({"exchanges", "HTTP exchanges, useful and empty", exchanges_caption(exchanges),
                      bars_table("HTTP exchanges of a repetition (medians); other: publishing, and "
                                 "opening streams and WebSockets",
                                 exchanges, count_text)}) +
         html_figure({"bytes", "Bytes per delivered message, by layer", bytes_caption(bytes),
                      bars_table("Bytes per delivered message, up and down together (medians)",
                                 bytes, bytes_text)});
}

std::string theory_part(const RunResult& result) {
  const auto points = theory_points(result);
  if (points.empty()) return "";
  const std::string caption = theory_caption(points);
  return html_figure({"theory", "Measured against theory", caption, theory_table_of(points), "",
                      !caption.empty()});
}

std::string cost_figure(const RunResult& result, const std::string& chart, const std::string& name,
                        const std::string& what, std::string (*text)(double),
                        const std::string& note = "") {
  const auto bars = cost_bars(result, "server_" + chart);
  std::string caption = cost_caption(bars, what, text);
  if (!caption.empty()) caption += note;
  return html_figure({chart, name, caption, cost_table(name, bars, text), "", !caption.empty()});
}

/// What memory is of a target, and where the verdict has no row for it.
std::string memory_note(const RunResult& result) {
  std::string note;
  if (knows_cost_of_target(result)) {
    note =
        " A target's is what was resident when the measured time began or ended, whichever was "
        "more, and not its peak.";
  }
  const Verdict verdict = verdict_of(result);
  const bool judged =
      std::any_of(verdict.rows.begin(), verdict.rows.end(),
                  [](const VerdictRow& row) { return row.metric->name == "server_memory"; });
  if (!judged) note += " Of so few users that is mostly what the server needs by itself.";
  return note;
}

/// So that a server that is not in the pictures is not taken for one that costs nothing.
std::string unmeasured_note(const RunResult& result) {
  const std::vector<std::string> names = unmeasured_targets(result);
  if (names.empty()) return "";
  return fmt::format("<p>{}</p>\n", html("Not measured: CPU and memory of " + list(names) + "."));
}

std::string cores_note(const RunResult& result) {
  const std::string note = target_cores_note(result);
  return note.empty() ? "" : fmt::format("<p>{}</p>\n", html(note));
}

std::string server_part(const RunResult& result) {
  return "<div class=\"pair\">\n" +
         cost_figure(result, "cpu", "Server CPU per delivered message",
                     "A delivered message cost the server", time_text) +
         cost_figure(result, "memory", "Server memory per user",
                     "The server's memory at its peak, divided by its users, was", size_text,
                     memory_note(result)) +
         "</div>\n" + unmeasured_note(result) + cores_note(result);
}

}  // namespace

std::string html_figure(const HtmlFigure& figure) {
  const std::string id = figure.chart + (figure.part.empty() ? "" : "-" + figure.part);
  std::string out =
      fmt::format("<figure id=\"figure-{}\">\n<h3>{}</h3>\n<figcaption>{}</figcaption>\n", html(id),
                  html(figure.name), html_prose(figure.caption));
  if (figure.drawn) {
    out += fmt::format(
        "<div class=\"plot\" data-chart=\"{}\" data-part=\"{}\" data-name=\"{}\"></div>\n",
        html(figure.chart), html(figure.part), html(figure.name));
  }
  return out + html_details("The same as a table", html_table(figure.table)) + "</figure>\n";
}

std::vector<HtmlSection> run_figures(const RunResult& result) {
  if (latency_lines(result).empty()) return {};
  std::vector<HtmlSection> sections{
      {"latency", "Latency", "How long a message takes", latency_part(result)},
      {"traffic", "Network", "What it costs on the network", traffic_part(result)}};
  if (std::string part = wire_part(result); !part.empty()) {
    sections.push_back({"wire", "Wire", "What passes on the wire", std::move(part)});
  }
  sections.push_back({"server", "Server", "What it costs the server", server_part(result)});
  sections.push_back({"theory", "Theory", "Is that what was to be expected?", theory_part(result)});
  return sections;
}

}  // namespace pushbench::report

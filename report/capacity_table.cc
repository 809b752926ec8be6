#include "report/capacity_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "report/columns.h"
#include "report/csv.h"

namespace pushbench::report {

using harness::CapacityCurve;
using harness::CapacityQuestion;
using harness::Metric;
using harness::Probe;
using harness::ProbeRun;
using harness::Spread;

namespace {

constexpr std::size_t kValueWidth = 12;
constexpr std::size_t kRunsWidth = 7;

std::string joined(const std::vector<std::string>& why) {
  return fmt::format("{}", fmt::join(why, "; "));
}

bool any_counts(const Probe& probe) {
  return std::any_of(probe.runs.begin(), probe.runs.end(),
                     [](const ProbeRun& run) { return run.counts; });
}

/// What became of runs whose figures are not in the row, or should not be.
std::string runs_note(const Probe& probe) {
  std::string note;
  if (!any_counts(probe)) {
    if (!probe_figure(probe, 0)) return "";
    note = "no run counts: the figures are of what was measured nevertheless";
  }
  for (const ProbeRun& run : probe.runs) {
    if (!probe.good || run.verdict == ProbeRun::Verdict::good) continue;
    note += fmt::format("{}one run {}, and was done again: {}", note.empty() ? "" : "; ",
                        run.counts ? "was too slow or too dear" : "did not count", joined(run.why));
  }
  return note.empty() ? "" : wrapped("      " + note, 6);
}

std::string row(const Probe& probe, const CapacityQuestion& question) {
  const auto shown = question.metrics();
  std::string line = "  " + right(question.key.text(probe.value), kValueWidth) +
                     right(std::to_string(probe.runs.size()), kRunsWidth);
  for (std::size_t i = 0; i < shown.size(); ++i) {
    const auto figure = probe_figure(probe, i);
    line += "  " + right(figure ? figure_text(shown[i]->unit, figure->median) : "–",
                         std::max(shown[i]->name.size(), std::size_t{8}));
  }
  line += fmt::format("  {}\n", probe_verdict(probe));
  if (!probe.good && !probe.decisive().why.empty()) {
    line += wrapped("      " + joined(probe.decisive().why), 6);
  }
  return line + runs_note(probe);
}

}  // namespace

std::string capacity_answer(const CapacityCurve& curve, const CapacityQuestion& question) {
  const std::string& key = question.key.name();
  if (curve.interrupted) {
    return curve.best
               ? fmt::format("Interrupted: at least {} = {}.", key, question.key.text(*curve.best))
               : "Interrupted before any value was good.";
  }
  const Probe* failed = curve.failed ? curve.probe_at(*curve.failed) : nullptr;
  const std::string why = failed == nullptr ? "" : joined(failed->decisive().why);
  if (!curve.best && failed != nullptr &&
      failed->decisive().verdict == ProbeRun::Verdict::unclear) {
    return fmt::format("None: {} = {} cannot be judged: {}.", key,
                       question.key.text(question.range.from), why);
  }
  if (!curve.best) {
    return fmt::format("None: {} = {} is too much already: {}. Start lower with --from.", key,
                       question.key.text(question.range.from), why);
  }
  const std::string best = fmt::format("{} = {}", key, question.key.text(*curve.best));
  if (curve.capped) {
    return fmt::format("{}, the end of the range, is still good; look further with --to.", best);
  }
  return fmt::format("{}; stopped at {}: {}.", best, question.key.text(*curve.failed), why);
}

std::vector<const Probe*> ascending(const CapacityCurve& curve) {
  std::vector<const Probe*> probes;
  for (const Probe& probe : curve.probes) probes.push_back(&probe);
  std::sort(probes.begin(), probes.end(),
            [](const Probe* a, const Probe* b) { return a->value < b->value; });
  return probes;
}

std::string_view probe_verdict(const Probe& probe) {
  if (probe.runs.back().verdict == ProbeRun::Verdict::interrupted) return "interrupted";
  if (probe.good) return "good";
  if (probe.runs.back().verdict == ProbeRun::Verdict::unclear) return "unclear";
  return probe.runs.back().verdict == ProbeRun::Verdict::wall ? "not tried" : "too much";
}

std::optional<Spread> probe_figure(const Probe& probe, std::size_t metric) {
  std::vector<double> values;
  const bool counting = any_counts(probe);
  for (const ProbeRun& run : probe.runs) {
    if (counting && !run.counts) continue;
    if (metric < run.figures.size() && run.figures[metric]) values.push_back(*run.figures[metric]);
  }
  return harness::spread_of(std::move(values));
}

std::string capacity_table(const std::string& scenario, const std::vector<CapacityCurve>& curves,
                           const CapacityQuestion& question) {
  std::vector<std::string> limits;
  for (const auto& limit : question.limits) limits.push_back(limit.text);
  std::string text = wrapped(
      fmt::format("{}: the largest {} at which {} valid{}{}", scenario, question.key.name(),
                  question.repeat == 1 ? "a run is" : fmt::format("{} runs are", question.repeat),
                  limits.empty() ? "" : " and ", fmt::join(limits, ", ")),
      2);
  for (const CapacityCurve& curve : curves) {
    text += fmt::format("\n{}\n  {}{}", curve.transport, right("value", kValueWidth),
                        right("runs", kRunsWidth));
    for (const Metric* metric : question.metrics()) {
      text += "  " + right(metric->name, 8);
    }
    text += "  verdict\n";
    for (const Probe* probe : ascending(curve)) text += row(*probe, question);
    text += wrapped("  " + capacity_answer(curve, question), 2);
  }
  return text;
}

std::string capacity_csv(const std::vector<CapacityCurve>& curves,
                         const CapacityQuestion& question) {
  const auto shown = question.metrics();
  std::string csv = "transport,value,run,verdict,why,metric,unit,figure\n";
  for (const CapacityCurve& curve : curves) {
    for (const Probe& probe : curve.probes) {
      for (std::size_t n = 0; n < probe.runs.size(); ++n) {
        const ProbeRun& run = probe.runs[n];
        const std::string start = fmt::format(
            "{},{},{},{},{}", curve.transport, csv_field(question.key.text(probe.value)), n + 1,
            harness::verdict_name(run.verdict), csv_field(joined(run.why)));
        bool any = false;
        for (std::size_t i = 0; i < run.figures.size(); ++i) {
          if (!run.figures[i]) continue;
          any = true;
          csv += fmt::format("{},{},{},{}\n", start, shown[i]->name,
                             harness::unit_name(shown[i]->unit), *run.figures[i]);
        }
        if (!any) csv += start + ",,,\n";
      }
    }
  }
  return csv;
}

harness::FigureUnit x_unit(const harness::VariedKey& key) {
  return key.duration() ? harness::FigureUnit::microseconds : harness::FigureUnit::ratio;
}

double x_of(const harness::VariedKey& key, double value) {
  return key.duration() ? value * 1e6 : value;
}

namespace {

/// The first bound on a metric, which the curve shows.
std::optional<double> bound_of(const Metric& metric, const CapacityQuestion& question) {
  for (const auto& limit : question.limits) {
    if (limit.metric == &metric) return limit.bound;
  }
  return std::nullopt;
}

CurveLine line_of(const CapacityCurve& curve, const CapacityQuestion& question,
                  std::size_t metric) {
  CurveLine line{curve.transport, style_of(curve.transport), {}};
  for (const Probe* probe : ascending(curve)) {
    const auto figure = probe_figure(*probe, metric);
    if (!figure) continue;
    line.points.push_back({x_of(question.key, probe->value), figure->median, figure, !probe->good});
  }
  return line;
}

}  // namespace

Curve capacity_curve(const std::string& scenario, const std::vector<CapacityCurve>& curves,
                     const CapacityQuestion& question) {
  const std::string_view key = question.key.name();
  Curve curve;
  curve.title = fmt::format("{}: capacity in {}", scenario, key);
  curve.x_label =
      fmt::format("{}{} (hollow: too much)", key, question.key.unit() == "/s" ? ", a second" : "");
  curve.x_unit = x_unit(question.key);
  const auto shown = question.metrics();
  for (std::size_t i = 0; i < shown.size(); ++i) {
    CurvePanel panel{
        std::string(shown[i]->meaning), shown[i]->unit, {}, bound_of(*shown[i], question)};
    for (const CapacityCurve& seen : curves) panel.lines.push_back(line_of(seen, question, i));
    curve.panels.push_back(std::move(panel));
  }
  return curve;
}

}  // namespace pushbench::report

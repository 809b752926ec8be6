#include "report/crossover_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/capacity_table.h"
#include "report/columns.h"
#include "report/csv.h"

namespace pushbench::report {

using harness::Comparison;
using harness::Confirmation;
using harness::Crossing;
using harness::Crossover;
using harness::CrossoverQuestion;
using harness::CrossoverRun;
using harness::Outcome;
using harness::Winner;

namespace {

constexpr std::size_t kCell = 12;
constexpr std::size_t kTransport = 13;
constexpr int kCurvePoints = 80;

std::string name_of(Winner winner, const CrossoverQuestion& question) {
  if (winner == Winner::neither) return "neither";
  return question.transports[winner == Winner::first ? 0 : 1];
}

std::string figure(const CrossoverQuestion& question, const std::optional<double>& value) {
  return value ? figure_text(question.metric->unit, *value) : "–";
}

/// How far the measurement is from theory: "+12 %".
std::string difference(const std::optional<double>& theory, const std::optional<double>& measured) {
  if (!theory || !measured || *theory == 0) return "–";
  const double percent = (*measured / *theory - 1) * 100;
  return fmt::format("{:+.{}f} %", percent, std::abs(percent) < 10 ? 1 : 0);
}

std::string table(const std::vector<CrossoverRun>& runs, const CrossoverQuestion& question) {
  std::string text = right("value", kCell) + "  " + left("transport", kTransport);
  for (const char* column : {"theory", "measured", "difference"}) text += right(column, kCell);
  text += "\n";
  for (const CrossoverRun& run : runs) {
    const Winner winner = run.winner(question.more_is_better());
    for (std::size_t i = 0; i < 2; ++i) {
      const std::optional<double> measured =
          run.measured[i] ? std::optional(run.measured[i]->median) : std::nullopt;
      text += right(i == 0 ? question.key.text(run.value) : "", kCell) + "  " +
              left(question.transports[i], kTransport) +
              right(figure(question, run.theory[i]), kCell) +
              right(figure(question, measured), kCell) +
              right(difference(run.theory[i], measured), kCell);
      const bool wins = winner == (i == 0 ? Winner::first : Winner::second);
      text += wins ? "  wins\n" : "\n";
    }
    for (const std::string& why : run.invalid) text += wrapped("  INVALID: " + why, 4);
  }
  return text;
}

std::string by_theory(const Comparison& theory, const CrossoverQuestion& question) {
  const std::string range = fmt::format("from {} to {}", question.key.text(question.from),
                                        question.key.text(question.to));
  if (theory.crossings.empty()) {
    if (theory.at_from == Winner::neither) {
      return fmt::format("By theory the two are the same everywhere {}.", range);
    }
    return fmt::format("By theory there is no crossing {}: {} wins everywhere.", range,
                       name_of(theory.at_from, question));
  }
  const Crossing& first = theory.crossings.front();
  std::string text = fmt::format("By theory they cross at {} = {}: below it {} wins, above it {}.",
                                 question.key.name(), question.key.text(first.at),
                                 name_of(first.below, question), name_of(first.above, question));
  for (std::size_t i = 1; i < theory.crossings.size(); ++i) {
    text += fmt::format(" From {} on {} wins.", question.key.text(theory.crossings[i].at),
                        name_of(theory.crossings[i].above, question));
  }
  return text;
}

std::string measured_crossing(const Crossover& crossover, const CrossoverQuestion& question) {
  if (!crossover.measured_at || !crossover.theory || crossover.theory->crossings.empty()) return "";
  return fmt::format(
      " Between the runs the measured figures cross at about {}, {} from theory's {}.",
      question.key.text(*crossover.measured_at),
      difference(crossover.theory->crossings[0].at, crossover.measured_at),
      question.key.text(crossover.theory->crossings[0].at));
}

std::string verdict(const Crossover& crossover, const CrossoverQuestion& question) {
  if (crossover.outcome == Outcome::interrupted) return "Interrupted: not confirmed.";
  if (crossover.outcome == Outcome::broke) return "Broke off: not confirmed.";
  const std::string_view where =
      crossover.sides.size() > 1 ? "on both sides" : "where it is closest";
  switch (crossover.confirmation) {
    case Confirmation::confirmed:
      return fmt::format("Confirmed: {} the winner is the one that theory names.", where) +
             measured_crossing(crossover, question);
    case Confirmation::refuted:
      return "Not confirmed: what was measured has another winner than theory." +
             measured_crossing(crossover, question);
    case Confirmation::unclear:
      break;
  }
  const bool invalid = std::any_of(crossover.sides.begin(), crossover.sides.end(),
                                   [](const CrossoverRun& run) { return !run.invalid.empty(); });
  return fmt::format(
      "Not confirmed: {}; repeat more (--repeat) or lengthen the runs (--set "
      "traffic.duration).",
      invalid ? "a run does not count, as said above"
              : "the two are too close to tell, for their repetitions overlap");
}

std::string costs(const Crossover& crossover, const CrossoverQuestion& question) {
  std::string text;
  for (std::size_t i = 0; i < 2; ++i) {
    if (!crossover.fits[i]) continue;
    text +=
        wrapped(fmt::format("{}: {} a delivery and {} an exchange", question.transports[i],
                            figure_text(question.metric->unit, crossover.fits[i]->per_delivery_us),
                            figure_text(question.metric->unit, crossover.fits[i]->per_exchange_us)),
                2);
  }
  if (text.empty()) return "";
  return fmt::format("\nCosts by these runs, which theory goes on with:\n{}", text);
}

}  // namespace

std::string crossover_text(const std::string& scenario, const Crossover& crossover,
                           const CrossoverQuestion& question) {
  std::string text =
      wrapped(fmt::format("{}: {} and {} by {} ({}), over {}", scenario, question.transports[0],
                          question.transports[1], question.metric->name, question.metric->meaning,
                          question.key.name()),
              2);
  if (!crossover.samples.empty()) {
    text += "\n";
    text += table(crossover.samples, question);
    text += costs(crossover, question);
  }
  text += "\n";
  if (crossover.theory) text += wrapped(by_theory(*crossover.theory, question), 0);
  if (!crossover.sides.empty()) {
    text += "\n";
    text += table(crossover.sides, question);
    text += "\n";
  }
  return text + wrapped(verdict(crossover, question), 0);
}

namespace {

void add_lines(std::string& csv, const CrossoverRun& run, std::string_view purpose,
               const CrossoverQuestion& question) {
  const auto add = [&](std::size_t i, std::string_view source, double value) {
    csv += fmt::format("{},{},{},{},{},{},{}\n", csv_field(question.key.text(run.value)), purpose,
                       question.transports[i], source, question.metric->name,
                       harness::unit_name(question.metric->unit), value);
  };
  for (std::size_t i = 0; i < 2; ++i) {
    if (run.theory[i]) add(i, "theory", *run.theory[i]);
    if (run.measured[i]) add(i, "measured", run.measured[i]->median);
  }
}

CurveLine theory_line(const CrossoverQuestion& question, std::size_t transport,
                      const harness::CostCurve& cost) {
  CurveLine line{question.transports[transport] + ", theory",
                 style_of(question.transports[transport]),
                 {},
                 true,
                 false};
  for (int i = 0; i <= kCurvePoints && cost; ++i) {
    const double value =
        question.from * std::pow(question.to / question.from, i / double{kCurvePoints});
    if (const auto y = cost(value)) line.points.push_back({x_of(question.key, value), *y, {}});
  }
  return line;
}

CurveLine measured_line(const Crossover& crossover, const CrossoverQuestion& question,
                        std::size_t transport) {
  CurveLine line{question.transports[transport] + ", measured",
                 style_of(question.transports[transport]),
                 {},
                 false,
                 true};
  for (const auto* runs : {&crossover.samples, &crossover.sides}) {
    for (const CrossoverRun& run : *runs) {
      const auto& measured = run.measured[transport];
      if (!measured) continue;
      line.points.push_back(
          {x_of(question.key, run.value), measured->median, measured, !run.invalid.empty()});
    }
  }
  return line;
}

}  // namespace

std::string crossover_csv(const Crossover& crossover, const CrossoverQuestion& question) {
  std::string csv = "value,purpose,transport,source,metric,unit,figure\n";
  for (const CrossoverRun& run : crossover.samples) add_lines(csv, run, "cost", question);
  for (const CrossoverRun& run : crossover.sides) add_lines(csv, run, "side", question);
  return csv;
}

Curve crossover_curve(const std::string& scenario, const Crossover& crossover,
                      const CrossoverQuestion& question, const harness::CrossoverTheory& theory) {
  Curve curve;
  curve.title = fmt::format("{}: {} and {} over {}", scenario, question.transports[0],
                            question.transports[1], question.key.name());
  curve.x_label = question.key.name();
  curve.x_unit = x_unit(question.key);
  CurvePanel panel{std::string(question.metric->meaning), question.metric->unit, {}, std::nullopt};
  const auto costs = cost_curves(question, theory, crossover.fits);
  for (std::size_t i = 0; i < 2; ++i) {
    panel.lines.push_back(theory_line(question, i, costs[i]));
    panel.lines.push_back(measured_line(crossover, question, i));
  }
  curve.panels.push_back(std::move(panel));
  return curve;
}

}  // namespace pushbench::report

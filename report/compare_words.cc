#include "report/compare_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "harness/metrics.h"
#include "report/build_words.h"
#include "report/numbers.h"

namespace pushbench::report {

using harness::FigureUnit;
using harness::Metric;

namespace {

/// "+12", "-1.2", "0"; a change that is no number is "+inf".
std::string signed_number(double value) {
  if (std::isinf(value)) return value > 0 ? "+inf" : "-inf";
  if (std::abs(value) < 0.005) return "0";
  if (std::abs(value) >= 999.5) return value > 0 ? ">+999" : "<-999";
  return fmt::format("{:+.{}f}", value,
                     std::abs(value) < 0.0995 ? 2
                     : std::abs(value) < 9.95 ? 1
                                              : 0);
}

std::string signed_figure(const Metric& metric, double value) {
  if (value == 0) return figure_words(metric, 0);
  return fmt::format("{}{}", value > 0 ? '+' : '-', figure_words(metric, std::abs(value)));
}

std::string_view unit_of(const Change& change) { return change.relative() ? "%" : "pp"; }

bool in_hundredths(const Change& change) {
  return change.relative() || change.metric->unit == FigureUnit::share;
}

}  // namespace

std::string figure_words(const Metric& metric, double value) {
  constexpr double kKiB = 1024;
  if (metric.unit == FigureUnit::bytes && value >= 9'999.5) {
    return value < 999.5 * kKiB ? significant(value / kKiB) + " KiB"
                                : significant(value / (kKiB * kKiB)) + " MiB";
  }
  return harness::figure_text(metric.unit, value);
}

std::string change_words(const Change& change) {
  if (!in_hundredths(change)) return signed_figure(*change.metric, change.change);
  return fmt::format("{} {}", signed_number(change.share(change.change) * 100), unit_of(change));
}

std::string interval_words(const Change& change) {
  if (!in_hundredths(change)) {
    return fmt::format("{} to {}", signed_figure(*change.metric, change.low),
                       signed_figure(*change.metric, change.high));
  }
  const std::string low = signed_number(change.share(change.low) * 100);
  const std::string high = signed_number(change.share(change.high) * 100);
  if (low == high) return fmt::format("{} {}", low, unit_of(change));
  return fmt::format("{} to {} {}", low, high, unit_of(change));
}

std::string interval_name(const Candidate& candidate) {
  bool bootstrap = false;
  for (const TransportChanges& transport : candidate.transports) {
    for (const Change& change : transport.changes) bootstrap = bootstrap || change.bootstrap;
  }
  return bootstrap ? "interval (95 %)" : "least to most";
}

std::string line_of(const std::string& transport, const Change& change) {
  const Metric& metric = *change.metric;
  std::string text = fmt::format(
      "{}.{}: {} → {}, {} ({}", transport, metric.name, figure_words(metric, change.before),
      figure_words(metric, change.after), change_words(change), interval_words(change));
  if (change.p)
    text += fmt::format(", p {}", *change.p < 0.001 ? "< 0.001" : fmt::format("{:.3f}", *change.p));
  return text + ")";
}

std::string line_of(const ConditionOutcome& outcome) {
  const char* const word = outcome.kind == ConditionOutcome::Kind::failed ? "FAILED"
                           : outcome.kind == ConditionOutcome::Kind::held ? "held"
                                                                          : "cannot tell";
  std::string text = fmt::format("{}: {}: {}", word, outcome.condition.text,
                                 line_of(outcome.transport, outcome.change));
  if (outcome.kind == ConditionOutcome::Kind::unclear) {
    text += "; as large a change may be noise: the repetitions overlap";
  }
  return text;
}

std::vector<std::string> unclear_lines(const Candidate& candidate) {
  std::vector<std::pair<std::string, std::string>> by_reason;
  for (const TransportChanges& transport : candidate.transports) {
    for (const Change& change : transport.changes) {
      if (change.judgement != Judgement::unclear) continue;
      auto found = std::find_if(by_reason.begin(), by_reason.end(),
                                [&](const auto& entry) { return entry.first == change.why; });
      if (found == by_reason.end()) found = by_reason.insert(found, {change.why, ""});
      found->second += fmt::format("{}{}.{}", found->second.empty() ? "" : ", ", transport.name,
                                   change.metric->name);
    }
  }
  std::vector<std::string> lines;
  for (const auto& [why, names] : by_reason) {
    lines.push_back(fmt::format("cannot tell ({}): {}", why, names));
  }
  return lines;
}

std::string count_line(const Candidate& candidate) {
  const std::size_t worse = candidate.count(Judgement::worse);
  const std::size_t better = candidate.count(Judgement::better);
  const std::size_t same = candidate.count(Judgement::same);
  const std::size_t unclear = candidate.count(Judgement::unclear);
  return fmt::format("{} figures: {} worse, {} better, {} same, {} that cannot be told.",
                     worse + better + same + unclear, worse, better, same, unclear);
}

std::string source_line(const Source& source) {
  return fmt::format("{}, {}: {}, {}, {} repetition{}{}", source.letter, source.path,
                     source.context.date, maker_words(source.context), source.repetitions,
                     source.repetitions == 1 ? "" : "s", source.invalid.empty() ? "" : ", INVALID");
}

}  // namespace pushbench::report

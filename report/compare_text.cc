#include "report/compare_text.h"

#include <fmt/format.h>

#include <string_view>

#include "report/columns.h"
#include "report/compare_words.h"

namespace pushbench::report {

namespace {

constexpr std::size_t kName = 23;  // with the row's mark
constexpr std::size_t kFigure = 9;
constexpr std::size_t kInterval = 17;

std::string_view mark_of(Judgement judgement) {
  return judgement == Judgement::worse ? "! " : judgement == Judgement::better ? "+ " : "  ";
}

std::string row_of(const Change& change) {
  const harness::Metric& metric = *change.metric;
  return left(fmt::format("{}{}", mark_of(change.judgement), metric.name), kName) +
         right(figure_words(metric, change.before), kFigure) +
         right(figure_words(metric, change.after), kFigure) + right(change_words(change), kFigure) +
         right(interval_words(change), kInterval) + "  " + std::string(name_of(change.judgement)) +
         "\n";
}

std::string block_of(const TransportChanges& transport, const Candidate& candidate,
                     const std::string& baseline) {
  std::string text = left(transport.name, kName) + right(baseline, kFigure) +
                     right(candidate.source.letter, kFigure) + right("change", kFigure) +
                     right(interval_name(candidate), kInterval) + "\n";
  for (const Change& change : transport.changes) text += row_of(change);
  return text;
}

std::string regressions_of(const Candidate& candidate) {
  std::string text;
  for (const TransportChanges& transport : candidate.transports) {
    for (const Change& change : transport.changes) {
      if (change.judgement != Judgement::worse) continue;
      text += wrapped("worse: " + line_of(transport.name, change), 2);
    }
  }
  return text;
}

std::string section_of(const Candidate& candidate, const std::string& baseline) {
  std::string text;
  for (const std::string& caution : candidate.cautions) text += wrapped("warning: " + caution, 2);
  if (!candidate.cautions.empty()) text += "\n";
  for (const TransportChanges& transport : candidate.transports) {
    text += block_of(transport, candidate, baseline) + "\n";
  }
  for (const std::string& line : candidate.missing) text += wrapped("not compared: " + line, 2);
  for (const std::string& line : unclear_lines(candidate)) text += wrapped(line, 2);
  text += regressions_of(candidate);
  for (const ConditionOutcome& outcome : candidate.outcomes) text += wrapped(line_of(outcome), 2);
  return text + wrapped(fmt::format("{} against {}: {}", candidate.source.letter, baseline,
                                    count_line(candidate)),
                        2);
}

std::string invalid_of(const Source& source) {
  std::string text;
  for (const std::string& reason : source.invalid) {
    text += wrapped(fmt::format("INVALID: {}: {}", source.letter, reason), 2);
  }
  return text;
}

}  // namespace

std::string compare_text(const Compared& compared) {
  std::string text = wrapped(
      fmt::format("compare: {}, seed {}; medians{}", compared.scenario, compared.seed,
                  compared.paired ? " of repetitions that took turns, change of the pairs" : ""),
      2);
  text += wrapped(source_line(compared.baseline), 3);
  for (const Candidate& candidate : compared.candidates) {
    text += wrapped(source_line(candidate.source), 3);
  }
  text += invalid_of(compared.baseline);
  for (const Candidate& candidate : compared.candidates) text += invalid_of(candidate.source);
  for (const Candidate& candidate : compared.candidates) {
    text += "\n";
    text += section_of(candidate, compared.baseline.letter);
  }
  return text;
}

}  // namespace pushbench::report

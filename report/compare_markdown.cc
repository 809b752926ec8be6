#include "report/compare_markdown.h"

#include <fmt/format.h>

#include <string_view>

#include "report/compare_words.h"
#include "report/markdown.h"

namespace pushbench::report {

namespace {

std::string row_of(const TransportChanges& transport, const Change& change) {
  const harness::Metric& metric = *change.metric;
  const bool stands_out =
      change.judgement == Judgement::worse || change.judgement == Judgement::better;
  const std::string_view bold = stands_out ? "**" : "";
  const std::string p = change.p ? fmt::format("{:.3f}", *change.p) : "–";
  return fmt::format("| {} | {} | {} | {} | {} | {} | {} | {}{}{} |\n", transport.name,
                     markdown_text(metric.name), figure_words(metric, change.before),
                     figure_words(metric, change.after), markdown_text(change_words(change)),
                     markdown_text(interval_words(change)), p, bold, name_of(change.judgement),
                     bold);
}

std::string table_of(const Candidate& candidate, const std::string& baseline, bool only_changes) {
  std::string rows;
  for (const TransportChanges& transport : candidate.transports) {
    for (const Change& change : transport.changes) {
      const bool is_change =
          change.judgement == Judgement::worse || change.judgement == Judgement::better;
      if (is_change || !only_changes) rows += row_of(transport, change);
    }
  }
  if (rows.empty()) return "";
  return fmt::format(
      "| transport | figure | {} | {} | change | {} | p | |\n"
      "| --- | --- | ---: | ---: | ---: | ---: | ---: | --- |\n{}",
      baseline, candidate.source.letter, interval_name(candidate), rows);
}

std::string section_of(const Candidate& candidate, const std::string& baseline) {
  std::string text = fmt::format("\n**{} against {}**: {}\n", candidate.source.letter, baseline,
                                 count_line(candidate));
  const std::string changes = table_of(candidate, baseline, true);
  if (!changes.empty()) text += "\n" + changes;
  std::string notes;
  for (const ConditionOutcome& outcome : candidate.outcomes) {
    notes += fmt::format("- {}\n", markdown_text(line_of(outcome)));
  }
  for (const std::string& caution : candidate.cautions) {
    notes += fmt::format("- warning: {}\n", markdown_text(caution));
  }
  for (const std::string& line : candidate.missing) {
    notes += fmt::format("- not compared: {}\n", markdown_text(line));
  }
  for (const std::string& line : unclear_lines(candidate)) {
    notes += fmt::format("- {}\n", markdown_text(line));
  }
  if (!notes.empty()) text += "\n" + notes;
  return text + fmt::format("\n<details><summary>All figures</summary>\n\n{}\n</details>\n",
                            table_of(candidate, baseline, false));
}

std::string lines_of(const Source& source) {
  std::string text = fmt::format("- {}\n", markdown_text(source_line(source)));
  for (const std::string& reason : source.invalid) {
    text += fmt::format("  - **INVALID**: {}\n", markdown_text(reason));
  }
  return text;
}

}  // namespace

std::string compare_markdown(const Compared& compared) {
  std::string text = fmt::format("### pushbench compare: {}, seed {}\n\n",
                                 markdown_text(compared.scenario), compared.seed);
  text += lines_of(compared.baseline);
  for (const Candidate& candidate : compared.candidates) text += lines_of(candidate.source);
  for (const Candidate& candidate : compared.candidates) {
    text += section_of(candidate, compared.baseline.letter);
  }
  return text;
}

}  // namespace pushbench::report

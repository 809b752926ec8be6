#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/metrics.h"
#include "harness/result.h"
#include "report/interval.h"

namespace pushbench::report {

/// One measure over all transports; of each of them, less is better.
struct VerdictRow {
  const harness::Metric* metric;
  std::string label;  // "latency p99"
  /// A figure a transport, in the verdict's order; nothing where one has none.
  std::vector<std::optional<Interval>> figures;
  /// The winner, and whoever's interval overlaps with the winner's: they cannot be told apart. None
  /// where there is nothing to compare with, or the run does not stand; never a column that is
  /// invalid.
  std::vector<bool> best;
};

/// What is said, and by which rule of docs/report.md: "choice".
struct VerdictSentence {
  std::string_view rule;
  std::string text;
};

/// What a run says to somebody who has to choose.
struct Verdict {
  std::vector<std::string> transports;  // those that delivered something
  /// Of each, whether a table has to say that its figures do not count, while the others' do.
  std::vector<bool> invalid;
  /// At most 6; one that no transport has a figure for is not there.
  std::vector<VerdictRow> rows;
  /// At most five, each by a rule that verdict_rules.cc states, out of the figures alone. Of an
  /// run that does not stand one, which says that nothing may be concluded.
  std::vector<VerdictSentence> sentences;
};

Verdict verdict_of(const harness::RunResult& result);

/// A figure of a row for a person: "602 µs", "217 B", "67 %", "4.1 KiB".
std::string figure_of(const VerdictRow& row, double value);

/// A transport's name for a table: "nchan/websocket (invalid)".
std::string marked_name(const Verdict& verdict, std::size_t transport);

/// Whether anything is marked as the best.
bool marks_any(const Verdict& verdict);

/// What the figures and the ranges below them are, in a sentence; empty where no range can be seen.
std::string ranges_text(const Verdict& verdict);

/// The interval behind a figure: "578 µs to 632 µs"; empty where that is one figure.
std::string range_of(const VerdictRow& row, const Interval& interval);

}  // namespace pushbench::report

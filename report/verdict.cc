#include "report/verdict.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "report/numbers.h"
#include "report/verdict_facts.h"
#include "report/verdict_rules.h"

namespace pushbench::report {

using harness::Metric;
using harness::Repetition;
using harness::RunResult;
using harness::TransportResult;

namespace {

struct RowKind {
  std::string_view metric;
  std::string_view label;
  /// Of how few users on each transport the row says nothing yet.
  double fewest_users = 0;
};

/// A server of few users has its own size in its memory, and hardly theirs.
constexpr double kFewestUsersForMemory = 1000;

constexpr std::array kRows{
    RowKind{"delivery_latency.p50", "latency p50"},
    RowKind{"delivery_latency.p99", "latency p99"},
    RowKind{"exchanges.empty_share", "empty share"},
    RowKind{"network_bytes", "network bytes a message"},
    RowKind{"server_cpu", "server CPU a message"},
    RowKind{"server_memory", "server memory a user", kFewestUsersForMemory},
};

/// Over the repetitions that delivered something. Nothing if one of them lacks the figure: the
/// others would be a choice among them.
std::optional<Interval> figure(const TransportResult& transport, const Metric& metric) {
  std::vector<double> values;
  for (const Repetition& repetition : transport.repetitions) {
    if (repetition.messages.delivered == 0) continue;
    const auto value = metric.of(repetition);
    if (!value) return std::nullopt;
    values.push_back(*value);
  }
  if (values.empty()) return std::nullopt;
  return interval_of(std::move(values));
}

/// Among those that count.
void mark_best(const VerdictFacts& facts, VerdictRow& row) {
  const Interval* winner = nullptr;
  std::size_t compared = 0;
  const auto compares = [&](std::size_t i) {
    return row.figures[i] && counts(*facts.transports[i].result);
  };
  for (std::size_t i = 0; i < row.figures.size(); ++i) {
    if (!compares(i)) continue;
    ++compared;
    if (winner == nullptr || row.figures[i]->median < winner->median) winner = &*row.figures[i];
  }
  if (compared < 2) return;
  for (std::size_t i = 0; i < row.figures.size(); ++i) {
    row.best[i] = compares(i) && row.figures[i]->low <= winner->high;
  }
}

std::vector<VerdictRow> rows_of(const VerdictFacts& facts, bool stands) {
  std::vector<VerdictRow> rows;
  for (const RowKind& kind : kRows) {
    VerdictRow row{*harness::parse_metric(kind.metric), std::string(kind.label), {}, {}};
    for (const TransportFacts& transport : facts.transports) {
      const bool enough = transport.users >= kind.fewest_users;
      row.figures.push_back(enough ? figure(*transport.result, *row.metric) : std::nullopt);
    }
    row.best.resize(row.figures.size());
    if (stands) mark_best(facts, row);
    const bool any = std::any_of(row.figures.begin(), row.figures.end(),
                                 [](const auto& figure) { return figure.has_value(); });
    if (any) rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace

Verdict verdict_of(const RunResult& result) {
  const VerdictFacts facts = facts_of(result);
  Verdict verdict;
  for (const TransportFacts& transport : facts.transports) {
    verdict.transports.push_back(transport.name);
    verdict.invalid.push_back(result.stands() && !transport.result->valid());
  }
  verdict.rows = rows_of(facts, result.stands());
  verdict.sentences = sentences_of(result, facts, verdict);
  return verdict;
}

std::string figure_of(const VerdictRow& row, double value) {
  switch (row.metric->unit) {
    case harness::FigureUnit::microseconds:
      return time_text(value);
    case harness::FigureUnit::share:
      return percent(value);
    case harness::FigureUnit::bytes:
      return value < 10'000 && row.metric->name != "server_memory" ? significant(value) + " B"
                                                                   : size_text(value);
    default:
      return harness::figure_text(row.metric->unit, value);
  }
}

std::string range_of(const VerdictRow& row, const Interval& interval) {
  const std::string low = figure_of(row, interval.low);
  const std::string high = figure_of(row, interval.high);
  return low == high ? "" : fmt::format("{} to {}", low, high);
}

std::string marked_name(const Verdict& verdict, std::size_t transport) {
  return verdict.transports[transport] + (verdict.invalid[transport] ? " (invalid)" : "");
}

bool marks_any(const Verdict& verdict) {
  return std::any_of(verdict.rows.begin(), verdict.rows.end(), [](const VerdictRow& row) {
    return std::find(row.best.begin(), row.best.end(), true) != row.best.end();
  });
}

std::string ranges_text(const Verdict& verdict) {
  const Interval* shown = nullptr;
  for (const VerdictRow& row : verdict.rows) {
    for (const auto& figure : row.figures) {
      if (figure && !range_of(row, *figure).empty()) shown = &*figure;
    }
  }
  if (shown == nullptr) return "";
  return fmt::format(
      "Figures are medians over the repetitions, with {} below.",
      shown->bootstrap ? "the 95 % interval (bootstrap)" : "the least and the most of them");
}

}  // namespace pushbench::report

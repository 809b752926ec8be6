#include "report/promises.h"

#include <fmt/format.h>

#include <algorithm>

#include "clients/registry.h"
#include "report/invalid.h"
#include "report/numbers.h"
#include "report/verdict_story.h"

namespace pushbench::report {

using harness::Messages;
using harness::RunResult;
using harness::TransportResult;

namespace {

/// In what order messages are, where a server gives them no seq.
std::string_view order_of(const TransportResult& column) {
  const bool has_seqs = !column.target || column.target->dialect == clients::kOwnDialect;
  return has_seqs ? "in order" : "each publisher's in order";
}

/// What is left of "once" when messages are lost, missed or repeated.
std::string_view times_of(const Messages& m) {
  const bool some_never = m.lost + m.missed > 0;
  if (some_never && m.duplicated > 0) return "neither at most once nor at least once";
  if (some_never) return "at most once";
  return m.duplicated > 0 ? "at least once" : "once";
}

std::string text_of(const TransportResult& column, const Messages& m) {
  std::vector<std::string> faults;
  const auto add = [&faults](std::uint64_t count, std::string_view what) {
    if (count > 0) faults.push_back(fmt::format("{} {}", thousands(count), what));
  };
  add(m.lost, "lost");
  add(m.missed, "missed (the server said so)");
  add(m.duplicated, "repeated");
  add(m.reordered, "out of order");
  add(m.damaged, "not as published");
  if (faults.empty()) return fmt::format("every message once, {}", order_of(column));
  std::string text =
      fmt::format("{}, but of {} deliveries {}", times_of(m), thousands(m.expected), list(faults));
  if (m.reordered == 0) text += fmt::format("; {}", order_of(column));
  return text;
}

}  // namespace

std::vector<Promise> promises_of(const RunResult& result) {
  std::vector<Promise> promises;
  for (const TransportResult& column : result.transports) {
    Messages sum;
    for (const harness::Repetition& r : column.repetitions) {
      if (is_whole(result, r)) sum += r.messages;
    }
    if (sum.expected == 0) continue;
    const bool whole = sum.lost + sum.missed + sum.duplicated + sum.reordered + sum.damaged == 0;
    const std::string text = text_of(column, sum);
    const auto same = std::find_if(promises.begin(), promises.end(),
                                   [&](const Promise& promise) { return promise.text == text; });
    if (same == promises.end()) {
      promises.push_back({text, whole, {column.name}});
    } else {
      same->columns.push_back(column.name);
    }
  }
  return promises;
}

bool tells_promises(const RunResult& result) {
  return std::any_of(result.transports.begin(), result.transports.end(),
                     [](const TransportResult& column) { return column.target.has_value(); });
}

}  // namespace pushbench::report

#include "report/invalid.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <utility>

#include "report/verdict_story.h"

namespace pushbench::report {

namespace {

/// Whether it is for this reason that the run ended, early. A merged result has "part 2: " before a
/// part's reason.
bool ended_the_run(const harness::RunResult& result, const std::string& reason) {
  switch (result.outcome) {
    case harness::Outcome::complete:
      break;
    case harness::Outcome::interrupted:
      return reason == "interrupted" || reason.ends_with(": interrupted");
    case harness::Outcome::broke:
      return reason == result.problem;
  }
  return false;
}

}  // namespace

bool is_whole(const harness::RunResult& result, const harness::Repetition& repetition) {
  return std::none_of(repetition.invalid.begin(), repetition.invalid.end(),
                      [&](const std::string& reason) { return ended_the_run(result, reason); });
}

std::vector<std::string> invalid_reasons(const harness::TransportResult& transport) {
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < transport.repetitions.size(); ++i) {
    for (const std::string& reason : transport.repetitions[i].invalid) {
      lines.push_back(fmt::format("{}, repetition {}: {}", transport.name, i + 1, reason));
    }
  }
  return lines;
}

std::string what_does_not_count(const harness::RunResult& result) {
  if (!result.stands()) return "these figures";
  std::vector<std::string> names;
  for (const harness::TransportResult& column : result.transports) {
    if (!column.valid()) names.push_back(column.name);
  }
  return "the figures of " + list(names);
}

std::vector<std::string> invalid_reasons(const harness::RunResult& result) {
  std::vector<std::string> lines;
  for (const harness::TransportResult& transport : result.transports) {
    for (std::string& line : invalid_reasons(transport)) lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace pushbench::report

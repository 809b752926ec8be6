#include "report/invalid.h"

#include <fmt/format.h>

#include <cstddef>
#include <utility>

#include "report/verdict_story.h"

namespace pushbench::report {

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

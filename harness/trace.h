#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

#include "wire/result.h"

namespace pushbench::harness {

enum class TraceEventKind { join, leave, say };

/// One line of a trace: at `time_ms` from its start, within a year, speaker number `speaker` did
/// this.
struct TraceEvent {
  std::uint64_t time_ms = 0;
  TraceEventKind kind = TraceEventKind::say;
  std::uint32_t speaker = 0;
  std::uint32_t bytes = 0;  // of the text said: up to 1 MiB
};

/// Reads what scripts/import-irc writes; an error names the file and the line.
Result<std::vector<TraceEvent>> read_trace(const std::string& path);

/// The same from a text; `path` only names it in errors.
Result<std::vector<TraceEvent>> parse_trace(std::istream& text, const std::string& path);

}  // namespace pushbench::harness

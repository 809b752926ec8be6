#include "harness/trace.h"

#include <fmt/format.h>

#include <array>
#include <fstream>
#include <istream>
#include <optional>
#include <string_view>

#include "wire/number.h"

namespace pushbench::harness {

namespace {

using wire::read_number;

constexpr std::uint32_t kMostBytes = 1024 * 1024;             // as of traffic.size
constexpr std::uint64_t kLatest = 1000ULL * 3600 * 24 * 366;  // a year
constexpr std::string_view kColumns = "time_ms,event,speaker,bytes";

std::optional<TraceEventKind> kind_of(std::string_view word) {
  if (word == "say") return TraceEventKind::say;
  if (word == "join") return TraceEventKind::join;
  if (word == "leave") return TraceEventKind::leave;
  return std::nullopt;
}

std::optional<TraceEvent> parse_line(std::string_view line) {
  std::array<std::string_view, 4> fields;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const std::size_t comma = line.find(',');
    const bool is_last = i + 1 == fields.size();
    if ((comma == std::string_view::npos) != is_last) return std::nullopt;
    fields[i] = line.substr(0, comma);
    if (!is_last) line.remove_prefix(comma + 1);
  }
  TraceEvent event;
  const std::optional<TraceEventKind> kind = kind_of(fields[1]);
  if (!kind || !read_number(fields[0], event.time_ms) || !read_number(fields[2], event.speaker) ||
      !read_number(fields[3], event.bytes)) {
    return std::nullopt;
  }
  event.kind = *kind;
  if (event.kind == TraceEventKind::say && event.bytes == 0) return std::nullopt;
  if (event.bytes > kMostBytes || event.time_ms > kLatest) return std::nullopt;
  return event;
}

}  // namespace

Result<std::vector<TraceEvent>> read_trace(const std::string& path) {
  std::ifstream file(path);
  if (!file) return failure(path, "there is no such trace; make one with scripts/import-irc");
  return parse_trace(file, path);
}

Result<std::vector<TraceEvent>> parse_trace(std::istream& text, const std::string& path) {
  std::vector<TraceEvent> events;
  bool columns_seen = false;
  std::size_t number = 0;
  for (std::string line; std::getline(text, line);) {
    const std::string where = fmt::format("{}:{}", path, ++number);
    if (line.starts_with('#')) continue;
    if (!columns_seen) {
      if (line != kColumns)
        return failure(where, fmt::format("the columns should be {}", kColumns));
      columns_seen = true;
      continue;
    }
    const std::optional<TraceEvent> event = parse_line(line);
    if (!event) {
      return failure(where,
                     fmt::format("\"{}\" is not an event; write one as in 1200,say,7,42", line));
    }
    if (!events.empty() && event->time_ms < events.back().time_ms) {
      return failure(where, "its time is before that of the line above; sort the events by time");
    }
    events.push_back(*event);
  }
  if (events.empty()) return failure(path, "has no events");
  return events;
}

}  // namespace pushbench::harness

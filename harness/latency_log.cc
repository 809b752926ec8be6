#include "harness/latency_log.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <ctime>
#include <iomanip>
#include <optional>
#include <sstream>
#include <utility>
#include <vector>

#include "harness/latency_log_format.h"

namespace pushbench::harness {

using namespace log_format;

namespace {

/// One line of the log; what it is made of is the result's.
struct Line {
  std::string tag;
  double start_s = 0;
  double length_s = 0;
  const Histogram* whole = nullptr;  // or else …
  const SparseHistogram* second = nullptr;
};

void add_whole(std::vector<Line>& lines, std::string tag, const Repetition& r,
               const Histogram& histogram) {
  if (histogram.count() == 0) return;
  lines.push_back({std::move(tag), r.started_s, r.duration_s, &histogram, nullptr});
}

void add_repetition(std::vector<Line>& lines, const std::string& transport, const Repetition& r) {
  for (const LatencySecond& second : r.by_second) {
    lines.push_back(
        {transport, r.started_s + second.start_s, second.length_s, nullptr, &second.latency});
  }
  if (r.by_second.empty()) add_whole(lines, transport, r, r.delivery_latency);
  for (const WholeHistogram& whole : kWhole) {
    add_whole(lines, fmt::format("{}:{}", transport, whole.name), r, r.*whole.of);
  }
}

/// In order of time: readers that are asked for a stretch of it stop at the first line beyond.
std::vector<Line> lines_of(const RunResult& result) {
  std::vector<Line> lines;
  Repetition floor;  // comes first, from the run's start on
  if (result.floor) {
    floor.duration_s = result.floor->duration_s;
    add_whole(lines, std::string(kFloor), floor, result.floor->delivery_latency);
    add_whole(lines, fmt::format("{}:lateness", kFloor), floor, result.floor->lateness);
  }
  for (const TransportResult& transport : result.transports) {
    for (const Repetition& r : transport.repetitions) add_repetition(lines, transport.name, r);
  }
  std::stable_sort(lines.begin(), lines.end(),
                   [](const Line& a, const Line& b) { return a.start_s < b.start_s; });
  return lines;
}

std::string text_of(const std::vector<Line>& lines) {
  std::string text;
  Histogram scratch;
  for (const Line& line : lines) {
    if (line.second != nullptr) {
      scratch.clear();
      scratch.add(*line.second);
    }
    const Histogram& histogram = line.second != nullptr ? scratch : *line.whole;
    text += fmt::format("Tag={},{:.3f},{:.3f},{:.3f},{}\n", line.tag, line.start_s, line.length_s,
                        milliseconds(histogram.max()), histogram.encoded());
  }
  return text;
}

/// Seconds since 1970 of "2026-01-31T12:00:00Z"; nothing of anything else.
std::optional<double> seconds_of(const std::string& date) {
  constexpr std::size_t kLength = 20;
  std::tm time{};
  std::istringstream in(date);
  in >> std::get_time(&time, "%Y-%m-%dT%H:%M:%SZ");
  if (!in || date.size() != kLength || in.tellg() != kLength) return std::nullopt;
  return static_cast<double>(timegm(&time));
}

}  // namespace

std::string log_format::checksum(std::string_view lines) {
  const uLong crc = crc32_z(0, reinterpret_cast<const Bytef*>(lines.data()), lines.size());
  return fmt::format("{:08x}", crc);
}

std::string latency_log(const RunResult& result) {
  const std::string lines = text_of(lines_of(result));
  std::string text = fmt::format("{}3]\n", kVersion);
  if (const auto start = seconds_of(result.context.date)) {
    text += fmt::format("#[StartTime: {:.3f} (seconds since epoch), {}]\n", *start,
                        result.context.date);
  }
  text += "#[Values are microseconds, Interval_Max is milliseconds]\n";
  text += fmt::format("{}{} (CRC-32)]\n", kChecksum, checksum(lines));
  return text + std::string(kLegend) + "\n" + lines;
}

bool is_as_written(std::string_view log) {
  const std::size_t at = log.find(kChecksum);
  const std::size_t legend = log.find(kLegend);
  if (at == std::string_view::npos || legend == std::string_view::npos) return false;
  const std::size_t lines = std::min(legend + kLegend.size() + 1, log.size());
  return log.substr(at + kChecksum.size()).starts_with(checksum(log.substr(lines)));
}

}  // namespace pushbench::harness

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "harness/histogram_decoder.h"
#include "harness/latency_log.h"
#include "harness/latency_log_format.h"
#include "harness/second_by_second.h"
#include "wire/number.h"

namespace pushbench::harness {

using namespace log_format;

namespace {

// Seconds by which a time may differ from the result's: the log has three decimals of it.
constexpr double kRounding = 0.002;

bool is_near(double a, double b) { return std::abs(a - b) <= kRounding; }

tl::unexpected<Error> broken(std::string what) { return failure("", std::move(what)); }

/// A word of the log as an error shows it.
std::string shown(std::string_view word) {
  constexpr std::size_t kLongest = 40;
  std::string text(word.substr(0, kLongest));
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  return fmt::format("\"{}{}\"", text, word.size() > kLongest ? "…" : "");
}

/// A line that is not a comment, cut at its commas.
struct Fields {
  std::string_view tag;
  double start_s = 0;
  double length_s = 0;
  double max_ms = 0;
  std::string_view payload;
};

Result<Fields> fields_of(std::string_view line) {
  constexpr std::string_view kTag = "Tag=";
  std::vector<std::string_view> parts;
  for (std::size_t at = 0; at <= line.size();) {
    const std::size_t comma = std::min(line.find(',', at), line.size());
    parts.push_back(line.substr(at, comma - at));
    at = comma + 1;
  }
  if (parts.size() != 5 || !parts[0].starts_with(kTag)) {
    return broken("is not as it should be: Tag=NAME,start,length,max,histogram");
  }
  Fields fields{parts[0].substr(kTag.size()), 0, 0, 0, parts[4]};
  const std::pair<std::string_view, double*> numbers[] = {
      {parts[1], &fields.start_s}, {parts[2], &fields.length_s}, {parts[3], &fields.max_ms}};
  for (const auto& [text, number] : numbers) {
    if (!wire::read_number(text, *number) || !std::isfinite(*number) || *number < 0) {
      return broken(shown(text) + " is no number from 0 on");
    }
  }
  return fields;
}

/// Puts a log's lines into a result, one by one.
class LogTaker {
 public:
  explicit LogTaker(RunResult& result) : result_(result) { clear(); }

  Result<void> take(std::string_view line) {
    const auto fields = fields_of(line);
    if (!fields) return tl::unexpected(fields.error());
    const std::size_t colon = std::min(fields->tag.find(':'), fields->tag.size());
    const std::string_view name = fields->tag.substr(0, colon);
    const std::string_view part = fields->tag.substr(std::min(colon + 1, fields->tag.size()));
    if (name == kFloor) return take_floor(part, *fields);
    for (TransportResult& transport : result_.transports) {
      if (transport.name == name) return take_transport(transport, part, *fields);
    }
    return broken(fmt::format("{}: the result has no transport of that name; it has {}",
                              shown(name), fmt::join(names(), ", ")));
  }

  void finish() {
    for (TransportResult& transport : result_.transports) {
      for (Repetition& r : transport.repetitions) merge_seconds(r.by_second, {});
    }
  }

 private:
  void clear() {
    if (result_.floor) {
      result_.floor->delivery_latency.clear();
      result_.floor->lateness.clear();
    }
    for (TransportResult& transport : result_.transports) {
      for (Repetition& r : transport.repetitions) {
        r.by_second.clear();
        r.delivery_latency.clear();
        for (const WholeHistogram& whole : kWhole) (r.*whole.of).clear();
      }
    }
  }

  std::vector<std::string_view> names() const {
    std::vector<std::string_view> names;
    if (result_.floor) names.push_back(kFloor);
    for (const TransportResult& transport : result_.transports) names.push_back(transport.name);
    return names;
  }

  Result<void> take_floor(std::string_view part, const Fields& fields) {
    if (!result_.floor) return broken("\"floor\": the result has no floor");
    if (fields.tag == kFloor) return take_histogram(fields, result_.floor->delivery_latency);
    if (part == "lateness") return take_histogram(fields, result_.floor->lateness);
    return broken(shown(fields.tag) + ": the floor has only \"floor\" and \"floor:lateness\"");
  }

  Result<void> take_transport(TransportResult& transport, std::string_view part,
                              const Fields& fields) {
    Repetition* const r = repetition_at(transport, fields.start_s);
    if (r == nullptr) {
      return broken(fmt::format("{:.3f} s is in the measured time of no repetition of {}, which {}",
                                fields.start_s, transport.name, starts_of(transport)));
    }
    if (part.empty() && fields.tag == transport.name) return take_second(*r, fields);
    for (const WholeHistogram& whole : kWhole) {
      if (part != whole.name) continue;
      if (!is_near(fields.start_s, r->started_s) || !is_near(fields.length_s, r->duration_s)) {
        return broken(fmt::format("is not of the whole repetition, which is {:.3f},{:.3f}",
                                  r->started_s, r->duration_s));
      }
      return take_histogram(fields, r->*whole.of);
    }
    return broken(fmt::format("{}: there is no such histogram; there are {}", shown(fields.tag),
                              tags_of(transport)));
  }

  static std::string tags_of(const TransportResult& transport) {
    std::string tags = transport.name;
    for (const WholeHistogram& whole : kWhole) {
      tags += fmt::format(", {}:{}", transport.name, whole.name);
    }
    return tags;
  }

  static std::string starts_of(const TransportResult& transport) {
    std::vector<std::string> starts;
    for (const Repetition& r : transport.repetitions) {
      starts.push_back(fmt::format("{:.3f} s", r.started_s));
    }
    if (starts.empty()) return "has none";
    return fmt::format("began at {}", fmt::join(starts, ", "));
  }

  /// The last one that had begun by then, if it was not over.
  static Repetition* repetition_at(TransportResult& transport, double start_s) {
    Repetition* found = nullptr;
    for (Repetition& r : transport.repetitions) {
      if (r.started_s > start_s + kRounding) continue;
      if (found == nullptr || r.started_s >= found->started_s) found = &r;
    }
    if (found == nullptr || start_s > found->started_s + found->duration_s + kRounding) {
      return nullptr;
    }
    return found;
  }

  Result<void> take_second(Repetition& r, const Fields& fields) {
    const double start = std::max(0.0, std::round(fields.start_s - r.started_s));
    if (!is_near(fields.start_s, r.started_s + start)) {
      return broken(fmt::format("{:.3f} s is not where a second begins: {:.3f} s is",
                                fields.start_s, r.started_s + start));
    }
    const double second = std::clamp(r.duration_s - start, 0.0, 1.0);
    const bool is_second = is_near(fields.length_s, second);
    if (!is_second && (start != 0 || !is_near(fields.length_s, r.duration_s))) {
      return broken(
          fmt::format("lasts {:.3f} s; this second lasts {:.3f} s", fields.length_s, second));
    }
    auto histogram = decode(fields);
    if (!histogram) return tl::unexpected(histogram.error());
    if (auto added = add(*histogram, r.delivery_latency); !added) return added;
    r.by_second.push_back({start, is_second ? second : r.duration_s, std::move(*histogram)});
    return {};
  }

  Result<void> take_histogram(const Fields& fields, Histogram& into) {
    const auto histogram = decode(fields);
    if (!histogram) return tl::unexpected(histogram.error());
    return add(*histogram, into);
  }

  Result<SparseHistogram> decode(const Fields& fields) {
    auto histogram = decode_histogram(fields.payload);
    if (!histogram) return broken("its histogram " + histogram.error().what);
    scratch_.clear();
    scratch_.add(*histogram);
    const double max_ms = milliseconds(scratch_.max());
    if (!is_near(max_ms, fields.max_ms)) {
      return broken(fmt::format("was changed: its max is {:.3f}, but its histogram's {:.3f}",
                                fields.max_ms, max_ms));
    }
    return histogram;
  }

  /// Many lines may be of one histogram, and each of them as large as it may be.
  static Result<void> add(const SparseHistogram& histogram, Histogram& into) {
    if (into.count() + histogram.count() > kMostDecoded) {
      return broken(fmt::format("counts more than {} values with those before it", kMostDecoded));
    }
    into.add(histogram);
    return {};
  }

  RunResult& result_;
  Histogram scratch_;
};

Result<void> check_count(const std::string& whose, std::uint64_t logged, std::uint64_t told,
                         bool log_is_as_written) {
  if (logged == told) return {};
  return broken(
      fmt::format("holds {} delivery latencies {}, but the result beside it has {} deliveries: {}",
                  logged, whose, told,
                  log_is_as_written ? "the result was changed, or is of another run"
                                    : "the log was changed or cut off, or is of another run"));
}

/// What both of them know.
Result<void> check_deliveries(const RunResult& result, bool log_is_as_written) {
  if (result.floor) {
    auto same = check_count("of the floor", result.floor->delivery_latency.count(),
                            result.floor->delivered, log_is_as_written);
    if (!same) return same;
  }
  for (const TransportResult& transport : result.transports) {
    for (std::size_t i = 0; i < transport.repetitions.size(); ++i) {
      const Repetition& r = transport.repetitions[i];
      auto same = check_count(fmt::format("of {}'s repetition {}", transport.name, i + 1),
                              r.delivery_latency.count(), r.messages.delivered, log_is_as_written);
      if (!same) return same;
    }
  }
  return {};
}

Result<void> take_lines(std::string_view text, const std::string& path, LogTaker& taker) {
  std::size_t number = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    std::string_view line = text.substr(at, end - at);
    if (line.ends_with('\r')) line.remove_suffix(1);
    at = end + 1;
    ++number;
    if (line.empty() || line.starts_with('#') || line.starts_with('"')) continue;
    if (const auto taken = taker.take(line); !taken) {
      return failure(fmt::format("{}:{}", path, number), taken.error().what);
    }
  }
  taker.finish();
  return {};
}

}  // namespace

Result<void> take_latency_log(const std::string& text, const std::string& path, RunResult& result) {
  if (!text.starts_with(kVersion)) {
    return failure(path + ":1",
                   fmt::format("is no HdrHistogram log: one begins with \"{}3]\"", kVersion));
  }
  LogTaker taker(result);
  if (auto taken = take_lines(text, path, taker); !taken) return taken;
  if (const auto same = check_deliveries(result, is_as_written(text)); !same) {
    return failure(path, same.error().what);
  }
  return {};
}

}  // namespace pushbench::harness

// latency.hlog beside a result. Option A: the bytes are what zlib inflates in one line's histogram,
// whose sizes, checksums and base64 are right; B: the same, but they are the bytes before zlib;
// else they are the log. What is taken is written and read again.

#include <fmt/format.h>

#include "harness/histogram_decoder.h"
#include "harness/latency_log.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/histogram_frame.h"

namespace {

using namespace pushbench;
using harness::Histogram;
using harness::Repetition;
using harness::RunResult;
using harness::SparseHistogram;

constexpr const char* kPath = "fuzzed.hlog";

/// Two transports and the floor, at 0 to 20 s of a run.
RunResult some_result() {
  RunResult result;
  result.context.date = "2026-01-31T12:00:00Z";
  result.floor = harness::Floor();
  result.floor->duration_s = 0.5;
  result.transports.resize(2);
  result.transports[0].name = "polling";
  result.transports[1].name = "sse";
  double started_s = 1;
  for (int i = 0; i < 2; ++i) {
    for (harness::TransportResult& transport : result.transports) {
      transport.repetitions.emplace_back();
      transport.repetitions.back().started_s = started_s;
      transport.repetitions.back().duration_s = 3.25;
      started_s += 5;
    }
  }
  return result;
}

/// Has the result say what its histograms hold.
void keep_to_histograms(RunResult& result) {
  result.floor->delivered = result.floor->delivery_latency.count();
  for (harness::TransportResult& transport : result.transports) {
    for (Repetition& r : transport.repetitions) r.messages.delivered = r.delivery_latency.count();
  }
}

void expect_figures(const Histogram& histogram) {
  fuzz::expect(histogram.mean() >= 0 && histogram.mean() <= static_cast<double>(histogram.max()),
               "a mean out of its range");
  fuzz::expect(histogram.percentile(50) <= histogram.percentile(99.9), "percentiles out of order");
  fuzz::expect(histogram.percentile(100) == histogram.max(), "no max");
}

void expect_in_order(const Repetition& r) {
  double before = -1;
  std::uint64_t sum = 0;
  for (const harness::LatencySecond& second : r.by_second) {
    fuzz::expect(second.start_s > before, "seconds out of order");
    fuzz::expect(second.start_s <= r.duration_s && second.length_s <= r.duration_s, "too long");
    before = second.start_s;
    sum += second.latency.count();
  }
  fuzz::expect(sum == r.delivery_latency.count(), "the seconds are not the whole");
}

/// What a histogram's encoding and decoding make of each other.
void read_histogram(const std::string& encoded) {
  const auto decoded = harness::decode_histogram(encoded);
  if (!decoded) {
    fuzz::expect(!decoded.error().what.empty(), "no reason");
    return;
  }
  fuzz::expect(decoded->count() <= harness::kMostDecoded, "too many values");
  Histogram histogram;
  histogram.add(*decoded);
  fuzz::expect(histogram.sparse().counts == decoded->counts, "places that are none");
  expect_figures(histogram);
  const auto again = harness::decode_histogram(histogram.encoded());
  fuzz::expect(again && again->counts == decoded->counts, "encoded and decoded it differs");
}

/// Taken once to learn what the log holds, and then beside a result that says just that.
void read_log(const std::string& text) {
  // Made once, as they are large: taking a log clears them.
  static RunResult result = some_result();
  static RunResult again = some_result();
  if (const auto taken = harness::take_latency_log(text, kPath, result); !taken) {
    fuzz::expect(taken.error().where.starts_with(kPath) && !taken.error().what.empty(),
                 "no place or no reason");
    fuzz::expect(taken.error().line().find('\n') == std::string::npos, "more than a line");
    if (taken.error().where != kPath) return;  // a line is broken
  }
  keep_to_histograms(result);
  fuzz::expect(harness::take_latency_log(text, kPath, result).has_value(), "refused");
  for (const harness::TransportResult& transport : result.transports) {
    for (const Repetition& r : transport.repetitions) {
      expect_in_order(r);
      expect_figures(r.delivery_latency);
      expect_figures(r.join);
    }
  }
  const std::string written = harness::latency_log(result);
  fuzz::expect(harness::is_as_written(written), "not as written");
  for (std::size_t i = 0; i < again.transports.size(); ++i) {
    for (std::size_t k = 0; k < again.transports[i].repetitions.size(); ++k) {
      again.transports[i].repetitions[k].messages = result.transports[i].repetitions[k].messages;
    }
  }
  again.floor->delivered = result.floor->delivered;
  const auto taken = harness::take_latency_log(written, kPath, again);
  fuzz::expect(taken.has_value(), "what was written is refused", taken ? "" : taken.error().line());
  fuzz::expect_same("written again it differs", written, harness::latency_log(again));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::Input input(data, size);
  if (input.option(0)) {
    read_histogram(test::frame(test::deflated(input.bytes())));
  } else if (input.option(1)) {
    read_histogram(test::frame(input.bytes()));
  } else {
    read_log(std::string(input.bytes()));
  }
  return 0;
}

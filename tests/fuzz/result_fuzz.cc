// A result and the log beside it, which begins at the first line that starts as a log does. What is
// read is written the same again, and what is wrong is one line.

#include <string>

#include "harness/json_place.h"
#include "harness/latency_log.h"
#include "harness/result_json.h"
#include "harness/result_parser.h"
#include "harness/result_reader.h"
#include "tests/fuzz/fuzz.h"

namespace {

using namespace pushbench;

void expect_one_line(const Error& error) {
  const std::string line = error.line();
  fuzz::expect(!error.where.empty() && !error.what.empty(), "no reason", line);
  fuzz::expect(line.find('\n') == std::string::npos, "more than a line", line);
}

/// The result without its histograms, as it would be written; "" if it is none.
std::string without_log(const std::string& text) {
  const auto json = harness::parse_result_text(text, "fuzzed.json");
  if (!json) return expect_one_line(json.error()), "";
  const auto result = harness::take_run(*json, "fuzzed.json");
  if (!result) return expect_one_line(result.error()), "";
  return harness::to_json(*result);
}

void read_whole(const std::string& text, const std::string& log) {
  const auto result = harness::parse_run(text, log, "fuzzed.json");
  if (!result) return expect_one_line(result.error());
  const std::string json = harness::to_json(*result);
  const auto again = harness::parse_run(json, harness::latency_log(*result), "again.json");
  fuzz::expect(again.has_value(), "what was written is not read",
               again ? "" : again.error().line());
  fuzz::expect_same("a result differs when read again", json, harness::to_json(*again));
}

void read_measured(const std::string& text) {
  const auto measured = harness::parse_result(text, "fuzzed.json");
  if (!measured) return expect_one_line(measured.error());
  fuzz::expect(!measured->transports.empty(), "nothing was measured");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string all(reinterpret_cast<const char*>(data), size);
  const std::size_t log = std::min(all.find("#[Histogram log"), all.size());
  const std::string text = all.substr(0, log);
  const std::string written = without_log(text);
  if (!written.empty()) {
    fuzz::expect_same("a result differs when read again", written, without_log(written));
  }
  read_measured(text);
  read_whole(text, all.substr(log));
  return 0;
}

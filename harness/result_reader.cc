#include "harness/result_reader.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

#include "harness/json_place.h"
#include "harness/latency_log.h"
#include "harness/result_json.h"
#include "harness/result_parser.h"

namespace pushbench::harness {

namespace fs = std::filesystem;

namespace {

using Json = JsonPlace::Json;

constexpr const char* kResultFile = "result.json";
constexpr const char* kLogFile = "latency.hlog";

/// The log that belongs to a result.json.
std::string log_file(const std::string& path) {
  return (fs::path(result_file(path)).parent_path() / kLogFile).string();
}

/// All of a file. `advice` says what would be right if it cannot be read.
Result<std::string> read_text(const fs::path& file, const std::string& advice) {
  errno = 0;
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  if (in) text << in.rdbuf();
  std::error_code error;
  const bool is_folder = fs::is_directory(file, error);
  if (in && !in.bad() && !is_folder) return text.str();
  const char* const why = is_folder ? "it is a folder" : std::strerror(errno == 0 ? EIO : errno);
  return failure(file.string(), fmt::format("cannot be read ({}); {}", why, advice));
}

Result<std::string> read_result_text(const fs::path& file) {
  return read_text(file, "give a result.json or its folder");
}

MeasuredRepetition take_repetition(const JsonPlace& at) {
  MeasuredRepetition r;
  r.users = at["users"].number();
  r.duration_s = at["duration_s"].number();
  r.published = at["messages"]["published"].number();
  r.delivered = at["messages"]["delivered"].number();
  r.asked = at["exchanges"]["asked"].number();
  r.empty = at["exchanges"]["empty"].number();
  if (!at["server"].is_null()) {  // a repetition that broke
    r.server_cpu_us = at["server"]["cpu_us"].number();
    r.peak_rss_bytes = at["server"]["peak_rss_bytes"].number();
  }
  return r;
}

MeasuredTransport take_transport(const JsonPlace& at) {
  MeasuredTransport transport;
  transport.name = at["name"].text();
  for (const JsonPlace& repetition : at["repetitions"].items()) {
    const MeasuredRepetition taken = take_repetition(repetition);
    if (taken.delivered > 0) transport.repetitions.push_back(taken);
  }
  return transport;
}

/// A result says again what follows from its other figures and the log: percentiles, shares,
/// whether it is valid. All of that, and no more than that, must be there and the same. If not, it
/// was the log that was edited where its checksum says so.
Result<void> check_rest(const Json& json, const RunResult& result, const std::string& path,
                        bool log_is_as_written) {
  const auto differs = first_difference(Json::parse(to_json(result)), json);
  if (!differs) return {};
  const auto& [pointer, right, found] = *differs;
  if (found == "nothing") {
    return failure(path, fmt::format("{}: is missing; {} belongs there", pointer, right));
  }
  if (right == "nothing") {
    return failure(path, fmt::format("{}: is no key of a result of this version", pointer));
  }
  const std::string_view edited = log_is_as_written ? "it" : kLogFile;
  return failure(path, fmt::format("{}: is {}, but the rest of the result and its {} make it {}; "
                                   "was {} edited by hand?",
                                   pointer, found, kLogFile, right, edited));
}

}  // namespace

std::string result_file(const std::string& path) {
  std::error_code error;
  return fs::is_directory(path, error) ? (fs::path(path) / kResultFile).string() : path;
}

Result<MeasuredResult> parse_result(const std::string& text, const std::string& path) {
  const auto json = parse_result_text(text, path);
  if (!json) return tl::unexpected(json.error());
  std::optional<Error> problem;
  const JsonPlace at(*json, problem);
  MeasuredResult result;
  result.path = path;
  result.scenario = at["scenario"].text();
  result.valid = at["valid"].flag();
  for (const JsonPlace& transport : at["transports"].items()) {
    if (transport.has("target")) continue;  // a prediction is of our own server
    MeasuredTransport taken = take_transport(transport);
    if (!taken.repetitions.empty()) result.transports.push_back(std::move(taken));
  }
  if (problem) return failure(path, problem->line());
  if (result.transports.empty())
    return failure(path, "holds no repetition of pushbench's own server that delivered anything");
  return result;
}

Result<MeasuredResult> read_result(const std::string& path) {
  const fs::path file = result_file(path);
  const auto text = read_result_text(file);
  if (!text) return tl::unexpected(text.error());
  return parse_result(*text, file.string());
}

Result<RunResult> parse_run(const std::string& json_text, const std::string& log_text,
                            const std::string& path) {
  const auto json = parse_result_text(json_text, path);
  if (!json) return tl::unexpected(json.error());
  auto result = take_run(*json, path);
  if (!result) return result;
  if (auto taken = take_latency_log(log_text, log_file(path), *result); !taken) {
    return tl::unexpected(taken.error());
  }
  if (auto same = check_rest(*json, *result, path, is_as_written(log_text)); !same)
    return tl::unexpected(same.error());
  return result;
}

Result<RunResult> read_run(const std::string& path) {
  const fs::path file = result_file(path);
  const auto json_text = read_result_text(file);
  if (!json_text) return tl::unexpected(json_text.error());
  // First, so that a file that is no result is not blamed for having no log.
  if (auto json = parse_result_text(*json_text, file.string()); !json) {
    return tl::unexpected(json.error());
  }
  const auto log_text = read_text(log_file(file.string()),
                                  "the histograms of a run are there, beside its result.json; only "
                                  "predict --from does without");
  if (!log_text) return tl::unexpected(log_text.error());
  return parse_run(*json_text, *log_text, file.string());
}

}  // namespace pushbench::harness

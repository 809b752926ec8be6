#include "harness/result_reader.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string_view>

namespace pushbench::harness {

namespace fs = std::filesystem;

namespace {

using Json = nlohmann::json;
using Pointer = Json::json_pointer;

constexpr std::string_view kSchema = "pushbench-result/1";

Result<Json> parse(const std::string& text, const std::string& path) {
  try {
    return Json::parse(text);
  } catch (const Json::parse_error& error) {
    const bool is_cut = error.byte > text.size();
    return failure(path, is_cut ? fmt::format("ends after {} bytes in the middle of its JSON; was "
                                              "the run or the copy cut off?",
                                              text.size())
                                : fmt::format("is not JSON, from byte {} on; give a result.json or "
                                              "its folder",
                                              error.byte));
  }
}

/// Takes figures from one place in a result, and remembers the first one that is not there.
class Taker {
 public:
  Taker(const Json& json, std::string place) : json_(json), place_(std::move(place)) {}

  double number(const char* pointer) {
    const Pointer at(pointer);
    if (json_.contains(at) && json_.at(at).is_number()) return json_.at(at).get<double>();
    if (missing_.empty()) missing_ = place_ + pointer;
    return 0;
  }
  const std::string& missing() const { return missing_; }

 private:
  const Json& json_;
  const std::string place_;
  std::string missing_;
};

Result<MeasuredRepetition> take_repetition(const Json& json, const std::string& place) {
  Taker taker(json, place);
  MeasuredRepetition r;
  r.users = taker.number("/users");
  r.published = taker.number("/messages/published");
  r.delivered = taker.number("/messages/delivered");
  r.asked = taker.number("/exchanges/asked");
  r.empty = taker.number("/exchanges/empty");
  r.server_cpu_us = taker.number("/server/cpu_us");
  r.peak_rss_bytes = taker.number("/server/peak_rss_bytes");
  if (!taker.missing().empty()) {
    return failure(taker.missing(), "is missing, or no number; was this written by pushbench run?");
  }
  return r;
}

Result<MeasuredTransport> take_transport(const Json& json, const std::string& place) {
  MeasuredTransport transport;
  if (!json.contains("name") || !json["name"].is_string() || !json.contains("repetitions") ||
      !json["repetitions"].is_array()) {
    return failure(place, "has no name or no list of repetitions");
  }
  transport.name = json["name"].get<std::string>();
  for (std::size_t i = 0; i < json["repetitions"].size(); ++i) {
    const auto taken =
        take_repetition(json["repetitions"][i], fmt::format("{}/repetitions/{}", place, i));
    if (!taken) return tl::unexpected(taken.error());
    if (taken->delivered > 0) transport.repetitions.push_back(*taken);
  }
  return transport;
}

}  // namespace

Result<MeasuredResult> parse_result(const std::string& text, const std::string& path) {
  const auto json = parse(text, path);
  if (!json) return tl::unexpected(json.error());
  const std::string schema =
      json->is_object() ? json->value(Pointer("/schema"), Json()).dump() : "";
  if (schema != fmt::format("\"{}\"", kSchema)) {
    return failure(path, fmt::format("is no result that this version reads: its schema is {}, not "
                                     "\"{}\"",
                                     schema.empty() ? "none" : schema, kSchema));
  }
  MeasuredResult result;
  result.path = path;
  result.scenario = json->value("scenario", "");
  result.valid = json->value("valid", false);
  const Json transports = json->value("transports", Json::array());
  for (std::size_t i = 0; transports.is_array() && i < transports.size(); ++i) {
    auto taken = take_transport(transports[i], fmt::format("/transports/{}", i));
    if (!taken) return failure(path, taken.error().line());
    if (!taken->repetitions.empty()) result.transports.push_back(std::move(*taken));
  }
  if (result.transports.empty())
    return failure(path, "holds no repetition that delivered anything");
  return result;
}

Result<MeasuredResult> read_result(const std::string& path) {
  const fs::path file = fs::is_directory(path) ? fs::path(path) / "result.json" : fs::path(path);
  std::ifstream in(file, std::ios::binary);
  if (!in) return failure(file.string(), "cannot be read; give a result.json or its folder");
  std::ostringstream text;
  text << in.rdbuf();
  return parse_result(text.str(), file.string());
}

}  // namespace pushbench::harness

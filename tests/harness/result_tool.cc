// Writes a made-up result, and reads results back, for tests that break them.

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "harness/latency_log.h"
#include "harness/result_json.h"
#include "harness/result_reader.h"
#include "tests/support/sample_result.h"

namespace {

using namespace pushbench;

std::string text_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

void write(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

/// One transport of one repetition: all kinds of figures, and few of each.
int write_sample(const std::string& kind, const std::string& folder, const std::string& seed) {
  // The kind that the schema's test takes apart has every field, those of a target too.
  const char* const column = kind == "merged" ? "nchan/polling" : "polling";
  const harness::RunResult result = test::sample_result({.transports = {column},
                                                         .repetitions = 1,
                                                         .seed = std::stoull(seed),
                                                         .flawed = kind != "sound",
                                                         .merged = kind == "merged"});
  std::filesystem::create_directories(folder);
  write(folder + "/result.json", harness::to_json(result));
  write(folder + "/latency.hlog", harness::latency_log(result));
  return 0;
}

/// One line for each result that comes on stdin, one a line: "good", or what is wrong with it.
int read_all(const std::string& log_path) {
  const std::string log = text_of(log_path);
  std::string json;
  for (int c = std::getchar(); c != EOF; c = std::getchar()) {
    if (c != '\n') {
      json += static_cast<char>(c);
      continue;
    }
    const auto result = harness::parse_run(json, log, "result.json");
    fmt::print("{}\n", result ? "good" : result.error().line());
    json.clear();
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> args(argv + 1, argv + argc);
  const bool is_kind =
      args.size() == 3 && (args[0] == "sound" || args[0] == "flawed" || args[0] == "merged");
  if (is_kind) return write_sample(args[0], args[1], args[2]);
  if (args.size() == 2 && args[0] == "read") return read_all(args[1]);
  fmt::print(stderr,
             "result_tool sound|flawed|merged FOLDER SEED | result_tool read LOG < RESULTS\n");
  return 2;
}

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/result.h"
#include "wire/result.h"

namespace pushbench::harness {

/// What a prediction takes from one repetition of a result.
struct MeasuredRepetition {
  double users = 0;
  double duration_s = 0;
  double published = 0;
  double delivered = 0;
  double asked = 0;  // exchanges that asked for messages
  double empty = 0;  // of them, those that got none
  double server_cpu_us = 0;
  double peak_rss_bytes = 0;
};

struct MeasuredTransport {
  std::string name;
  std::vector<MeasuredRepetition> repetitions;  // those that delivered something
};

struct MeasuredResult {
  std::string path;
  std::string scenario;
  bool valid = false;
  std::vector<MeasuredTransport> transports;
};

/// The result.json that a path means: a file, or the one in a folder.
std::string result_file(const std::string& path);

/// Reads a result.json, or the one in a folder. The error says in one line what is wrong with it:
/// missing, cut off, of another schema, or which figure it lacks.
Result<MeasuredResult> read_result(const std::string& path);

/// The same from its text; `path` only names it in errors.
Result<MeasuredResult> parse_result(const std::string& text, const std::string& path);

/// All of a run, to report it again, to compare and to merge it: from its folder, or its
/// result.json with latency.hlog beside it. What is read is what was written: to_json() gives the
/// same text. The error is one line with file and place: cut off, of a newer version, without its
/// log, or with figures that do not fit each other, as after an edit.
Result<RunResult> read_run(const std::string& path);

/// The same from the texts of both files; `path` is the result.json's, and only names it in errors.
Result<RunResult> parse_run(const std::string& json_text, const std::string& log_text,
                            const std::string& path);

}  // namespace pushbench::harness

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "wire/result.h"

namespace pushbench::harness {

/// What a prediction takes from one repetition of a result.
struct MeasuredRepetition {
  double users = 0;
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

/// Reads a result.json, or the one in a folder. The error says in one line what is wrong with it:
/// missing, cut off, of another schema, or which figure it lacks.
Result<MeasuredResult> read_result(const std::string& path);

/// The same from its text; `path` only names it in errors.
Result<MeasuredResult> parse_result(const std::string& text, const std::string& path);

}  // namespace pushbench::harness

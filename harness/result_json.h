#pragma once

#include <string>

#include "harness/result.h"

namespace pushbench::harness {

struct BuildInfo {
  std::string version;
  std::string commit;
};

/// result.json, by docs/result.schema.json: indented, with a newline at its end.
std::string to_json(const RunResult& result, const BuildInfo& build);

}  // namespace pushbench::harness

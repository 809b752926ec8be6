#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace pushbench::harness {

/// Where figures were taken: two runs on different machines do not compare.
struct Machine {
  std::string cpu;     // "Intel(R) Xeon(R) …"
  unsigned cores = 0;  // that this process may use
  std::uint64_t memory_bytes = 0;
  std::string kernel;  // "Linux 6.1.0-18-amd64"
};

Machine this_machine();

/// "2026-01-31T12:00:00Z"
std::string utc_now();

std::string compiler();          // "g++ 12.2.0"
std::string library_versions();  // "libuv 1.44.2, llhttp 8.1.0, …"

/// A build of this program.
struct BuildInfo {
  std::string version;
  std::string commit;  // git describe of the source; ends in -dirty if it was changed
};

/// When and where a result was taken, and by what.
struct Context {
  std::string date;  // UTC, of the run's start
  BuildInfo build;
  Machine machine;
  std::string compiler;
  std::string libraries;
  std::optional<BuildInfo> server{};  // of another program than this one; empty: it does not say
};

/// Now, here, by this build.
Context this_context(const BuildInfo& build);

}  // namespace pushbench::harness

#pragma once

#include <cstdint>
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

}  // namespace pushbench::harness

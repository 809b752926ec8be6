#include "harness/machine.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <llhttp.h>
#include <sys/utsname.h>
#include <unistd.h>
#include <uv.h>

#include <ctime>
#include <fstream>

namespace pushbench::harness {

namespace {

std::string cpu_model() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);) {
    const std::size_t colon = line.find(':');
    if (line.starts_with("model name") && colon != std::string::npos) return line.substr(colon + 2);
  }
  return "unknown";
}

}  // namespace

Machine this_machine() {
  utsname name{};
  uname(&name);
  const long pages = sysconf(_SC_PHYS_PAGES);
  const long page = sysconf(_SC_PAGESIZE);
  return {cpu_model(), uv_available_parallelism(),
          static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(page),
          fmt::format("{} {}", name.sysname, name.release)};
}

std::string utc_now() {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
}

std::string compiler() {
#ifdef __clang__
  return "clang++ " __clang_version__;
#else
  return "g++ " __VERSION__;
#endif
}

std::string library_versions() {
  return fmt::format("libuv {}, llhttp {}.{}.{}, fmt {}.{}.{}", uv_version_string(),
                     LLHTTP_VERSION_MAJOR, LLHTTP_VERSION_MINOR, LLHTTP_VERSION_PATCH,
                     FMT_VERSION / 10000, FMT_VERSION / 100 % 100, FMT_VERSION % 100);
}

Context this_context(const BuildInfo& build) {
  return {utc_now(), build, this_machine(), compiler(), library_versions(), std::nullopt};
}

}  // namespace pushbench::harness

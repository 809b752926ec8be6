#include "bench/drive/process.h"

#include <filesystem>
#include <fstream>
#include <string>

namespace pushbench::bench {

namespace fs = std::filesystem;

std::uint64_t cpu_ns(const std::vector<pid_t>& processes) {
  std::uint64_t sum = 0;
  for (const pid_t pid : processes) {
    std::error_code gone;
    // The scheduler's own count: /proc/PID/stat has clock ticks, 10 ms each.
    for (const auto& task :
         fs::directory_iterator("/proc/" + std::to_string(pid) + "/task", gone)) {
      std::uint64_t ran = 0;
      std::ifstream(task.path() / "schedstat") >> ran;
      sum += ran;
    }
  }
  return sum;
}

std::uint64_t anonymous_bytes(const std::vector<pid_t>& processes) {
  std::uint64_t sum = 0;
  for (const pid_t pid : processes) {
    std::ifstream status("/proc/" + std::to_string(pid) + "/status");
    for (std::string line; std::getline(status, line);) {
      if (line.starts_with("RssAnon:")) sum += std::stoull(line.substr(8)) * 1024;
    }
  }
  return sum;
}

}  // namespace pushbench::bench

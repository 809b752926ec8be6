#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace pushbench::test {

/// What the kernel says of another process at one moment; 0 once it is gone.
struct ProcessFigures {
  std::uint64_t rss_bytes = 0;
  std::uint64_t descriptors = 0;
};

inline ProcessFigures figures_of(int pid) {
  ProcessFigures figures;
  std::ifstream status(fmt::format("/proc/{}/status", pid));
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmRSS:")) figures.rss_bytes = 1024 * std::stoull(line.substr(6));
  }
  std::error_code gone;
  const std::filesystem::directory_iterator open(fmt::format("/proc/{}/fd", pid), gone);
  if (!gone)
    figures.descriptors = static_cast<std::uint64_t>(std::distance(begin(open), end(open)));
  return figures;
}

/// The median resident set of the samples from one part of the time to another, both 0 to 1.
inline std::uint64_t median_rss(const std::vector<ProcessFigures>& samples, double from,
                                double to) {
  const auto at = [&](double part) {
    return static_cast<std::size_t>(part * static_cast<double>(samples.size()));
  };
  std::vector<std::uint64_t> sizes;
  for (std::size_t i = at(from); i < at(to); ++i) sizes.push_back(samples[i].rss_bytes);
  if (sizes.empty()) return 0;
  std::sort(sizes.begin(), sizes.end());
  return sizes[sizes.size() / 2];
}

}  // namespace pushbench::test

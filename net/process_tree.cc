#include "net/process_tree.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <utility>

#include "wire/number.h"

namespace pushbench::net {

namespace {

namespace fs = std::filesystem;

/// One line of /proc/PID/stat (proc(5)).
struct Stat {
  char state = '?';
  int parent = 0;
  std::uint64_t started = 0;
};

std::optional<Stat> stat_of(int pid) {
  std::ifstream in(fmt::format("/proc/{}/stat", pid));
  std::string line;
  // The program's name is in brackets, and may have some of its own.
  if (!std::getline(in, line) || line.rfind(')') == std::string::npos) return std::nullopt;
  std::istringstream rest(line.substr(line.rfind(')') + 1));
  Stat stat;
  rest >> stat.state >> stat.parent;
  constexpr int kBetween = 17;  // fields from the parent, the 4th, to the start time, the 22nd
  std::string skipped;
  for (int i = 0; i < kBetween; ++i) rest >> skipped;
  if (!(rest >> stat.started)) return std::nullopt;
  return stat;
}

/// All processes there are, each with its parent.
std::map<int, Stat> all_processes() {
  std::map<int, Stat> all;
  std::error_code error;
  for (fs::directory_iterator entry("/proc", error), end; !error && entry != end;
       entry.increment(error)) {
    int pid = 0;
    if (!wire::read_number(entry->path().filename().string(), pid)) continue;
    if (const auto stat = stat_of(pid)) all.emplace(pid, *stat);
  }
  return all;
}

bool descends(int pid, const std::vector<int>& roots, const std::map<int, Stat>& all) {
  for (std::size_t steps = 0; steps <= all.size(); ++steps) {
    if (std::find(roots.begin(), roots.end(), pid) != roots.end()) return true;
    const auto found = all.find(pid);
    if (found == all.end()) return false;
    pid = found->second.parent;
  }
  return false;
}

/// The numbers behind some keys of a file like /proc/PID/status, added up.
std::uint64_t sum_of(const std::string& file, std::initializer_list<std::string_view> keys) {
  std::ifstream in(file);
  std::uint64_t sum = 0;
  for (std::string line; std::getline(in, line);) {
    const std::size_t colon = std::min(line.find(':'), line.size());
    const std::string_view key = std::string_view(line).substr(0, colon);
    if (std::find(keys.begin(), keys.end(), key) == keys.end()) continue;
    sum += std::strtoull(line.c_str() + std::min(colon + 1, line.size()), nullptr, 10);
  }
  return sum;
}

std::uint64_t switches_of(int pid) {
  std::uint64_t sum = 0;
  std::error_code error;
  for (fs::directory_iterator entry(fmt::format("/proc/{}/task", pid), error), end;
       !error && entry != end; entry.increment(error)) {
    sum +=
        sum_of(entry->path() / "status", {"voluntary_ctxt_switches", "nonvoluntary_ctxt_switches"});
  }
  return sum;
}

Result<Usage> usage_of(int pid) {
  const auto cpu = cpu_us_of(pid);
  if (!cpu) return tl::unexpected(cpu.error());
  constexpr std::uint64_t kKibi = 1024;
  return Usage{*cpu, sum_of(fmt::format("/proc/{}/status", pid), {"VmRSS"}) * kKibi,
               switches_of(pid)};
}

}  // namespace

Result<ProcessTree::Processes> ProcessTree::look() const {
  const std::map<int, Stat> all = all_processes();
  for (const int root : roots_) {
    const auto found = all.find(root);
    if (found == all.end() || found->second.state == 'Z') {
      return failure(fmt::format("process {}", root),
                     fs::exists(fmt::format("/proc/{}", root)) && found == all.end()
                         ? "may not be looked at"
                         : "is not there, or has ended");
    }
  }
  Processes seen;
  for (const auto& [pid, stat] : all) {
    if (stat.state == 'Z' || !descends(pid, roots_, all)) continue;
    const auto usage = usage_of(pid);
    if (usage) {
      seen.emplace(pid, Process{stat.started, *usage});
    } else if (stat_of(pid)) {
      return tl::unexpected(usage.error());
    }  // else it has ended while we looked
  }
  return seen;
}

Result<void> ProcessTree::begin() {
  auto seen = look();
  if (!seen) return tl::unexpected(seen.error());
  before_ = std::move(*seen);
  return {};
}

Result<Usage> ProcessTree::used() const {
  const auto now = look();
  if (!now) return tl::unexpected(now.error());
  Usage used;
  std::uint64_t resident = 0;
  for (const auto& [pid, process] : before_) {
    resident += process.usage.peak_rss_bytes;
    const auto found = now->find(pid);
    if (found == now->end() || found->second.started != process.started) {
      return failure(fmt::format("process {}", pid),
                     "has ended in the measured time, and what it used is not known");
    }
  }
  for (const auto& [pid, process] : *now) {
    const auto found = before_.find(pid);
    const Usage before = found == before_.end() ? Usage{} : found->second.usage;
    used.cpu_us += process.usage.cpu_us - before.cpu_us;
    // Threads that have ended since take theirs with them.
    used.context_switches +=
        std::max(process.usage.context_switches, before.context_switches) - before.context_switches;
    used.peak_rss_bytes += process.usage.peak_rss_bytes;
  }
  used.peak_rss_bytes = std::max(used.peak_rss_bytes, resident);
  return used;
}

}  // namespace pushbench::net

#include "net/process_tree.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <utility>

#include "net/cores.h"
#include "wire/number.h"

namespace pushbench::net {

namespace {

namespace fs = std::filesystem;

/// One line of /proc/PID/stat (proc(5)).
struct Stat {
  char state = '?';
  int parent = 0;
  std::uint64_t children_us = 0;  // CPU time of children that it has taken leave of
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
  const auto skip = [&rest](int fields) {
    std::string skipped;
    for (int i = 0; i < fields; ++i) rest >> skipped;
  };
  std::uint64_t user = 0;
  std::uint64_t system = 0;
  skip(11);  // from the parent, the 4th field, to cutime, the 16th
  rest >> user >> system;
  skip(4);  // to the start time, the 22nd
  if (!(rest >> stat.started)) return std::nullopt;
  static const auto ticks = static_cast<std::uint64_t>(sysconf(_SC_CLK_TCK));
  stat.children_us = (user + system) * 1'000'000 / ticks;
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

Result<Usage> usage_of(int pid, const Stat& stat) {
  const auto cpu = cpu_us_of(pid);
  if (!cpu) return tl::unexpected(cpu.error());
  constexpr std::uint64_t kKibi = 1024;
  return Usage{*cpu + stat.children_us,
               sum_of(fmt::format("/proc/{}/status", pid), {"VmRSS"}) * kKibi, switches_of(pid)};
}

/// Of what only grows: what has ended since may have taken its part with it.
std::uint64_t growth(std::uint64_t from, std::uint64_t to) { return std::max(from, to) - from; }

}  // namespace

Result<ProcessTree::Look> ProcessTree::look() const {
  const std::map<int, Stat> all = all_processes();
  Look look;
  for (const int root : roots_) {
    const auto found = all.find(root);
    if (found == all.end() || found->second.state == 'Z') {
      const bool hidden = found == all.end() && fs::exists(fmt::format("/proc/{}", root));
      return failure(fmt::format("process {}", root),
                     hidden ? "may not be looked at" : "is not there, or has ended");
    }
    look.started[root] = found->second.started;
  }
  for (const auto& [pid, stat] : all) {
    if (stat.state == 'Z' || !descends(pid, roots_, all)) continue;
    const auto usage = usage_of(pid, stat);
    if (!usage && !stat_of(pid)) continue;  // it has ended while we looked
    if (!usage) return tl::unexpected(usage.error());
    look.sum.cpu_us += usage->cpu_us;
    look.sum.peak_rss_bytes += usage->peak_rss_bytes;
    look.sum.context_switches += usage->context_switches;
  }
  return look;
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
  for (const auto& [root, started] : before_.started) {
    if (now->started.at(root) == started) continue;
    return failure(fmt::format("process {}", root), "has ended, and another one has its number");
  }
  return Usage{growth(before_.sum.cpu_us, now->sum.cpu_us),
               std::max(before_.sum.peak_rss_bytes, now->sum.peak_rss_bytes),
               growth(before_.sum.context_switches, now->sum.context_switches)};
}

std::vector<int> ProcessTree::cores() const {
  const std::map<int, Stat> all = all_processes();
  std::set<int> cores;
  for (const auto& [pid, stat] : all) {
    if (stat.state == 'Z' || !descends(pid, roots_, all)) continue;
    const std::vector<int> allowed = allowed_cores(pid);
    cores.insert(allowed.begin(), allowed.end());
  }
  return {cores.begin(), cores.end()};
}

}  // namespace pushbench::net

#include "report/target_cores.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "report/verdict_story.h"

namespace pushbench::report {

namespace {

bool meet(const std::vector<int>& some, const std::vector<int>& others) {
  return std::any_of(some.begin(), some.end(), [&others](int core) {
    return std::find(others.begin(), others.end(), core) != others.end();
  });
}

std::string cores_text(const std::vector<int>& cores) {
  std::vector<std::string> names;
  for (const int core : cores) names.push_back(fmt::format("{}", core));
  return fmt::format("{} {}", cores.size() == 1 ? "core" : "cores", list(names));
}

}  // namespace

std::string target_cores_note(const harness::RunResult& result) {
  if (!result.cores) return "";
  const bool has_own = std::any_of(result.transports.begin(), result.transports.end(),
                                   [](const auto& column) { return !column.target; });
  std::vector<std::string> placed;
  std::string last;
  bool beside_users = false;
  for (const harness::TransportResult& column : result.transports) {
    if (!column.target || column.target->name == last || column.target->cores.empty()) continue;
    last = column.target->name;
    const std::vector<int>& cores = column.target->cores;
    const bool with_users = meet(cores, result.cores->harness);
    if (!with_users && (!has_own || cores == std::vector{result.cores->server})) continue;
    beside_users = beside_users || with_users;
    placed.push_back(fmt::format("{} could run on {}", last, cores_text(cores)));
  }
  if (placed.empty()) return "";
  std::string text = list(placed);
  text += fmt::format("; the users had {} to themselves", cores_text(result.cores->harness));
  if (has_own) text += fmt::format(", and our own server {}", cores_text({result.cores->server}));
  text += beside_users ? ". Where server and users share a core, they wait for each other, and "
                         "latencies are too long. "
                       : ". ";
  return text + fmt::format("Keep a target to core {0}, with its processes: taskset -apc {0} PID.",
                            result.cores->server);
}

}  // namespace pushbench::report

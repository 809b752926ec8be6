#include "harness/merge.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "harness/json_place.h"
#include "harness/result_json.h"
#include "harness/second_by_second.h"

namespace pushbench::harness {

namespace {

using Json = JsonPlace::Json;

/// Between repetitions that are laid out anew, so that the log's lines lie clearly in one of them.
constexpr double kGap_s = 1;

/// What was given to --set, but for what parts may choose for themselves.
std::vector<std::string> settings_of(const RunResult& result) {
  std::vector<std::string> settings;
  for (const std::string& setting : result.overrides) {
    const bool is_own = setting.starts_with("run.threads=") || setting.starts_with("run.repeat=");
    if (!is_own) settings.push_back(setting);
  }
  return settings;
}

/// What parts must have in common, with the names that it has in a result.
Json common_of(const RunResult& result, MergeAs how) {
  const Json all = Json::parse(to_json(result));
  Json common;
  for (const char* key : {"scenario", "seed", "schedule_hash", "speedup", "tls", "links"}) {
    common[key] = all[key];
  }
  for (const char* key :
       {"pushbench_version", "commit", "headers", "cookie_bytes", "connection", "batch_window"}) {
    common["context"][key] = all["context"][key];
  }
  if (all["context"].contains("server")) common["context"]["server"] = all["context"]["server"];
  common["context"]["set"] = settings_of(result);
  common["transports"] = Json::array();
  for (const Json& transport : all["transports"]) {
    const Json& repetitions = transport["repetitions"];
    Json kept = {{"name", transport["name"]}, {"options", transport["options"]}};
    if (transport.contains("target")) {
      kept["target"] = transport["target"];
      kept["target"].erase("cores");
    }
    if (how == MergeAs::generators) kept["repetitions"] = repetitions.size();
    if (!repetitions.empty()) kept["theory"] = repetitions[0]["theory"];
    common["transports"].push_back(std::move(kept));
  }
  return common;
}

Result<void> check_alone(const MergePart& part) {
  if (part.result.parts.empty()) return {};
  return failure(part.path, fmt::format("is merged of {} results already; name these instead",
                                        part.result.parts.size()));
}

/// `common` is the first part's.
Result<void> check_fits(const MergePart& first, const Json& common, const MergePart& part,
                        MergeAs how) {
  const auto differs = first_difference(common, common_of(part.result, how));
  if (!differs) return {};
  return failure(part.path,
                 fmt::format("{}: is {}, but {} in {}; only results of the same schedule, "
                             "transports, settings and build are merged",
                             differs->pointer, differs->b, differs->a, first.path));
}

Result<void> check_twice(const std::vector<MergePart>& parts) {
  std::vector<std::string> texts;
  for (const MergePart& part : parts) {
    texts.push_back(to_json(part.result));
    const auto same = std::find(texts.begin(), texts.end() - 1, texts.back());
    if (same == texts.end() - 1) continue;
    const auto first = static_cast<std::size_t>(same - texts.begin());
    return failure(part.path,
                   fmt::format("is the same result as {}; name each once", parts[first].path));
  }
  return {};
}

Result<void> check(const std::vector<MergePart>& parts, MergeAs how) {
  if (parts.size() < 2) return failure("", "name two results or more");
  const MergePart& first = parts.front();
  const Json common = common_of(first.result, how);
  for (const MergePart& part : parts) {
    if (auto alone = check_alone(part); !alone) return alone;
    if (&part == &first) continue;
    if (auto fits = check_fits(first, common, part, how); !fits) return fits;
  }
  return check_twice(parts);
}

std::vector<std::string> of_part(std::size_t number, const std::vector<std::string>& reasons) {
  std::vector<std::string> named;
  for (const std::string& reason : reasons) {
    named.push_back(fmt::format("part {}: {}", number, reason));
  }
  return named;
}

template <class Item>
void append(std::vector<Item>& to, std::vector<Item> more) {
  to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

/// The last second of the shorter one may be whole in the other.
void add_seconds(Repetition& to, Repetition& part) {
  merge_seconds(to.by_second, std::move(part.by_second));
  for (LatencySecond& second : to.by_second) {
    second.length_s = std::clamp(to.duration_s - second.start_s, 0.0, 1.0);
  }
}

/// What both servers are known to have used.
void add(std::optional<ServerCost>& to, const std::optional<ServerCost>& part) {
  if (!to || !part) return to.reset();
  to->cpu_us += part->cpu_us;
  to->peak_rss_bytes += part->peak_rss_bytes;
  to->context_switches += part->context_switches;
}

/// Of a target there is one, and each generator that was told its processes saw what it used for
/// all of them.
void keep_larger(std::optional<ServerCost>& to, const std::optional<ServerCost>& part) {
  if (!part) return;
  if (!to) {
    to = part;
    return;
  }
  to->cpu_us = std::max(to->cpu_us, part->cpu_us);
  to->peak_rss_bytes = std::max(to->peak_rss_bytes, part->peak_rss_bytes);
  to->context_switches = std::max(to->context_switches, part->context_switches);
}

/// Another generator's repetition, which played at the same time: to a server of its own, or to the
/// same target.
void add(Repetition& to, Repetition part, bool is_target) {
  to.users += part.users;
  to.users_asked += part.users_asked;
  to.duration_s = std::max(to.duration_s, part.duration_s);
  to.messages += part.messages;
  to.delivery_latency.add(part.delivery_latency);
  add_seconds(to, part);
  to.sender_latency.add(part.sender_latency);
  to.last_receiver_latency.add(part.last_receiver_latency);
  to.join.add(part.join);
  to.rejoin.add(part.rejoin);
  to.exchanges += part.exchanges;
  to.payload = to.payload + part.payload;
  to.bytes = to.bytes + part.bytes;
  if (part.network_source != to.network_source) to.network_source = "formula";
  to.whole = to.whole + part.whole;
  if (is_target) {
    keep_larger(to.server, part.server);
  } else {
    add(to.server, part.server);
  }
  to.events = to.events + part.events;
  to.lateness.add(part.lateness);
  to.harness_cpu_us += part.harness_cpu_us;
  append(to.threads, std::move(part.threads));
  append(to.invalid, std::move(part.invalid));
}

double end_of(const Repetition& r) { return r.started_s + r.duration_s; }

/// One repetition after the other, in the order of a run: a merged one may last longer than the
/// part that it has its start from.
void lay_out(RunResult& result) {
  double end = 0;
  for (std::size_t i = 0; i < result.transports.front().repetitions.size(); ++i) {
    for (TransportResult& transport : result.transports) {
      if (i >= transport.repetitions.size()) continue;
      Repetition& r = transport.repetitions[i];
      r.started_s = std::max(r.started_s, end + kGap_s);
      end = end_of(r);
    }
  }
}

/// Moves all of a part's repetitions behind those that are there.
void put_behind(const RunResult& before, RunResult& part) {
  double end = 0;
  for (const TransportResult& transport : before.transports) {
    for (const Repetition& r : transport.repetitions) end = std::max(end, end_of(r));
  }
  for (TransportResult& transport : part.transports) {
    for (Repetition& r : transport.repetitions) r.started_s += end + kGap_s;
  }
}

/// Those on which it may have run in any part, where all of them know.
void add_cores(std::optional<TargetResult>& to, const std::optional<TargetResult>& part) {
  if (!to || !part) return;
  if (to->cores.empty() || part->cores.empty()) return to->cores.clear();
  std::vector<int> all;
  std::set_union(to->cores.begin(), to->cores.end(), part->cores.begin(), part->cores.end(),
                 std::back_inserter(all));
  to->cores = std::move(all);
}

void add_transports(RunResult& to, RunResult& part, MergeAs how) {
  if (how == MergeAs::repetitions) put_behind(to, part);
  for (std::size_t t = 0; t < to.transports.size(); ++t) {
    add_cores(to.transports[t].target, part.transports[t].target);
    std::vector<Repetition>& repetitions = to.transports[t].repetitions;
    std::vector<Repetition>& more = part.transports[t].repetitions;
    if (how == MergeAs::repetitions) {
      append(repetitions, std::move(more));
      continue;
    }
    for (std::size_t i = 0; i < repetitions.size(); ++i) {
      add(repetitions[i], std::move(more[i]), to.transports[t].target.has_value());
    }
  }
}

/// Histograms add up, and CPU counts by deliveries.
void add_floor(RunResult& to, const RunResult& part) {
  if (!to.floor || !part.floor) return to.floor.reset();
  const auto ours = static_cast<double>(to.floor->delivered);
  const auto theirs = static_cast<double>(part.floor->delivered);
  if (ours + theirs > 0) {
    to.floor->cpu_us_per_delivery =
        (to.floor->cpu_us_per_delivery * ours + part.floor->cpu_us_per_delivery * theirs) /
        (ours + theirs);
  }
  to.floor->duration_s = std::max(to.floor->duration_s, part.floor->duration_s);
  to.floor->delivered += part.floor->delivered;
  to.floor->delivery_latency.add(part.floor->delivery_latency);
  to.floor->lateness.add(part.floor->lateness);
}

void add_text(std::string& to, const std::string& part) {
  if (to.find(part) == std::string::npos) to += " + " + part;
}

/// What all of them were, or have at least; each part's own is in `parts`.
void add_context(RunResult& to, const RunResult& part, MergeAs how) {
  Machine& machine = to.context.machine;
  const Machine& other = part.context.machine;
  add_text(machine.cpu, other.cpu);
  add_text(machine.kernel, other.kernel);
  machine.cores = std::min(machine.cores, other.cores);
  machine.memory_bytes = std::min(machine.memory_bytes, other.memory_bytes);
  add_text(to.context.compiler, part.context.compiler);
  add_text(to.context.libraries, part.context.libraries);
  to.context.date = std::min(to.context.date, part.context.date);
  const bool same_cores = to.cores && part.cores && to.cores->server == part.cores->server &&
                          to.cores->harness == part.cores->harness;
  if (!same_cores) to.cores.reset();
  to.threads =
      how == MergeAs::generators ? to.threads + part.threads : std::max(to.threads, part.threads);
}

/// An interrupted or broken part makes the whole so.
void add_outcome(RunResult& to, RunResult& part) {
  if (to.outcome == Outcome::complete) to.outcome = part.outcome;
  if (to.problem.empty()) to.problem = part.problem;
  append(to.failed_limits, std::move(part.failed_limits));
}

/// Whatever says what was wrong says of which part.
void name_reasons(RunResult& result, std::size_t number) {
  for (TransportResult& transport : result.transports) {
    for (Repetition& r : transport.repetitions) r.invalid = of_part(number, r.invalid);
  }
  result.failed_limits = of_part(number, result.failed_limits);
  if (!result.problem.empty()) result.problem = fmt::format("part {}: {}", number, result.problem);
}

}  // namespace

Result<RunResult> merge(std::vector<MergePart> parts, MergeAs how) {
  if (auto fits = check(parts, how); !fits) return tl::unexpected(fits.error());
  std::vector<Part> names;
  for (const MergePart& part : parts) {
    names.push_back({part.path, part.result.context.date, part.result.context.machine});
  }
  for (std::size_t i = 0; i < parts.size(); ++i) name_reasons(parts[i].result, i + 1);
  RunResult merged = std::move(parts.front().result);
  for (std::size_t i = 1; i < parts.size(); ++i) {
    RunResult& part = parts[i].result;
    add_outcome(merged, part);
    add_context(merged, part, how);
    add_floor(merged, part);
    add_transports(merged, part, how);
  }
  if (how == MergeAs::generators && !merged.transports.empty()) lay_out(merged);
  merged.parts = std::move(names);
  return merged;
}

}  // namespace pushbench::harness

#include "report/comparable.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "harness/units.h"
#include "report/numbers.h"
#include "report/row_names.h"

namespace pushbench::report {

using harness::LinkResult;
using harness::RunResult;
using harness::TransportResult;

namespace {

std::string text_of(const LinkResult& link) {
  const net::LinkProfile& profile = link.profile;
  std::string text = fmt::format(
      "{}delay {}, jitter {}, up {}, down {}, cut every {}",
      link.group.empty() ? "" : link.group + ": ", harness::format_duration(profile.delay),
      harness::format_duration(profile.jitter), harness::format_bandwidth(profile.up),
      harness::format_bandwidth(profile.down), link.cut_every);
  if (!link.cut_at.empty()) text += fmt::format(", at {}", fmt::join(link.cut_at, ", "));
  return text;
}

/// The first pair of links that differ, or the last.
Trait links_of(const RunResult& a, const RunResult& b) {
  Trait trait{"links", "", ""};
  for (std::size_t i = 0; i < std::max(a.links.size(), b.links.size()); ++i) {
    trait.before = i < a.links.size() ? text_of(a.links[i]) : "none";
    trait.after = i < b.links.size() ? text_of(b.links[i]) : "none";
    if (trait.before != trait.after) break;
  }
  return trait;
}

std::string options_of(const TransportResult& transport) {
  std::string text;
  for (const auto& [key, value] : transport.options) {
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", key, value);
  }
  return text.empty() ? "none" : text;
}

void add_options(const RunResult& a, const RunResult& b, std::vector<Trait>& traits) {
  for (const TransportResult& transport : a.transports) {
    for (const TransportResult& other : b.transports) {
      if (transport.name != other.name) continue;
      traits.push_back({"options of " + transport.name, options_of(transport), options_of(other)});
    }
  }
}

/// Of generators that were merged all users count; one run's are in its schedule.
std::string users_of(const RunResult& result) {
  for (const TransportResult& transport : result.transports) {
    for (const auto& repetition : transport.repetitions) {
      return std::to_string(repetition.users_asked);
    }
  }
  return "none";
}

std::string cores_of(const RunResult& result) {
  if (!result.cores) return "none of their own";
  return fmt::format("server {}, harness {}", result.cores->server,
                     fmt::join(result.cores->harness, " "));
}

/// The overrides that say what was run. How often, and with how many threads, has its own line.
std::string overrides_of(const RunResult& result) {
  std::vector<std::string> overrides;
  for (const std::string& text : result.overrides) {
    if (text.starts_with("run.repeat=") || text.starts_with("run.threads=")) continue;
    overrides.push_back(text);
  }
  std::sort(overrides.begin(), overrides.end());
  return overrides.empty() ? "none" : fmt::format("{}", fmt::join(overrides, " "));
}

/// Where each target was, and in what it was spoken to.
std::string targets_of(const RunResult& result) {
  std::vector<std::string> targets;
  for (const TransportResult& transport : result.transports) {
    if (!transport.target) continue;
    std::string words = target_words(*transport.target);
    if (targets.empty() || targets.back() != words) targets.push_back(std::move(words));
  }
  return targets.empty() ? "none" : fmt::format("{}", fmt::join(targets, "; "));
}

std::vector<Trait> circumstances_of(const RunResult& a, const RunResult& b) {
  const harness::Machine& before = a.context.machine;
  const harness::Machine& after = b.context.machine;
  return {{"processor", before.cpu, after.cpu},
          {"cores", std::to_string(before.cores), std::to_string(after.cores)},
          {"memory", size_text(static_cast<double>(before.memory_bytes)),
           size_text(static_cast<double>(after.memory_bytes))},
          {"kernel", before.kernel, after.kernel},
          {"compiler", a.context.compiler, b.context.compiler},
          {"libraries", a.context.libraries, b.context.libraries},
          {"threads of the harness", std::to_string(a.threads), std::to_string(b.threads)},
          {"cores kept to", cores_of(a), cores_of(b)},
          {"targets", targets_of(a), targets_of(b)},
          {"--set", overrides_of(a), overrides_of(b)}};
}

/// The harness does the same work in both, so that what it takes tells how fast the machine was.
std::string floor_caution(const RunResult& a, const RunResult& b, const std::string& name_a,
                          const std::string& name_b) {
  constexpr double kApart = 0.15;
  if (!a.floor || !b.floor) return "";
  const double before = a.floor->cpu_us_per_delivery;
  const double after = b.floor->cpu_us_per_delivery;
  if (before <= 0 || std::abs(after / before - 1) <= kApart) return "";
  return fmt::format(
      "the harness by itself took {} of CPU a delivery in {} and {} in {}: the machine was not "
      "equally fast, and times tell little; compare --interleave cancels that",
      time_text(before), name_a, time_text(after), name_b);
}

}  // namespace

std::vector<Trait> question_of(const RunResult& a, const RunResult& b) {
  const auto yes = [](bool value) { return std::string(value ? "yes" : "no"); };
  std::vector<Trait> traits{
      {"scenario", a.scenario, b.scenario},
      {"seed", std::to_string(a.seed), std::to_string(b.seed)},
      {"speedup", fmt::format("{:g}", a.speedup), fmt::format("{:g}", b.speedup)},
      {"schedule_hash", a.schedule_hash, b.schedule_hash},
      {"TLS", yes(a.tls), yes(b.tls)},
      {"headers", a.headers, b.headers},
      {"cookie bytes", std::to_string(a.cookie), std::to_string(b.cookie)},
      {"a connection for each exchange", yes(a.close_each), yes(b.close_each)},
      {"batch_window", a.batch_window, b.batch_window},
      links_of(a, b)};
  if (!a.parts.empty() || !b.parts.empty()) traits.push_back({"users", users_of(a), users_of(b)});
  add_options(a, b, traits);
  return traits;
}

Result<void> comparable(const RunResult& baseline, const RunResult& candidate, const std::string& a,
                        const std::string& b) {
  for (const Trait& trait : question_of(baseline, candidate)) {
    if (trait.before == trait.after) continue;
    return failure(
        b, fmt::format("does not compare with {}: {} is {} there and {} here; for one scenario at "
                       "several settings there is pushbench run --sweep",
                       a, trait.name, trait.before, trait.after));
  }
  for (const TransportResult& transport : candidate.transports) {
    if (std::any_of(baseline.transports.begin(), baseline.transports.end(),
                    [&](const TransportResult& other) { return other.name == transport.name; })) {
      return {};
    }
  }
  const auto names = [](const RunResult& result) {
    std::vector<std::string> all;
    for (const TransportResult& transport : result.transports) all.push_back(transport.name);
    return fmt::format("{}", fmt::join(all, ", "));
  };
  return failure(b, fmt::format("has no transport in common with {}: {} there and {} here", a,
                                names(baseline), names(candidate)));
}

std::vector<std::string> cautions(const RunResult& baseline, const RunResult& candidate,
                                  const std::string& a, const std::string& b) {
  std::vector<std::string> lines;
  for (const Trait& trait : circumstances_of(baseline, candidate)) {
    if (trait.before == trait.after) continue;
    lines.push_back(
        fmt::format("{} is {} in {}, but {} in {}", trait.name, trait.before, a, trait.after, b));
  }
  if (std::string line = floor_caution(baseline, candidate, a, b); !line.empty()) {
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace pushbench::report

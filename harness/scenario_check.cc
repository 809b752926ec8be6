#include "harness/scenario_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "harness/membership.h"
#include "harness/traffic.h"
#include "harness/units.h"

namespace pushbench::harness {

namespace {

constexpr double kMostSays = 2e7;
constexpr double kMostDeliveries = 1e10;
constexpr double kMostCuts = 1e7;
constexpr double kMostPhases = 1e7;

using Found = std::optional<Misfit>;

using net::seconds;

Found find_in_rooms(const Scenario& scenario) {
  if (scenario.users < scenario.rooms) {
    return Misfit{"users.count",
                  fmt::format("{} users cannot fill {} rooms; give at least one to each",
                              scenario.users, scenario.rooms),
                  "rooms.count"};
  }
  if (scenario.traffic == TrafficKind::trace || scenario.per != TrafficPer::source) return {};
  const std::vector<std::uint64_t> sizes = room_sizes(scenario);
  const std::uint64_t smallest = *std::min_element(sizes.begin(), sizes.end());
  if (scenario.sources <= smallest) return {};
  return Misfit{"traffic.sources",
                fmt::format("{} sources are more than the smallest room's users, who are {}",
                            scenario.sources, smallest),
                "users.count"};
}

Found find_in_sizes(const Scenario& scenario) {
  if (scenario.traffic == TrafficKind::trace) {
    if (!scenario.trace.empty()) return {};
    return Misfit{"traffic.trace",
                  "is missing; name the trace's file, as traffic.kind is \"trace\"",
                  "traffic.kind"};
  }
  if (scenario.size_kind == SizeKind::fixed) return {};
  if (scenario.size_min > scenario.size_max) {
    return Misfit{"traffic.size_min",
                  fmt::format("{} is more than traffic.size_max, {}",
                              format_size(scenario.size_min), format_size(scenario.size_max)),
                  "traffic.size_max"};
  }
  if (scenario.size_kind == SizeKind::uniform) return {};
  if (scenario.size < scenario.size_min) {
    return Misfit{"traffic.size",
                  fmt::format("{} is less than traffic.size_min, {}", format_size(scenario.size),
                              format_size(scenario.size_min)),
                  "traffic.size_min"};
  }
  if (scenario.size <= scenario.size_max) return {};
  return Misfit{"traffic.size",
                fmt::format("{} is more than traffic.size_max, {}", format_size(scenario.size),
                            format_size(scenario.size_max)),
                "traffic.size_max"};
}

Found find_in_cut_at(const Scenario& scenario, const LinkSettings& link, const std::string& key) {
  if (link.cut_at.empty() || link.cut_at.back() < scenario.duration) return {};
  return Misfit{
      key,
      fmt::format("{} is not within the measured time, {}", format_duration(link.cut_at.back()),
                  format_duration(scenario.duration)),
      "traffic.duration"};
}

Found find_in_links(const Scenario& scenario) {
  if (auto found = find_in_cut_at(scenario, scenario.link, "link.cut_at")) return found;
  double sum = 0;
  for (const UserGroup& group : scenario.groups) {
    const std::string prefix = fmt::format("group.{}.", group.name);
    if (group.share <= 0) {
      return Misfit{prefix + "share",
                    "is missing; say which part of the users are in the group, as in 0.25", ""};
    }
    sum += group.share;
    if (sum > 1 + 1e-9) {
      return Misfit{prefix + "share",
                    fmt::format("the groups' shares add up to {:g}; they can be 1 at most", sum),
                    fmt::format("group.{}.share", scenario.groups.front().name)};
    }
    if (auto found = find_in_cut_at(scenario, group.link, prefix + "cut_at")) return found;
  }
  return {};
}

Found find_excess(const Scenario& scenario) {
  const Extent extent = extent_of(scenario);
  if (extent.says > kMostSays) {
    return Misfit{"traffic.rate",
                  fmt::format("up to {:.0f} messages are more than one run can account for "
                              "({:.0f}); lower the rate, the duration or who it is of",
                              extent.says, kMostSays),
                  "traffic.duration"};
  }
  if (extent.deliveries > kMostDeliveries) {
    return Misfit{"traffic.rate",
                  fmt::format("{:.0f} messages to {} users are more than one run can account for "
                              "({:.0f} deliveries); lower the rate, the duration or the users",
                              extent.says, scenario.users, kMostDeliveries),
                  "users.count"};
  }
  if (extent.cuts > kMostCuts) {
    return Misfit{"link.cut_every",
                  fmt::format("cuts more than {:.0f} connections in one run; lengthen it, or cut "
                              "all at fewer moments",
                              kMostCuts),
                  "users.count"};
  }
  if (extent.phases > kMostPhases) {
    const bool churns = scenario.presence == Presence::churn;
    return Misfit{churns ? "users.stay" : "traffic.burst_on",
                  fmt::format("more than {:.0f} {} in one run; lengthen it, or what lies between",
                              kMostPhases, churns ? "comings and goings" : "bursts"),
                  churns ? "users.away" : "traffic.burst_off"};
  }
  return {};
}

/// How much a link's cuts are, of so many users.
double cuts_of(const Scenario& scenario, const LinkSettings& link, double users) {
  double cuts = users * static_cast<double>(link.cut_at.size());
  if (link.cut_every > net::Duration::zero()) {
    cuts += users * seconds(scenario.duration) / seconds(link.cut_every);
  }
  return cuts;
}

/// How many users a message goes to on average: the larger a room, the more of them are its own,
/// unless each room speaks as often as the others.
double mean_audience(const Scenario& scenario) {
  const auto users = static_cast<double>(scenario.users);
  if (scenario.per == TrafficPer::room || scenario.per == TrafficPer::source) {
    return users / static_cast<double>(scenario.rooms);
  }
  double squares = 0;
  for (const std::uint64_t size : room_sizes(scenario)) {
    squares += static_cast<double>(size) * static_cast<double>(size);
  }
  return squares / users;
}

/// The key that leaves `key` without a meaning: its governor, or one further up.
const ScenarioKey* silencer(const Scenario& scenario, const ScenarioKey& key) {
  if (key.governor.empty()) return nullptr;
  const ScenarioKey* const governor = find_key(key.governor);
  if (const ScenarioKey* further = silencer(scenario, *governor)) return further;
  return is_one_of(word_of(scenario, key.governor), key.only_for) ? nullptr : governor;
}

/// What the governing key would have to be.
std::string way_out(const ScenarioKey& key, const ScenarioKey& by) {
  if (key.governor != by.name) return "";
  return fmt::format(", or set {} to {}{}", by.name,
                     key.only_for.find(',') == std::string_view::npos ? "" : "one of ",
                     key.only_for);
}

}  // namespace

Extent extent_of(const Scenario& scenario) {
  Extent extent;
  const auto users = static_cast<double>(scenario.users);
  const double time = seconds(scenario.duration);
  const auto streams = static_cast<double>(streams_of(scenario));
  if (streams > 0) extent.says = streams * (scenario.rate * time + 1);
  extent.deliveries = extent.says * mean_audience(scenario);
  double shares = 0;
  for (const UserGroup& group : scenario.groups) {
    shares += group.share;
    extent.cuts += cuts_of(scenario, group.link, users * group.share);
  }
  extent.cuts += cuts_of(scenario, scenario.link, users * std::max(0.0, 1 - shares));
  if (scenario.presence == Presence::churn) {
    extent.phases += users * (1 + time / (seconds(scenario.stay) + seconds(scenario.away)));
  }
  if (scenario.traffic == TrafficKind::burst) {
    extent.phases +=
        streams * (1 + time / (seconds(scenario.burst_on) + seconds(scenario.burst_off)));
  }
  return extent;
}

std::optional<Misfit> find_contradiction(const Scenario& scenario) {
  for (const auto find : {find_in_rooms, find_in_sizes, find_in_links, find_excess}) {
    if (auto found = find(scenario)) return found;
  }
  return {};
}

std::optional<Misfit> find_meaningless(const Scenario& scenario, const Origins& origins) {
  for (const ScenarioKey& key : scenario_keys()) {
    const auto origin = origins.find(key.name);
    if (origin == origins.end()) continue;
    const ScenarioKey* const by = silencer(scenario, key);
    if (by == nullptr) continue;
    const auto cause = origins.find(by->name);
    const bool overridden = cause != origins.end() && cause->second.by_override;
    if (overridden && !origin->second.by_override) continue;
    return Misfit{key.name,
                  fmt::format("means nothing while {} is \"{}\"; leave one of them out{}", by->name,
                              word_of(scenario, by->name), way_out(key, *by)),
                  by->name};
  }
  return {};
}

Result<void> check(const Scenario& scenario) {
  if (auto found = find_contradiction(scenario)) return failure(found->key, found->what);
  return {};
}

}  // namespace pushbench::harness

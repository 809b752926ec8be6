#include "harness/scenario.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "harness/units.h"

namespace pushbench::harness {

namespace {

using namespace std::chrono_literals;

constexpr double kMostDeliveries = 1e10;  // each is one bit of memory
constexpr double kMostCuts = 1e7;

Result<void> out_of_range(std::string_view value, std::string range) {
  return failure(std::string(value), "is out of range; it takes " + std::move(range));
}

template <auto Member>
Result<void> set_count(Scenario& scenario, std::string_view value, std::uint64_t least,
                       std::uint64_t most) {
  const auto count = parse_count(value);
  if (!count) return tl::unexpected(count.error());
  if (*count < least || *count > most)
    return out_of_range(value, fmt::format("{} to {}", least, most));
  scenario.*Member = *count;
  return {};
}

Result<void> set_duration(net::Duration& target, std::string_view value, net::Duration least,
                          net::Duration most) {
  const auto duration = parse_duration(value);
  if (!duration) return tl::unexpected(duration.error());
  if (*duration < least || *duration > most) {
    return out_of_range(value, format_duration(least) + " to " + format_duration(most));
  }
  target = *duration;
  return {};
}

Result<void> set_flag(bool& target, std::string_view value) {
  if (value != "true" && value != "false") {
    return failure(std::string(value), "write true or false");
  }
  target = value == "true";
  return {};
}

Result<void> set_traffic(Scenario& scenario, std::string_view value) {
  if (value == "constant") {
    scenario.traffic = TrafficKind::constant;
  } else if (value == "poisson") {
    scenario.traffic = TrafficKind::poisson;
  } else if (value == "trace") {
    scenario.traffic = TrafficKind::trace;
  } else {
    return failure(std::string(value), "write \"constant\", \"poisson\" or \"trace\"");
  }
  return {};
}

Result<void> set_rate(Scenario& scenario, std::string_view value) {
  const auto rate = parse_rate(value);
  if (!rate) return tl::unexpected(rate.error());
  if (*rate > 100'000) return out_of_range(value, "up to 100000/s");
  scenario.rate = *rate;
  return {};
}

Result<void> set_size(Scenario& scenario, std::string_view value) {
  const auto size = parse_size(value);
  if (!size) return tl::unexpected(size.error());
  if (*size < 1 || *size > 1024 * 1024) return out_of_range(value, "1B to 1MiB");
  scenario.size = *size;
  return {};
}

Result<void> set_speedup(Scenario& scenario, std::string_view value) {
  const auto factor = parse_factor(value);
  if (!factor) return tl::unexpected(factor.error());
  if (*factor < 0.01 || *factor > 10'000) return out_of_range(value, "0.01 to 10000");
  scenario.speedup = *factor;
  return {};
}

}  // namespace

const std::vector<ScenarioKey>& scenario_keys() {
  using S = Scenario;
  using V = std::string_view;
  static const std::vector<ScenarioKey> keys = {
      {"purpose", "text", "\"\"", "one line", "What the scenario is for.",
       [](S& s, V v) -> Result<void> { return s.purpose = v, Result<void>(); }},
      {"tls", "flag", "false", "true, false", "Every connection is encrypted.",
       [](S& s, V v) { return set_flag(s.tls, v); }},
      {"rooms.count", "count", "1", "1 to 10000", "Rooms.",
       [](S& s, V v) { return set_count<&S::rooms>(s, v, 1, 10'000); }},
      {"users.count", "count", "100", "1 to 50000",
       "Users, spread evenly over the rooms. Each subscribes to its room.",
       [](S& s, V v) { return set_count<&S::users>(s, v, 1, 50'000); }},
      {"users.join", "duration", "\"1s\"", "\"0s\" to \"1h\"", "The time over which they join.",
       [](S& s, V v) { return set_duration(s.join_time, v, 0s, 1h); }},
      {"traffic.kind", "word", "\"constant\"", "constant, poisson, trace",
       "When messages are published: evenly, at random (exponential gaps), or as in a trace.",
       set_traffic},
      {"traffic.duration", "duration", "\"15s\"", "\"100ms\" to \"24h\"",
       "The measured time of one repetition.",
       [](S& s, V v) { return set_duration(s.duration, v, 100ms, 24h); }},
      {"traffic.rate", "rate", "\"1/s\"", "up to \"100000/s\"",
       "Messages in all, from users drawn by the seed. For constant and poisson.", set_rate},
      {"traffic.size", "size", "\"64B\"", "\"1B\" to \"1MiB\"",
       "Bytes of each text. For constant and poisson.", set_size},
      {"traffic.trace", "path", "\"\"", "a file",
       "The trace, counted from the scenario's folder. For trace.",
       [](S& s, V v) -> Result<void> { return s.trace = v, Result<void>(); }},
      {"traffic.from", "duration", "\"0s\"", "\"0s\" to \"24h\"", "Where in the trace to begin.",
       [](S& s, V v) { return set_duration(s.trace_from, v, 0s, 24h); }},
      {"traffic.speedup", "factor", "1", "0.01 to 10000",
       "How much faster than recorded the trace is replayed: 40 makes 10 minutes 15 seconds.",
       set_speedup},
      {"transport.polling.interval", "duration", "\"1s\"", "\"1ms\" to \"1h\"",
       "From one poll to the next. Users' polls are spread over it by the seed.",
       [](S& s, V v) { return set_duration(s.clients.interval, v, 1ms, 1h); }},
      {"transport.long-polling.hold", "duration", "\"25s\"", "\"0s\" to \"5min\"",
       "How long the server is asked to hold a request.",
       [](S& s, V v) { return set_duration(s.clients.hold, v, 0s, 5min); }},
      {"transport.websocket.compression", "flag", "false", "true, false",
       "Both sides compress their messages (permessage-deflate).",
       [](S& s, V v) { return set_flag(s.clients.compression, v); }},
      {"link.cut_every", "duration", "\"0s\"", "\"0s\" to \"24h\"",
       "Mean time between the cuts of one user's connections, at random (exponential); 0s: never.",
       [](S& s, V v) { return set_duration(s.link.cut_every, v, 0s, 24h); }},
      {"run.repeat", "count", "3", "1 to 100", "Repetitions of each transport.",
       [](S& s, V v) { return set_count<&S::repeat>(s, v, 1, 100); }},
      {"run.warmup", "duration", "\"1s\"", "\"0s\" to \"1h\"",
       "From the last join to the start of what is measured.",
       [](S& s, V v) { return set_duration(s.warmup, v, 0s, 1h); }},
      {"run.drain", "duration", "\"5s\"", "\"100ms\" to \"1h\"",
       "How long after the measured time, and one polling interval, deliveries may still come in.",
       [](S& s, V v) { return set_duration(s.drain, v, 100ms, 1h); }},
      {"server.retain", "count", "1000", "1 to 1000000", "Messages the server keeps a room.",
       [](S& s, V v) { return set_count<&S::retain>(s, v, 1, 1'000'000); }},
  };
  return keys;
}

std::string nearest(std::string_view word, const std::vector<std::string_view>& known) {
  const auto distance = [word](std::string_view other) {
    std::vector<std::size_t> row(other.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= word.size(); ++i) {
      std::size_t diagonal = std::exchange(row[0], i);
      for (std::size_t j = 1; j <= other.size(); ++j) {
        const std::size_t replaced = diagonal + (word[i - 1] == other[j - 1] ? 0 : 1);
        diagonal = row[j];
        row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
      }
    }
    return row.back();
  };
  const auto best = std::min_element(known.begin(), known.end(),
                                     [&](auto a, auto b) { return distance(a) < distance(b); });
  return best == known.end() ? std::string() : std::string(*best);
}

Result<void> set_key(Scenario& scenario, std::string_view key, std::string_view value) {
  std::vector<std::string_view> names;
  for (const ScenarioKey& known : scenario_keys()) {
    if (known.name != key) {
      names.push_back(known.name);
      continue;
    }
    auto set = known.set(scenario, value);
    if (set) return {};
    return failure(std::string(key), fmt::format("\"{}\": {}", value, set.error().what));
  }
  return failure(std::string(key),
                 fmt::format("there is no such key; did you mean {}?", nearest(key, names)));
}

Result<void> check(const Scenario& scenario) {
  if (scenario.users < scenario.rooms) {
    return failure("users.count",
                   fmt::format("{} users cannot fill {} rooms; give at least one to each",
                               scenario.users, scenario.rooms));
  }
  const double messages = scenario.rate * std::chrono::duration<double>(scenario.duration).count();
  if (scenario.traffic != TrafficKind::trace &&
      messages * static_cast<double>(scenario.users) > kMostDeliveries) {
    return failure("traffic.rate",
                   fmt::format("{:.0f} messages to {} users are more than one run can account for "
                               "({:.0f} deliveries); lower the rate, the duration or the users",
                               messages, scenario.users, kMostDeliveries));
  }
  if (scenario.traffic == TrafficKind::trace && scenario.trace.empty()) {
    return failure("traffic.trace",
                   "is missing; name the trace's file, as traffic.kind is \"trace\"");
  }
  if (scenario.link.cut_every > net::Duration::zero() &&
      static_cast<double>(scenario.users) * std::chrono::duration<double>(scenario.duration) /
              scenario.link.cut_every >
          kMostCuts) {
    return failure(
        "link.cut_every",
        fmt::format("cuts more than {:.0f} connections in one run; lengthen it", kMostCuts));
  }
  return {};
}

}  // namespace pushbench::harness

// The table of keys: one row each, and nothing about a key anywhere else.

#include <algorithm>
#include <utility>

#include "harness/scenario.h"
#include "harness/units.h"

namespace pushbench::harness {

namespace {

using S = Scenario;
using L = LinkSettings;
using V = std::string_view;
using Keys = std::vector<ScenarioKey>;

// In the order of their enumerators.
constexpr V kKinds = "constant, poisson, burst, tick, trace";
constexpr V kPers = "all, room, user, source";
constexpr V kSizeKinds = "fixed, uniform, lognormal";
constexpr V kPresences = "fixed, ramp, churn, at-once";
constexpr V kMemberships = "even, zipf";
constexpr V kConnections = "keep-alive, close";

constexpr V kUntraced = "constant, poisson, burst, tick";

/// Counted from 0.
V nth_word(V words, std::size_t number) {
  for (; number > 0; --number) words.remove_prefix(words.find(',') + 2);
  return words.substr(0, words.find(','));
}

template <class Target, class Value>
Result<void> put(Target& target, Result<Value> parsed) {
  if (!parsed) return tl::unexpected(parsed.error());
  target = static_cast<Target>(std::move(*parsed));
  return {};
}

Result<void> put_text(std::string& target, V value) {
  target = value;
  return {};
}

Result<void> put_line(std::string& target, V value) {
  if (value.find_first_of("\r\n") != V::npos) {
    return failure("", "write one line");
  }
  return put_text(target, value);
}

Result<void> put_flag(bool& target, V value) {
  if (value != "true" && value != "false") {
    return failure(std::string(value), "write true or false");
  }
  target = value == "true";
  return {};
}

template <class Enum>
Result<void> put_word(Enum& target, V value, V words) {
  if (!is_one_of(value, words)) {
    return failure(std::string(value), "write one of " + std::string(words));
  }
  std::size_t number = 0;
  while (nth_word(words, number) != value) ++number;
  target = static_cast<Enum>(number);
  return {};
}

void add_people(Keys& keys) {
  keys.insert(
      keys.end(),
      {{"purpose", "text", "\"\"", "one line", "What the scenario is for.",
        [](S& s, V v) { return put_line(s.purpose, v); }},
       {"tls", "flag", "false", "true, false", "Every connection is encrypted.",
        [](S& s, V v) { return put_flag(s.tls, v); }},
       {"rooms.count", "count", "1", "1 to 1000000", "Rooms. Each has at least one user.",
        [](S& s, V v) { return put(s.rooms, parse_count(v)); }},
       {"rooms.membership", "word", "\"even\"", kMemberships,
        "How users are spread over the rooms: equally many to each, or by Zipf's law, a few large "
        "rooms and many small ones.",
        [](S& s, V v) { return put_word(s.membership, v, kMemberships); }},
       {"rooms.zipf_exponent", "factor", "1", "0.1 to 4",
        "Room k has a share of the users that goes with k to the power of minus this.",
        [](S& s, V v) { return put(s.zipf_exponent, parse_factor(v)); }, nullptr,
        "rooms.membership", "zipf"},
       {"users.count", "count", "100", "1 to 1000000", "Users. Each subscribes to its room.",
        [](S& s, V v) { return put(s.users, parse_count(v)); }},
       {"users.join", "duration", "\"1s\"", "\"0s\" to \"1h\"",
        "The time over which those join who are there from the start.",
        [](S& s, V v) { return put(s.join_time, parse_duration(v)); }, nullptr, "users.presence",
        "fixed, churn"},
       {"users.presence", "word", "\"fixed\"", kPresences,
        "Whether users are there from start to end, come one by one and evenly during the measured "
        "time, come and go, or all connect in the same moment before it.",
        [](S& s, V v) { return put_word(s.presence, v, kPresences); }},
       {"users.stay", "duration", "\"10s\"", "\"10ms\" to \"24h\"",
        "Mean time that a user is there before it leaves, at random (exponential).",
        [](S& s, V v) { return put(s.stay, parse_duration(v)); }, nullptr, "users.presence",
        "churn"},
       {"users.away", "duration", "\"10s\"", "\"10ms\" to \"24h\"",
        "Mean time until it comes back, at random (exponential).",
        [](S& s, V v) { return put(s.away, parse_duration(v)); }, nullptr, "users.presence",
        "churn"}});
}

void add_traffic(Keys& keys) {
  keys.insert(
      keys.end(),
      {{"traffic.kind", "word", "\"constant\"", kKinds,
        "When messages are published: evenly, at random (exponential gaps), at random in bursts, "
        "all publishers at the same moments, or as in a trace.",
        [](S& s, V v) { return put_word(s.traffic, v, kKinds); }},
       {"traffic.duration", "duration", "\"15s\"", "\"100ms\" to \"24h\"",
        "The measured time of one repetition.",
        [](S& s, V v) { return put(s.duration, parse_duration(v)); }},
       {"traffic.rate", "rate", "\"1/s\"", "\"0.001/h\" to \"100000/s\"",
        "Messages published, as traffic.per says by whom. In bursts: while one lasts.",
        [](S& s, V v) { return put(s.rate, parse_rate(v)); }, nullptr, "traffic.kind", kUntraced},
       {"traffic.per", "word", "\"all\"", kPers,
        "Whose rate it is: that of all users together, of each room's users together (both times "
        "the seed draws who speaks), of each user, or of each source.",
        [](S& s, V v) { return put_word(s.per, v, kPers); }, nullptr, "traffic.kind", kUntraced},
       {"traffic.sources", "count", "1", "1 to 1000000",
        "Users of each room that publish; the others only listen.",
        [](S& s, V v) { return put(s.sources, parse_count(v)); }, nullptr, "traffic.per", "source"},
       {"traffic.burst_on", "duration", "\"1s\"", "\"1ms\" to \"24h\"",
        "Mean length of a burst, at random (exponential).",
        [](S& s, V v) { return put(s.burst_on, parse_duration(v)); }, nullptr, "traffic.kind",
        "burst"},
       {"traffic.burst_off", "duration", "\"9s\"", "\"1ms\" to \"24h\"",
        "Mean pause between bursts, at random (exponential).",
        [](S& s, V v) { return put(s.burst_off, parse_duration(v)); }, nullptr, "traffic.kind",
        "burst"}});
}

void add_texts(Keys& keys) {
  keys.insert(
      keys.end(),
      {{"traffic.size_kind", "word", "\"fixed\"", kSizeKinds,
        "How long texts are: all the same, any length between two with the same chance, or mostly "
        "short and a few long (log-normal). A trace brings its own lengths.",
        [](S& s, V v) { return put_word(s.size_kind, v, kSizeKinds); }, nullptr, "traffic.kind",
        kUntraced},
       {"traffic.size", "size", "\"64B\"", "\"1B\" to \"1MiB\"",
        "Bytes of each text; of log-normal ones the median.",
        [](S& s, V v) { return put(s.size, parse_size(v)); }, nullptr, "traffic.size_kind",
        "fixed, lognormal"},
       {"traffic.size_min", "size", "\"1B\"", "\"1B\" to \"1MiB\"",
        "The least of them: what would be shorter gets this.",
        [](S& s, V v) { return put(s.size_min, parse_size(v)); }, nullptr, "traffic.size_kind",
        "uniform, lognormal"},
       {"traffic.size_max", "size", "\"256B\"", "\"1B\" to \"1MiB\"",
        "The most of them: what would be longer gets this.",
        [](S& s, V v) { return put(s.size_max, parse_size(v)); }, nullptr, "traffic.size_kind",
        "uniform, lognormal"},
       {"traffic.size_sigma", "factor", "1", "0.01 to 4",
        "Standard deviation of the length's natural logarithm.",
        [](S& s, V v) { return put(s.size_sigma, parse_factor(v)); }, nullptr, "traffic.size_kind",
        "lognormal"},
       {"traffic.trace", "path", "\"\"", "a file", "The trace, counted from the scenario's folder.",
        [](S& s, V v) { return put_text(s.trace, v); }, nullptr, "traffic.kind", "trace"},
       {"traffic.from", "duration", "\"0s\"", "\"0s\" to \"24h\"", "Where in the trace to begin.",
        [](S& s, V v) { return put(s.trace_from, parse_duration(v)); }, nullptr, "traffic.kind",
        "trace"},
       {"traffic.speedup", "factor", "1", "0.01 to 10000",
        "How much faster than recorded the trace is replayed: 40 makes 10 minutes 15 seconds.",
        [](S& s, V v) { return put(s.speedup, parse_factor(v)); }, nullptr, "traffic.kind",
        "trace"}});
}

void add_transports(Keys& keys) {
  keys.insert(
      keys.end(),
      {{"transport.polling.interval", "duration", "\"1s\"", "\"1ms\" to \"1h\"",
        "From one poll to the next. Users' polls are spread over it by the seed.",
        [](S& s, V v) { return put(s.clients.interval, parse_duration(v)); }},
       {"transport.long-polling.hold", "duration", "\"25s\"", "\"0s\" to \"5min\"",
        "How long the server is asked to hold a request.",
        [](S& s, V v) { return put(s.clients.hold, parse_duration(v)); }},
       {"transport.websocket.compression", "flag", "false", "true, false",
        "Both sides compress their messages (permessage-deflate).",
        [](S& s, V v) { return put_flag(s.clients.compression, v); }},
       {"http.headers", "text", "\"minimal\"", "a profile's name, or a file",
        "The request headers that HTTP clients send. A file's path counts from the scenario's "
        "folder.",
        [](S& s, V v) { return put_text(s.headers, v); }},
       {"http.cookie", "size", "\"0B\"", "\"0B\" to \"8KiB\"",
        "Bytes of the cookie that goes with each request.",
        [](S& s, V v) { return put(s.cookie, parse_size(v)); }},
       {"http.connection", "word", "\"keep-alive\"", kConnections,
        "Whether HTTP exchanges share a connection, or each opens one of its own.",
        [](S& s, V v) { return put_word(s.clients.close_each, v, kConnections); }}});
}

void add_links(Keys& keys) {
  for (ScenarioKey key : link_keys()) {
    key.name = "link." + key.name;
    keys.push_back(std::move(key));
  }
  // Where a group is set, so is its name: set_key() finds the group.
  keys.push_back({"group.NAME.share", "share", "", "0.001 to 1",
                  "Which part of all users has a link of its own; they are drawn by the seed. "
                  "Users of no group have [link].",
                  nullptr, nullptr});
  for (ScenarioKey key : link_keys()) {
    key.name = "group.NAME." + key.name;
    key.usual = "";
    key.meaning = "As link's, for this group's users; if left out, link's.";
    keys.push_back(std::move(key));
  }
}

template <class Target, class Value>
Result<void> put_limit(std::optional<Target>& target, Result<Value> parsed) {
  if (!parsed) return tl::unexpected(parsed.error());
  target = static_cast<Target>(*parsed);
  return {};
}

void add_limits(Keys& keys) {
  constexpr V kLatencies = "\"1us\" to \"1h\"";
  keys.insert(
      keys.end(),
      {{"limits.latency_p50", "duration", "", kLatencies,
        "The run fails if half of the deliveries take longer.",
        [](S& s, V v) { return put_limit(s.limits.latency_p50, parse_duration(v)); }},
       {"limits.latency_p99", "duration", "", kLatencies,
        "The run fails if one delivery in a hundred takes longer.",
        [](S& s, V v) { return put_limit(s.limits.latency_p99, parse_duration(v)); }},
       {"limits.latency_max", "duration", "", kLatencies,
        "The run fails if any delivery takes longer.",
        [](S& s, V v) { return put_limit(s.limits.latency_max, parse_duration(v)); }},
       {"limits.empty_share", "share", "", "0 to 1",
        "The run fails if a larger part of the polls or long polls comes back empty.",
        [](S& s, V v) { return put_limit(s.limits.empty_share, parse_share(v)); }},
       {"limits.network_bytes", "size", "", "\"1B\" to \"1MiB\"",
        "The run fails if a delivered message costs more on the network, both ways together.",
        [](S& s, V v) { return put_limit(s.limits.network_bytes, parse_size(v)); }}});
}

void add_run(Keys& keys) {
  keys.insert(
      keys.end(),
      {{"run.repeat", "count", "3", "1 to 100", "Repetitions of each transport.",
        [](S& s, V v) { return put(s.repeat, parse_count(v)); }},
       {"run.warmup", "duration", "\"1s\"", "\"0s\" to \"1h\"",
        "From the last join to the start of what is measured.",
        [](S& s, V v) { return put(s.warmup, parse_duration(v)); }},
       {"run.drain", "duration", "\"5s\"", "\"100ms\" to \"1h\"",
        "How long after the measured time, and one polling interval, deliveries may still come in.",
        [](S& s, V v) { return put(s.drain, parse_duration(v)); }},
       {"run.threads", "count", "0", "0 to 256",
        "Threads that drive the users; 0: by the cores there are.",
        [](S& s, V v) { return put(s.threads, parse_count(v)); }},
       {"server.retain", "count", "1000", "1 to 1000000", "Messages the server keeps a room.",
        [](S& s, V v) { return put(s.retain, parse_count(v)); }},
       {"server.batch_window", "duration", "\"0s\"", "\"0s\" to \"10s\"",
        "How long the server gathers messages before it pushes them; 0s: for one turn of its loop.",
        [](S& s, V v) { return put(s.batch_window, parse_duration(v)); }}});
}

Keys make_keys() {
  Keys keys;
  add_people(keys);
  add_traffic(keys);
  add_texts(keys);
  add_transports(keys);
  add_links(keys);
  add_limits(keys);
  add_run(keys);
  return keys;
}

}  // namespace

const std::vector<ScenarioKey>& link_keys() {
  constexpr V kBandwidths = "\"1kbit/s\" to \"100Gbit/s\", \"unlimited\"";
  static const Keys keys = {
      {"delay", "duration", "\"0s\"", "\"0s\" to \"10s\"", "How long bytes travel, each way.",
       nullptr, [](L& l, V v) { return put(l.profile.delay, parse_duration(v)); }},
      {"jitter", "duration", "\"0s\"", "\"0s\" to \"10s\"",
       "Up to this is added to the delay, each way, at random (uniform) and without overtaking.",
       nullptr, [](L& l, V v) { return put(l.profile.jitter, parse_duration(v)); }},
      {"up", "bandwidth", "\"unlimited\"", kBandwidths, "Bandwidth from each user to the server.",
       nullptr, [](L& l, V v) { return put(l.profile.up, parse_bandwidth(v)); }},
      {"down", "bandwidth", "\"unlimited\"", kBandwidths, "Bandwidth from the server to each user.",
       nullptr, [](L& l, V v) { return put(l.profile.down, parse_bandwidth(v)); }},
      {"cut_every", "duration", "\"0s\"", "\"0s\" to \"24h\"",
       "Mean time between the cuts of one user's connections, at random (exponential); 0s: never.",
       nullptr, [](L& l, V v) { return put(l.cut_every, parse_duration(v)); }},
      {"cut_at", "moments", "[]", "within traffic.duration",
       "When all users' connections are cut at once, from the start of the measured time.", nullptr,
       [](L& l, V v) { return put(l.cut_at, parse_moments(v)); }},
  };
  return keys;
}

const std::vector<ScenarioKey>& scenario_keys() {
  static const Keys keys = make_keys();
  return keys;
}

std::string_view word_of(const Scenario& scenario, std::string_view key) {
  const auto word = [](V words, auto value) {
    return nth_word(words, static_cast<std::size_t>(value));
  };
  if (key == "traffic.kind") return word(kKinds, scenario.traffic);
  if (key == "traffic.per") return word(kPers, scenario.per);
  if (key == "traffic.size_kind") return word(kSizeKinds, scenario.size_kind);
  if (key == "users.presence") return word(kPresences, scenario.presence);
  if (key == "rooms.membership") return word(kMemberships, scenario.membership);
  if (key == "http.connection") return word(kConnections, scenario.clients.close_each);
  return {};
}

}  // namespace pushbench::harness

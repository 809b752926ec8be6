#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "harness/result.h"
#include "tests/support/awkward_texts.h"

namespace pushbench::test {

/// What a made-up result is like.
struct Sample {
  /// One like "nchan/websocket" is a target's.
  std::vector<std::string> transports = {"polling", "long-polling", "sse", "websocket"};
  int repetitions = 3;
  std::uint64_t seed = 1;  // of the figures: another one is another run of the same schedule
  bool flawed = true;      // an invalid repetition, a failed threshold
  bool merged = false;     // of two parts
};

namespace sample {

using Random = std::mt19937_64;

/// 1 to `most`, so that each figure is one that a reader cannot guess.
inline std::uint64_t some(Random& random, std::uint64_t most) { return 1 + random() % most; }

inline std::int64_t some_latency(Random& random, const std::string& transport) {
  if (transport == "polling") return static_cast<std::int64_t>(some(random, 100'000));
  const double share = static_cast<double>(some(random, 100'000)) / 100'001;
  return static_cast<std::int64_t>(300 - 400 * std::log(share));
}

inline harness::Directions directions(Random& random, std::uint64_t least) {
  return {least + some(random, 1'000), 3 * least + some(random, 1'000)};
}

inline harness::Bytes bytes(Random& random, std::uint64_t least) {
  harness::Bytes b;
  b.heads = directions(random, least);
  b.bodies = directions(random, least);
  b.application = b.heads + b.bodies + directions(random, least / 10);
  b.tls = directions(random, least / 5);
  b.network = b.application + b.tls + directions(random, least);
  b.segments = directions(random, least / 1'000);
  return b;
}

/// Deliveries in all seconds but the third, each in the second's and in the whole's histogram.
inline void deliver(Random& random, const std::string& transport, harness::Repetition& r) {
  for (int second = 0; second < r.duration_s; ++second) {
    if (second == 2) continue;
    harness::Histogram histogram;
    for (std::uint64_t i = 900 + some(random, 200); i > 0; --i) {
      histogram.record(some_latency(random, transport));
    }
    r.delivery_latency.add(histogram);
    r.by_second.push_back(
        {double(second), std::min(1.0, r.duration_s - second), histogram.sparse()});
  }
  r.messages.delivered = r.delivery_latency.count();
}

inline void account(Random& random, harness::Repetition& r) {
  harness::Messages& m = r.messages;
  m.missed = some(random, 9);
  m.left = some(random, 9);
  m.lost = some(random, 9);
  m.backlog = some(random, 90);
  m.duplicated = some(random, 9);
  m.reordered = some(random, 9);
  m.damaged = some(random, 9);
  m.gaps = some(random, 9);
  m.published = m.delivered / 100 + 1;
  m.expected = m.delivered + m.missed + m.left + m.lost;
  harness::Exchanges& e = r.exchanges;
  e.connections_asked = r.users;
  e.connections = r.users + some(random, 9);
  e.asked = 10'000 + some(random, 1'000);
  e.empty = some(random, 9'999);
  e.total = e.asked + e.connections;
  e.cuts = some(random, 9);
  e.disconnects = some(random, 9);
  e.reconnects = e.cuts + e.disconnects;
}

inline harness::Theory theory(const std::string& transport) {
  harness::Theory t;
  t.mean_latency_us = 0;
  t.application_up = 1.54;
  t.application_down = 110.25;
  t.network_up = 54.7;
  t.network_down = 1.0 / 3;
  if (transport != "polling" && transport != "long-polling") return t;
  t.mean_latency_us = 50'088.75;
  t.p50_latency_us = 50'000.5;
  t.p90_latency_us = 90'100;
  t.p99_latency_us = 99'000;
  t.max_latency_us = 100'000;
  t.empty_share = 0.155;
  t.exchanges_per_message = 0.591;
  return t;
}

inline harness::Repetition repetition(Random& random, const std::string& transport,
                                      double started_s) {
  harness::Repetition r;
  r.started_s = started_s;
  r.users = 100;
  r.users_asked = 101;
  r.duration_s = 11 + static_cast<double>(some(random, 999)) / 1'000;
  deliver(random, transport, r);
  account(random, r);
  for (int i = 0; i < 150; ++i) {
    r.sender_latency.record(some_latency(random, transport));
    r.last_receiver_latency.record(some_latency(random, transport));
    r.join.record(some_latency(random, transport));
    r.rejoin.record(some_latency(random, transport));
  }
  for (int i = 0; i < 2'000; ++i) r.lateness.record(static_cast<std::int64_t>(some(random, 400)));
  r.payload = directions(random, 100'000);
  r.bytes = bytes(random, 1'000'000);
  r.whole = r.bytes + bytes(random, 10'000);
  r.whole.unread = some(random, 90);
  r.network_source = transport == "sse" ? "formula" : "tcp_info";
  r.server = {some(random, 1'000'000), 20'000'000 + some(random, 1'000'000), some(random, 90'000)};
  r.events = {260, 260 - some(random, 3)};
  r.harness_cpu_us = some(random, 900'000);
  for (int i = 0; i < 2; ++i) {
    const std::uint64_t cpu_us = some(random, 900'000);
    r.threads.push_back({cpu_us, static_cast<double>(cpu_us) / r.duration_s / 1e6});
  }
  r.theory = theory(transport);
  return r;
}

inline harness::WireView wire_view(Random& random) {
  harness::WireView view;
  view.user = "u3";
  view.from_s = 4.5;
  view.length_s = 0.999;
  view.more = true;
  std::int64_t at_us = 0;
  for (const std::string& text : awkward_texts()) {
    at_us += static_cast<std::int64_t>(some(random, 30'000));
    const bool is_up = view.events.size() % 2 == 0;
    view.events.push_back({at_us, is_up, 1 + static_cast<std::uint32_t>(random() % 2),
                           is_up ? "request" : "response", "HTTP/1.1 200 OK\r\n\r\n", text, 19,
                           text.size()});
  }
  view.events.push_back({at_us, false, 1, "frame", "81 05", "hello", 2, 5});
  view.events.push_back({at_us, false, 2, "event", "data: \n\n", "[]", 8, 2});
  return view;
}

inline harness::Floor floor(Random& random) {
  harness::Floor floor;
  for (int i = 0; i < 3'000; ++i) {
    floor.delivery_latency.record(static_cast<std::int64_t>(some(random, 300)));
    floor.lateness.record(static_cast<std::int64_t>(some(random, 200)));
  }
  floor.duration_s = 9.987;
  floor.delivered = floor.delivery_latency.count();
  floor.cpu_us_per_delivery = 1.0 / 7;
  return floor;
}

inline void take_settings(harness::RunResult& result) {
  result.scenario = "chat";
  result.purpose = "A room with \"quotes\", </script> and\na second line";
  result.seed = 18'446'744'073'709'551'615U;
  result.tls = true;
  result.schedule_hash = "0123456789abcdef";
  result.links.resize(2);
  result.links[0] = {
      "mobile",
      {std::chrono::milliseconds(40), std::chrono::microseconds(2'500), 1e6, 9'600.5},
      "30s",
      {"5s", "12.5s"}};
  result.speedup = 40.5;
  result.headers = "browser";
  result.cookie = 100;
  result.close_each = true;
  result.batch_window = "20ms";
  result.threads = 2;
  result.cores = net::CorePlan{3, {0, 1}};
  result.overrides = {"users.count=100", "room=\"ä/~\""};
}

inline harness::Context context(Random& random) {
  harness::Context context;
  context.date = "2026-01-31T12:00:" + std::to_string(10 + random() % 50) + "Z";
  context.build = {"1.0.0", "v1-5-gabcdef0-dirty"};
  context.machine = {"A CPU @ 2.00GHz", 4, 8'589'934'592, "Linux 6.1.0"};
  context.compiler = "g++ 12.2.0";
  context.libraries = "libuv 1.44.2, llhttp 8.1.0";
  context.server = harness::BuildInfo{"0.9.1", "v0-3-g1234567"};
  return context;
}

}  // namespace sample

/// A made-up result with every field set, that to_json() and latency_log() can write: one of a kind
/// for a seed, and no figure the same as another.
inline harness::RunResult sample_result(const Sample& sample = {}) {
  sample::Random random(sample.seed);
  harness::RunResult result;
  sample::take_settings(result);
  result.context = sample::context(random);
  result.floor = sample::floor(random);
  double started_s = 11.5;
  for (const std::string& name : sample.transports) {
    result.transports.push_back({name, {{"zeal", "10"}, {"interval", "100ms"}}, {}});
    const std::size_t slash = name.find('/');
    if (slash == std::string::npos) continue;
    result.transports.back().target =
        harness::TargetResult{name.substr(0, slash), "socketio", "http://127.0.0.1:8091", {0, 1}};
  }
  for (int i = 0; i < sample.repetitions; ++i) {
    for (std::size_t t = 0; t < sample.transports.size(); ++t) {
      harness::TransportResult& transport = result.transports[t];
      transport.repetitions.push_back(sample::repetition(random, transport.name, started_s));
      started_s += transport.repetitions.back().duration_s + 1.25;
      if (i == 0 && t != 1) transport.wire = sample::wire_view(random);
    }
  }
  if (sample.merged) {
    for (const char* name : {"a", "b/result.json"}) {
      result.parts.push_back({name, result.context.date, result.context.machine});
    }
  }
  if (!sample.flawed || sample.repetitions == 0) return result;
  result.transports.back().repetitions.back().invalid = {"3 deliveries were lost",
                                                         "it was \"late\""};
  result.failed_limits = {"polling delivery_latency.p99 is 99 ms, above 50 ms"};
  result.outcome = harness::Outcome::broke;
  result.problem = "the server ended by signal 9 during the run";
  return result;
}

}  // namespace pushbench::test

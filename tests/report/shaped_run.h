#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "harness/result.h"

namespace pushbench::report {

/// What one transport's repetitions are made of.
struct Shape {
  std::string name;
  std::vector<std::pair<std::string, std::string>> options;
  std::int64_t fastest_us = 0;  // latencies lie evenly from here …
  std::int64_t slowest_us = 0;  // … to here
  std::uint64_t asked = 0;
  std::uint64_t empty = 0;
  std::uint64_t other = 0;  // exchanges that did not ask
  std::uint64_t bytes = 0;  // on the network for each delivery, both ways together
  double cpu_us = 1;        // for each delivery
  std::uint64_t rss = 8 << 20;
};

/// What all transports have in common.
struct Crowd {
  std::uint64_t users;
  std::uint64_t published;
  std::uint64_t delivered;
  double duration_s;
};

inline harness::Repetition repetition_of(const Shape& shape, const Crowd& crowd, double factor) {
  constexpr std::int64_t kSamples = 2000;
  harness::Repetition r;
  r.users = r.users_asked = crowd.users;
  r.duration_s = crowd.duration_s;
  r.messages.published = crowd.published;
  r.messages.expected = r.messages.delivered = crowd.delivered;
  for (std::int64_t i = 0; i < kSamples; ++i) {
    const std::int64_t us =
        shape.fastest_us + (shape.slowest_us - shape.fastest_us) * i / (kSamples - 1);
    r.delivery_latency.record(static_cast<std::int64_t>(static_cast<double>(us) * factor));
  }
  r.exchanges.total = shape.asked + shape.other;
  r.exchanges.asked = shape.asked;
  r.exchanges.empty = shape.empty;
  r.exchanges.connections = crowd.users;
  const std::uint64_t network = crowd.delivered * shape.bytes;
  r.bytes.network = {network / 4, network - network / 4};
  r.bytes.application = {network / 8, network / 2};
  r.bytes.bodies = {0, network / 10};
  r.server.emplace().cpu_us =
      static_cast<std::uint64_t>(static_cast<double>(crowd.delivered) * shape.cpu_us * factor);
  r.server->peak_rss_bytes = shape.rss;
  return r;
}

/// Three repetitions of each, whose latencies and CPU times lie 1 % apart.
inline harness::RunResult shaped_run(const std::string& scenario, const Crowd& crowd,
                                     const std::vector<Shape>& shapes) {
  harness::RunResult run;
  run.scenario = scenario;
  run.seed = 1;
  for (const Shape& shape : shapes) {
    harness::TransportResult transport{shape.name, shape.options, {}};
    for (const double factor : {1.0, 0.99, 1.01}) {
      transport.repetitions.push_back(repetition_of(shape, crowd, factor));
    }
    run.transports.push_back(std::move(transport));
  }
  return run;
}

// Runs with figures near those that the shipped scenarios have.

inline harness::RunResult notifications_run() {
  return shaped_run(
      "notifications", {2000, 8, 16'000, 40},
      {{"polling", {{"interval", "2s"}}, 1000, 2'000'000, 40'000, 26'800, 8, 1000, 14, 10 << 20},
       {"long-polling", {{"hold", "25s"}}, 2000, 60'000, 16'000, 0, 8, 640, 16, 12 << 20},
       {"sse", {}, 1000, 30'000, 0, 0, 2008, 260, 6, 11 << 20},
       {"websocket", {}, 1000, 29'000, 0, 0, 2000, 235, 5.9, 11 << 20}});
}

inline harness::RunResult game_run() {
  return shaped_run("game", {16, 4800, 76'800, 15},
                    {{"polling", {{"interval", "50ms"}}, 500, 51'000, 4800, 48, 4800, 160, 3},
                     {"long-polling", {{"hold", "25s"}}, 600, 3000, 4900, 0, 4800, 170, 4},
                     {"sse", {}, 500, 2500, 0, 0, 4816, 130, 2.5},
                     {"websocket", {}, 300, 1500, 0, 0, 16, 80, 1.5}});
}

inline harness::RunResult chat_run() {
  harness::RunResult run =
      shaped_run("chat", {100, 255, 25'500, 15},
                 {{"polling", {{"interval", "100ms"}}, 200, 100'000, 15'092, 2415, 255, 323, 13.6},
                  {"long-polling", {{"hold", "25s"}}, 500, 1400, 25'500, 0, 255, 478, 10.7},
                  {"sse", {}, 400, 1400, 0, 0, 355, 247, 8.45},
                  {"websocket", {}, 350, 1300, 0, 0, 100, 218, 7.11}});
  run.speedup = 40;
  return run;
}

}  // namespace pushbench::report

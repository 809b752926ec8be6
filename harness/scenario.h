#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "clients/client.h"
#include "net/clock.h"
#include "wire/result.h"

namespace pushbench::harness {

enum class TrafficKind { constant, poisson, trace };

/// Who says what when. The keys of a scenario file, with its defaults; scenarios/README.md has them
/// all.
struct Scenario {
  std::string name;    // the file's, without folder and ending
  std::string folder;  // that its trace's path counts from
  std::string purpose;
  bool tls = false;  // every connection is encrypted

  std::uint64_t rooms = 1;
  std::uint64_t users = 100;  // spread evenly over the rooms

  TrafficKind traffic = TrafficKind::constant;
  net::Duration duration = std::chrono::seconds(15);  // of the measured part, as replayed
  double rate = 1;                                    // messages a second in all (not: trace)
  std::uint64_t size = 64;                            // bytes of a text (not: trace)
  std::string trace;                                  // its file
  net::Duration trace_from{};                         // where in the trace to begin
  double speedup = 1;                                 // the trace's time runs this much faster

  clients::ClientOptions clients;
  net::Duration cut_every{};  // mean time between the cuts of one user's link; 0: never

  std::uint64_t repeat = 3;
  net::Duration join_time = std::chrono::seconds(1);  // over which the users join
  net::Duration warmup = std::chrono::seconds(1);     // from the last join to the first message
  net::Duration drain = std::chrono::seconds(5);      // how long the last deliveries may take
  std::uint64_t retain = 1000;                        // messages the server keeps a room
};

/// One key of a scenario file.
struct ScenarioKey {
  std::string_view name;   // "users.count"
  std::string_view form;   // what it takes: "duration", "count", …
  std::string_view usual;  // its default, as one would write it
  std::string_view range;
  std::string_view meaning;
  Result<void> (*set)(Scenario&, std::string_view value);
};

/// Every key, in the order of the documentation.
const std::vector<ScenarioKey>& scenario_keys();

/// Sets `key`, as the file and --set both do. The error says what the key takes, or the nearest
/// key.
Result<void> set_key(Scenario& scenario, std::string_view key, std::string_view value);

/// What no single key can tell: that they fit together.
Result<void> check(const Scenario& scenario);

/// The nearest of `known` to a word that is none of them, by edit distance.
std::string nearest(std::string_view word, const std::vector<std::string_view>& known);

}  // namespace pushbench::harness

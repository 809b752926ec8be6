#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "clients/client.h"
#include "net/clock.h"
#include "net/link.h"
#include "wire/result.h"

namespace pushbench::harness {

/// When messages are published: evenly, at random, at random in bursts, all publishers at the same
/// moments, or as recorded.
enum class TrafficKind { constant, poisson, burst, tick, trace };
/// Whose rate `traffic.rate` is: of all together, each room's, each user's, or each source's.
enum class TrafficPer { all, room, user, source };
enum class SizeKind { fixed, uniform, lognormal };
/// Whether the users are there from start to end, come one by one during the measured time, come
/// and go, or all connect in the same moment.
enum class Presence { fixed, ramp, churn, at_once };
enum class Membership { even, zipf };

/// What lies between a user and the server, and when it breaks.
struct LinkSettings {
  net::LinkProfile profile;
  net::Duration cut_every{};          // mean time between the cuts of one user's link; 0: never
  std::vector<net::Duration> cut_at;  // when all links are cut at once
};

/// Users with a link of their own. Those of no group have the scenario's.
struct UserGroup {
  std::string name;
  double share = 0;  // of all users
  LinkSettings link;
  std::uint32_t own = 0;  // which of its link's keys are its own, a bit each in link_keys()'s
                          // order; the others follow [link]
};

/// Thresholds that fail the run; none where not set.
struct Limits {
  std::optional<net::Duration> latency_p50, latency_p99, latency_max;
  std::optional<double> empty_share;
  std::optional<double> network_bytes;  // per delivered message, both ways
};

/// Who says what when. The keys of a scenario file, with its defaults; scenarios/README.md has them
/// all.
struct Scenario {
  std::string name;    // the file's, without folder and ending
  std::string folder;  // that its trace's path counts from
  std::string purpose;
  bool tls = false;  // every connection is encrypted

  std::uint64_t rooms = 1;
  Membership membership = Membership::even;
  double zipf_exponent = 1;  // room k has a share of users that goes with k^-exponent

  std::uint64_t users = 100;
  Presence presence = Presence::fixed;
  net::Duration stay = std::chrono::seconds(10);  // churn: mean time in a room, exponential
  net::Duration away = std::chrono::seconds(10);  // churn: mean time between, exponential
  std::vector<UserGroup> groups;                  // by name

  TrafficKind traffic = TrafficKind::constant;
  TrafficPer per = TrafficPer::all;
  std::uint64_t sources = 1;                          // per source: users of each room that publish
  net::Duration duration = std::chrono::seconds(15);  // of the measured part, as replayed
  double rate = 1;                                    // messages a second (not: trace)
  net::Duration burst_on = std::chrono::seconds(1);   // burst: mean length, exponential
  net::Duration burst_off = std::chrono::seconds(9);  // burst: mean pause, exponential
  SizeKind size_kind = SizeKind::fixed;               // (not: trace)
  std::uint64_t size = 64;                            // bytes of a text; lognormal: the median
  std::uint64_t size_min = 1;                         // uniform, lognormal: the least …
  std::uint64_t size_max = 256;                       // … and the most
  double size_sigma = 1;       // lognormal: standard deviation of the size's logarithm
  std::string trace;           // its file
  net::Duration trace_from{};  // where in the trace to begin
  double speedup = 1;          // the trace's time runs this much faster

  clients::ClientOptions clients;
  std::string headers =
      "minimal";             // the profile of request headers: a shipped one's name, or a path
  std::uint64_t cookie = 0;  // bytes of the cookie that goes with each request
  LinkSettings link;
  Limits limits;

  std::uint64_t repeat = 3;
  net::Duration join_time = std::chrono::seconds(1);  // over which the users join
  net::Duration warmup = std::chrono::seconds(1);     // from the last join to the first message
  net::Duration drain = std::chrono::seconds(5);      // how long the last deliveries may take
  std::uint64_t threads = 0;                          // of the harness; 0: by the cores there are
  std::uint64_t retain = 1000;                        // messages the server keeps a room
  net::Duration batch_window{};  // how long the server gathers what it pushes; 0: one loop turn

  std::string headers_place;  // where http.headers was set: FILE:LINE:COLUMN, or --set …; "" if not
  std::string trace_place;    // the same of traffic.trace
};

/// One key of a scenario file. The parser, scenarios/README.md and docs/scenario.schema.json all
/// come from these.
struct ScenarioKey {
  std::string name;        // "users.count"; "group.NAME.delay" stands for that of every group
  std::string_view form;   // what it takes: "duration", "count", …
  std::string_view usual;  // its default, as one would write it; empty: it has none
  std::string_view range;  // "LEAST to MOST", or the words it takes
  std::string_view meaning;
  Result<void> (*set)(Scenario&, std::string_view value) = nullptr;
  Result<void> (*set_link)(LinkSettings&, std::string_view value) = nullptr;  // if `set` is not
  std::string_view governor = {};  // the key that may make this one mean nothing …
  std::string_view only_for = {};  // … unless it is one of these words
};

/// Every key, in the order of the documentation.
const std::vector<ScenarioKey>& scenario_keys();

/// What one can say of a link: "delay" of [link] and of [group.NAME].
const std::vector<ScenarioKey>& link_keys();

/// The key of this name, with a group's own name in it; null if there is none.
const ScenarioKey* find_key(std::string_view name);

/// Sets `key`, as the file and --set both do. The error says what the key takes, or the nearest
/// key.
Result<void> set_key(Scenario& scenario, std::string_view key, std::string_view value);

/// The word that a key of words has now: "poisson" for traffic.kind.
std::string_view word_of(const Scenario& scenario, std::string_view key);

/// What no single key can tell: that they fit together, and unroll to no more than a run can
/// account for.
Result<void> check(const Scenario& scenario);

/// The nearest of `known` to a word that is none of them, by edit distance; empty if more than half
/// of the word, or of what is known, would have to change.
std::string nearest(std::string_view word, const std::vector<std::string_view>& known);

/// "; did you mean users?", or "." if none of `known` is near.
std::string suggestion(std::string_view word, const std::vector<std::string_view>& known);

/// The same for a key: by its name, or by its last word. A group's key has that group in it. Of a
/// table it names the first keys.
std::string suggested_key(std::string_view name);

/// Whether a text is one of the words between commas: "constant" of "constant, poisson".
bool is_one_of(std::string_view word, std::string_view words);

}  // namespace pushbench::harness

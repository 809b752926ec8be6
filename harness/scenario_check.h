#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "harness/scenario.h"

namespace pushbench::harness {

/// Where a key was set.
struct Origin {
  std::string where;         // "chat.toml:3:9", or "--set users.count=5"
  std::uint64_t line = 0;    // of the file; 0: by --set
  bool by_override = false;  // which comes after the file
};

/// Of the keys that were set, by name.
using Origins = std::map<std::string, Origin, std::less<>>;

/// A key that does not fit with another one.
struct Misfit {
  std::string key;
  std::string what;
  std::string other;  // may be empty
};

/// The first two keys whose values contradict each other, or that unroll to too much.
std::optional<Misfit> find_contradiction(const Scenario& scenario);

/// The first key that was set though another one leaves it without a meaning, as traffic.rate with
/// a trace. A key of the file that --set leaves without one is not meant: it stands there for the
/// scenario as it is without --set.
std::optional<Misfit> find_meaningless(const Scenario& scenario, const Origins& origins);

/// What a scenario unrolls to, at most or on average: what its memory and time go with.
struct Extent {
  double says = 0;        // not of a trace
  double deliveries = 0;  // of these
  double cuts = 0;
  double phases = 0;  // of users coming and going, and of bursts
};

Extent extent_of(const Scenario& scenario);

}  // namespace pushbench::harness

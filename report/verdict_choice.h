#pragma once

#include <cstddef>
#include <vector>

#include "report/verdict.h"
#include "report/verdict_facts.h"

namespace pushbench::report {

/// What kind of traffic a run had, which decides what counts first.
enum class Traffic {
  beat,    // each user publishes more often than every 100 ms: what is late is overtaken
  silent,  // a user gets less than 20 messages a minute: waiting is most of what it does
  talk,    // anything between
};

Traffic traffic_of(const VerdictFacts& facts);

/// How many users a figure a user is scaled to: 10,000, or those of the run if they are more.
double scaled_users(const VerdictFacts& facts);

/// Whether a transport is clearly worse than another in a row: their intervals lie apart, it is
/// over a quarter worse, and it makes a difference. Latency must differ by 10 ms, or a tenth of the
/// beat. The others must differ for scaled_users(): network bytes by 1 Mbit/s, CPU by 5 % of a
/// core. Memory: by 10 KiB a user. False where either has no figure.
bool clearly_worse(const VerdictRow& row, std::size_t transport, std::size_t than, Traffic traffic,
                   const VerdictFacts& facts);

/// Why a transport is out: another one is clearly better in a row that decides.
struct RuledOut {
  std::size_t transport;
  const VerdictRow* row;
  std::size_t better;  // the best in it of those that were left
};

struct Choice {
  Traffic traffic;
  std::vector<const VerdictRow*> deciding;  // in the order in which they decide
  std::vector<std::size_t> kept;            // those that win most rows first
  std::vector<RuledOut> out;
};

/// The rows decide one after the other, and each one rules out whoever is clearly worse than the
/// best of those that are left.
/// What decides first: for a beat p99, else p50; for silent users bytes, CPU and memory, then
/// latency; for talk p50 and p99, then bytes, CPU and memory.
Choice choose(const Verdict& verdict, const VerdictFacts& facts);

}  // namespace pushbench::report

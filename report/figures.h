#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/result.h"
#include "harness/spread.h"

namespace pushbench::report {

/// The median of a figure over a transport's repetitions, and how far they lie apart; 0 of none.
using Figure = harness::Spread;

/// What the comparison says of one transport: each is the median over its repetitions of the figure
/// of one repetition.
struct Figures {
  std::string name;       // of its column
  std::string transport;  // "websocket"
  std::optional<harness::TargetResult> target{};
  std::string option;  // "interval 1s"; "" if it has none
  std::size_t repetitions = 0;
  std::uint64_t users = 0;
  std::uint64_t published = 0;
  std::uint64_t delivered = 0;
  bool has_latency = false;  // some repetition delivered something; else none of the next is one
  Figure mean_us, p50_us, p99_us, max_us;
  bool has_p99 = false;  // there are enough deliveries for one: see Histogram::supports()
  Figure exchanges, asked, empty_share;
  Figure asked_per_message;                 // polls or long polls for each delivered message
  Figure up_per_message, down_per_message;  // application bytes per delivered message
  // Bytes per delivered message, both ways: what the application's were, and what was added.
  Figure heads_per_message, bodies_per_message, frames_per_message;
  Figure tls_per_message, tcp_ip_per_message;
  Figure cuts, reconnects;
  Figure missed;                                    // not delivered, and a gap notice said so
  Figure left;                                      // under way when their users left
  Figure faulty;                                    // lost, repeated, out of order or damaged
  std::optional<Figure> server_cpu_us_per_message;  // none: it was not measured
  Figure lateness_p99_us;
  harness::Theory theory;
  std::vector<std::string> invalid;  // each with the repetition's number
};

/// One for each transport that has at least one repetition. One that delivered nothing has no say
/// in the medians, unless all did.
std::vector<Figures> figures_of(const harness::RunResult& result);

}  // namespace pushbench::report

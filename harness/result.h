#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/histogram.h"

namespace pushbench::harness {

/// Every subscriber's every message, accounted for.
struct Messages {
  std::uint64_t published = 0;  // handed to a client at or after they were due
  std::uint64_t expected = 0;   // each message to each user of its room
  std::uint64_t delivered = 0;  // different messages that reached a user intact
  std::uint64_t missed = 0;     // not delivered, and a gap notice said so
  std::uint64_t lost = 0;       // of messages that were published, not delivered by the end: a hole
  std::uint64_t duplicated = 0;  // delivered once more
  std::uint64_t reordered = 0;   // delivered after a later one
  std::uint64_t damaged = 0;     // with another text than was published, or not published at all
  std::uint64_t gaps = 0;        // times the server said that something is missing
};

/// HTTP exchanges that ended, and TCP connections. Counted: what opened the connections, and what
/// ended in the measured time; not the warm-up in between.
struct Exchanges {
  std::uint64_t total = 0;
  std::uint64_t asked = 0;  // of them, those that asked for messages: polls and long polls
  std::uint64_t empty = 0;  // of those, the ones that got none
  std::uint64_t connections = 0;
  std::uint64_t cuts = 0;         // times a subscribed user's connections were dropped on purpose
  std::uint64_t disconnects = 0;  // connections lost otherwise
  std::uint64_t reconnects = 0;   // times a user was subscribed again after either

  double empty_share() const {
    return asked == 0 ? 0 : static_cast<double>(empty) / static_cast<double>(asked);
  }
};

/// Up is from user to server.
struct Directions {
  std::uint64_t up = 0;
  std::uint64_t down = 0;

  Directions operator+(const Directions& b) const { return {up + b.up, down + b.down}; }
  Directions operator-(const Directions& b) const { return {up - b.up, down - b.down}; }
};

/// What the kernel says the server process used, in the measured time.
struct ServerCost {
  std::uint64_t cpu_us = 0;            // user and system
  std::uint64_t peak_rss_bytes = 0;    // from its start on
  std::uint64_t context_switches = 0;  // of its one thread
};

/// What section 7 of the design predicts; none where it predicts nothing. Bytes are per delivered
/// message.
struct Theory {
  std::optional<double> mean_latency_us;
  std::optional<double> p50_latency_us, p90_latency_us, p99_latency_us, max_latency_us;
  std::optional<double> empty_share;
  std::optional<double> exchanges_per_message;
  std::optional<double> application_up, application_down;
  std::optional<double> network_up, network_down;
};

/// One transport, once.
struct Repetition {
  std::uint64_t users = 0;
  double duration_s = 0;  // from the start of the measured time to the last delivery, or its end
  Messages messages;
  Histogram delivery_latency;  // us from the due time to the subscriber
  Exchanges exchanges;
  Directions payload;      // bytes of message text
  Directions application;  // bytes that the users' transports wrote and read
  Directions tls;          // bytes that TLS added to them on the wire
  ServerCost server;
  Histogram lateness;  // us from the due time to the moment the harness published
  std::uint64_t harness_cpu_us = 0;
  Theory theory;
  std::string first_loss;            // the first of its disconnects, in words
  std::vector<std::string> invalid;  // why the figures do not count; empty: they do
};

struct TransportResult {
  std::string name;
  std::vector<std::pair<std::string, std::string>> options;  // of this transport: {"hold", "25s"}
  std::vector<Repetition> repetitions;
};

/// How a run ended.
enum class Outcome { complete, interrupted, broke };

struct RunResult {
  std::string scenario;
  std::string purpose;
  std::uint64_t seed = 0;
  bool tls = false;                    // every connection was encrypted
  std::string cut_every = "0s";        // mean time between the cuts of one user's link
  double speedup = 1;                  // how much faster than recorded the trace was replayed
  std::vector<std::string> overrides;  // as given to --set
  std::vector<TransportResult> transports;
  Outcome outcome = Outcome::complete;
  std::string problem;  // what broke, in one line

  bool valid() const;  // complete, and no repetition invalid
};

}  // namespace pushbench::harness

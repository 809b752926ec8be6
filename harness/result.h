#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/histogram.h"
#include "harness/machine.h"
#include "net/cores.h"
#include "net/link.h"

namespace pushbench::harness {

/// Every subscriber's every message, accounted for: of those expected, the ones that were published
/// are delivered, missed, left or lost.
struct Messages {
  /// Handed to a client at or after they were due. Not: what its publisher took along when it left,
  /// before the server had said that it has it, if nobody got it; that is not expected either.
  std::uint64_t published = 0;
  /// Each message to each user of its room that is there when the message is due, by the schedule.
  /// Not: where the message had reached somebody before the user came to ask for what follows.
  std::uint64_t expected = 0;
  std::uint64_t delivered = 0;  // different ones of them that reached a user intact
  std::uint64_t missed = 0;     // not delivered, and a gap notice said so
  std::uint64_t left = 0;       // under way when the user left: no later one had come
  std::uint64_t lost = 0;       // of messages that were published, not delivered by the end: a hole
  std::uint64_t backlog = 0;    // delivered though not expected: due before the user came
  std::uint64_t duplicated = 0;  // delivered once more
  std::uint64_t reordered = 0;   // delivered after a later one
  std::uint64_t damaged = 0;     // with another text than was published, or not published at all
  std::uint64_t gaps = 0;        // times the server said that something is missing

  Messages& operator+=(const Messages& b);
};

/// HTTP exchanges that ended, and TCP connections. Counted: what opened the connections, and what
/// ended in the measured time; not the warm-up in between.
struct Exchanges {
  std::uint64_t total = 0;
  std::uint64_t asked = 0;  // of them, those that asked for messages: polls and long polls
  std::uint64_t empty = 0;  // of those, the ones that got none
  std::uint64_t connections = 0;
  std::uint64_t connections_asked = 0;  // that the schedule takes at least
  std::uint64_t cuts = 0;         // times a subscribed user's connections were dropped on purpose
  std::uint64_t disconnects = 0;  // connections lost otherwise
  std::uint64_t reconnects = 0;   // times a user was subscribed again after either

  Exchanges& operator+=(const Exchanges& b);
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

/// Bytes of all connections, in layers that each add to the one before.
struct Bytes {
  Directions application;    // that the users' transports wrote and read; of it …
  Directions heads;          // … HTTP's heads, those of upgrades too
  Directions bodies;         // … batches, drafts and answers to POSTs, compressed where they are
  Directions tls;            // that TLS added to them on the wire
  Directions network;        // all of it from the IP header on, with ACKs and retransmissions
  Directions segments;       // TCP's, that this was
  std::uint64_t unread = 0;  // that had come when a connection was dropped, and nobody read

  /// What else there is in `application`: headers of frames, control frames, framing of events and
  /// chunks. Also what was not whole yet when the bytes were counted.
  Directions frames() const { return application - heads - bodies; }
  /// What TCP and IP added: headers, acknowledgements, retransmissions.
  Directions tcp_ip() const { return network - application - tls; }
  /// Bytes between two moments may have a body of which a piece came before the first one: cuts off
  /// what heads and bodies have beyond `application`.
  void keep_parts_within();

  Bytes operator+(const Bytes& b) const;
  Bytes operator-(const Bytes& b) const;
};

/// The schedule's events: says, cuts, joins and leaves in the measured time.
struct Events {
  std::uint64_t due = 0;
  std::uint64_t done = 0;  // carried out

  Events operator+(const Events& b) const { return {due + b.due, done + b.done}; }
};

/// What one harness thread used in the measured time.
struct ThreadUse {
  std::uint64_t cpu_us = 0;
  double share = 0;  // of one core
};

/// What the kernel says the server process used, in the measured time. Of a target: its processes
/// (see net::ProcessTree).
struct ServerCost {
  std::uint64_t cpu_us = 0;            // user and system
  std::uint64_t peak_rss_bytes = 0;    // from its start on; a target's: in the measured time
  std::uint64_t context_switches = 0;  // of its one thread; a target's: of all its threads
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

/// The delivery latencies of what was delivered within one second of a repetition.
struct LatencySecond {
  double start_s = 0;   // from the repetition's start
  double length_s = 1;  // less only of the last one
  SparseHistogram latency;
};

/// One transport, once.
struct Repetition {
  double started_s = 0;           // its measured time's start, from the run's start; without a
                                  // measured time its own start
  std::uint64_t users = 0;        // that joined
  std::uint64_t users_asked = 0;  // that were to, and did not leave before they could
  double duration_s = 0;  // from the start of the measured time to the last delivery, or its end
  Messages messages;
  Histogram delivery_latency;            // us from the due time to the subscriber; not of backlog
  std::vector<LatencySecond> by_second;  // the same, in order; no second without a delivery
  Histogram sender_latency;              // us, of them those to the message's own publisher
  Histogram last_receiver_latency;       // us, the longest of each message that reached all
  Histogram join;    // us from connecting to being subscribed, a user's stay each
  Histogram rejoin;  // us from a cut or a loss to being subscribed again
  Exchanges exchanges;
  Directions payload;                       // bytes of message text
  Bytes bytes;                              // what opened the connections, and the measured time
  std::string network_source = "tcp_info";  // the kernel's; or "formula": see account.h
  Bytes whole;  // all that the connections carried, from opening to closing them
  std::optional<ServerCost> server;  // none: it was not measured
  Events events;
  /// us from the due time of a say, a join, a leave or a poll's beat to the moment the harness
  /// carried it out
  Histogram lateness;
  std::uint64_t harness_cpu_us = 0;
  std::vector<ThreadUse> threads;  // of the harness
  Theory theory;
  std::string first_loss;            // the first of its disconnects, in words
  std::vector<std::string> invalid;  // why the figures do not count; empty: they do
};

/// The harness on its own, over the null transport: what no figure of its can be below.
struct Floor {
  double duration_s = 0;  // of its measured time, which is the run's first
  std::uint64_t delivered = 0;
  Histogram delivery_latency;  // us
  Histogram lateness;          // us
  double cpu_us_per_delivery = 0;
};

/// What passed between a user and the server at one moment: a request, an answer, a frame. Text is
/// UTF-8; other bytes stand in it as "\\x81". Where it is only a beginning it ends with "…".
struct WireEvent {
  std::int64_t at_us = 0;  // from the view's start to its last byte, by the user's clock
  bool up = false;
  std::uint32_t connection = 1;  // of the user's, counted from 1
  std::string kind;              // "request", "response", "event", "frame"
  std::string head;  // HTTP's head, an event's framing, or a frame's header as hex: "81 05"
  std::string body;  // inflated where it was compressed
  std::uint64_t head_bytes = 0;  // on the wire, before TLS
  std::uint64_t body_bytes = 0;
};

/// What one user's connections carried for a while: of the first repetition, the same stretch of
/// the schedule for every transport (choose_stretch()).
struct WireView {
  static constexpr std::size_t kMostEvents = 60;

  std::string user;   // "u3", as it publishes
  double from_s = 0;  // from the measured time's start
  double length_s = 1;
  std::vector<WireEvent> events;  // in order of time
  bool more = false;              // than are kept
};

/// A server that pushbench did not start.
struct TargetResult {
  std::string name;     // "nchan"
  std::string dialect;  // that it spoke: see clients::dialect_names()
  std::string url;
  std::vector<int> cores{};  // that its processes may have run on; none: nobody looked
};

/// One column of a result: a transport of our own server, or of a target.
struct TransportResult {
  std::string name;  // of our own server's the transport's; "nchan/websocket" of a target's
  std::vector<std::pair<std::string, std::string>> options;  // of this transport: {"hold", "25s"}
  std::vector<Repetition> repetitions;
  std::optional<WireView> wire{};
  std::optional<TargetResult> target{};  // none: it is our own server's

  std::string_view transport() const;  // "websocket"
  bool valid() const;                  // no repetition is invalid
};

/// What lay between the users of a group and the server.
struct LinkResult {
  std::string group;  // "" for those in none
  net::LinkProfile profile;
  std::string cut_every = "0s";     // mean time between the cuts of one user's link
  std::vector<std::string> cut_at;  // when all of them were cut at once
};

/// One of the results that were merged into one.
struct Part {
  std::string result;  // its place, as merge was given it
  std::string date;    // UTC, of its start
  Machine machine;
};

/// How a run ended.
enum class Outcome { complete, interrupted, broke };

struct RunResult {
  std::string scenario;
  std::string purpose;
  std::uint64_t seed = 0;
  bool tls = false;                    // every connection was encrypted
  std::string schedule_hash;           // equal for equal schedules only: see Schedule::hash()
  std::vector<LinkResult> links;       // of each group of users, and of those in none, the last
  double speedup = 1;                  // how much faster than recorded the trace was replayed
  std::string headers = "minimal";     // the profile of request headers
  std::uint64_t cookie = 0;            // bytes of the cookie in each request
  bool close_each = false;             // a new connection for each HTTP exchange
  std::string batch_window = "0s";     // how long the server gathered what it pushed
  std::uint64_t threads = 1;           // of the harness
  std::optional<net::CorePlan> cores;  // that server and harness were kept to
  std::vector<std::string> overrides;  // as given to --set
  Context context;
  std::vector<Part> parts{};  // that it was merged of; none: it is one run's
  std::optional<Floor> floor;
  std::vector<TransportResult> transports;
  std::vector<std::string> failed_limits;  // thresholds of the scenario, with figure and limit
  Outcome outcome = Outcome::complete;
  std::string problem;  // what broke, in one line

  bool valid() const;  // complete, and no repetition invalid
  /// The same but for columns of targets, if one column is valid: what is wrong with a target is a
  /// finding about it, and takes nothing from the other columns.
  bool stands() const;
  std::size_t most_repetitions() const;  // of a transport
};

}  // namespace pushbench::harness

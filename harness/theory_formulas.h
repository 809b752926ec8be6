#pragma once

#include "harness/latency_mixture.h"

namespace pushbench::harness {

// Section 7 of the design in closed form; docs/theory.md derives what stands here. Times are in
// seconds, rates in events a second.

/// How messages come to one user.
struct Arrivals {
  double rate = 0;      // λ: in the long run
  double period = 0;    // between the moments at which messages come; 0: at random (Poisson)
  double together = 1;  // periodic: messages at such a moment
  double kept = 1;      // periodic: share of the moments, drawn at random, that are this user's
  double on = 0;        // mean length of a burst; 0: there are no bursts
  double off = 0;       // mean pause between two
  double spacing = 0;   // at random: no two come closer together, as a batch window has it
  double streams = 1;   // independent ones that make up the whole, each as above
  double there = 1;     // share of the time for which a stream is there, in long stretches

  /// The probability that a stretch of `time`, begun at any moment, brings none.
  double none_within(double time) const;
  double share_on() const { return on > 0 && off > 0 ? on / (on + off) : 1; }
  double rate_of_active() const;  // of one stream while it is there, and on
  /// λ as it is just after a message: its stream comes in bursts, the others as on the average.
  double rate_in_bursts() const;
  /// Streams that pause, so that what is random in them is more than the moments.
  bool pauses() const { return period <= 0 && ((on > 0 && off > 0) || there < 1); }
  /// One beat, all of which is this user's. What is no beat is taken for random.
  bool beats() const { return period > 0 && kept == 1 && streams == 1 && there == 1; }
};

/// The way between one user and the server.
struct Path {
  double up = 0;  // one way, what waits for its turn on a narrow link included
  double down = 0;
  double jitter = 0;  // each way takes 0 to this longer, uniformly
  double set_up = 0;  // of a connection, before the first request can leave

  double round_trip() const { return up + down + jitter; }  // mean
};

/// What a subscriber waits for a message that the server has, beside the way down.
struct Waiting {
  LatencyMixture wait;
  double empty_share = 0;            // of the exchanges that ask for messages
  double exchanges_per_message = 0;  // of these
  double held = 0;                   // share of them that the server could not answer at once
};

/// `turnaround`: what client and server take from an answer to the next request, in all.
Waiting polling_waiting(const Arrivals& arrivals, const Path& path, double interval,
                        double turnaround, bool close_each);
Waiting long_polling_waiting(const Arrivals& arrivals, const Path& path, double hold,
                             double turnaround, bool close_each);

/// What the server's gathering for `window` adds: the first message opens the window.
LatencyMixture window_wait(const Arrivals& arrivals, double window);
/// Messages that one window gathers.
double messages_in_window(const Arrivals& arrivals, double window);
/// How what windows gather comes to one user, each batch as one.
Arrivals batches_of(const Arrivals& arrivals, double window);

/// From a draft's due time to its arrival at the server, by POST on a connection of its own, one
/// after the other. `rate`: drafts a second of one publisher; `first`: the share of them that must
/// open the connection; `apart`: the least time between two of its drafts, 0 if they come at
/// random. No parts where drafts come faster than answers do.
LatencyMixture post_way(const Path& path, double rate, double first, double turnaround,
                        double apart);
/// The same on a connection that is open and carries one draft behind the other.
LatencyMixture socket_way(const Path& path);

}  // namespace pushbench::harness

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/scenario.h"
#include "harness/trace.h"
#include "net/clock.h"
#include "wire/result.h"

namespace pushbench::harness {

/// One publish, due at a moment counted from the start of what is measured.
struct Say {
  net::Duration due;
  std::uint32_t user;
  std::uint32_t bytes;  // of its text
};

/// The moment at which a user's connections are dropped (if it has any then), counted as above.
struct Cut {
  net::Duration due;
  std::uint32_t user;
};

/// A user is in its room from one moment to another, counted as above.
struct Stay {
  net::Duration from;
  net::Duration until;
  std::uint32_t user;
};

/// A scenario unrolled by a seed: the same events at the same times, whatever the transport.
struct Schedule {
  std::vector<Say> says;            // in order of due time
  std::vector<Cut> cuts;            // in order of due time
  std::vector<double> poll_phases;  // a user each: where in the interval its polls fall, 0 to 1
  std::vector<Stay> stays;          // in order of `from`; empty: everybody is there all the time
  std::vector<std::uint32_t> user_rooms;   // a user each; empty: all in the first room
  std::vector<std::uint32_t> user_groups;  // a user each: its place in Scenario::groups, or their
                                           // number
  std::vector<std::uint64_t> room_sizes;   // a room each: its users, there or not; empty: counted
  std::uint64_t rooms = 1;
  std::uint64_t seed = 1;
  net::Duration duration{};

  std::uint32_t room_of(std::size_t user) const {
    return user_rooms.empty() ? 0 : user_rooms[user];
  }
  std::size_t users() const { return poll_phases.size(); }
  std::uint64_t users_in(std::uint32_t room) const;
  /// Each message to each user that is in its room when it is due.
  std::uint64_t expected_deliveries() const;
  std::uint32_t largest_text() const;
  std::size_t publishers() const;  // users that publish at all
  /// 16 hex digits of a digest of all of the above: equal for equal schedules only, on any machine.
  std::string hash() const;
};

/// `trace` is used where the scenario's traffic is a trace. Fails if the scenario does not fit
/// together (check()), or if nobody would say anything.
Result<Schedule> unroll(const Scenario& scenario, const std::vector<TraceEvent>& trace,
                        std::uint64_t seed);

}  // namespace pushbench::harness

#pragma once

#include <cstdint>
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

/// A scenario unrolled by a seed: the same events at the same times, whatever the transport.
struct Schedule {
  std::vector<Say> says;            // in order of due time
  std::vector<Cut> cuts;            // in order of due time
  std::vector<double> poll_phases;  // a user each: where in the interval its polls fall, 0 to 1
  std::uint64_t rooms = 1;
  net::Duration duration{};

  std::uint32_t room_of(std::size_t user) const { return static_cast<std::uint32_t>(user % rooms); }
  std::size_t users() const { return poll_phases.size(); }
  std::uint64_t users_in(std::uint32_t room) const;
  std::uint64_t expected_deliveries() const;  // each message to each user of its room
  std::uint32_t largest_text() const;
  std::size_t publishers() const;  // users that publish at all
};

/// `trace` is used where the scenario's traffic is a trace. Fails if that leaves nothing to
/// publish.
Result<Schedule> unroll(const Scenario& scenario, const std::vector<TraceEvent>& trace,
                        std::uint64_t seed);

}  // namespace pushbench::harness

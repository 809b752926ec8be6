#pragma once

#include <cstdint>

#include "harness/byte_model.h"
#include "harness/replay_room.h"
#include "harness/scenario.h"
#include "harness/schedule.h"
#include "harness/transport_rules.h"

namespace pushbench::harness {

/// When users of a replay subscribe, and what they need for it. Times count from the start of what
/// is measured. All that it is made of outlives it.
class Joining {
 public:
  Joining(Rules rules, const Scenario& scenario, const Schedule& schedule, const ByteModel& bytes);

  /// When a user that is there from the start sets out: before the start.
  net::Duration joined(std::uint32_t user) const;
  /// From a user's setting out to its having joined: its connection, a request and the answer.
  net::Duration time_to_join(std::uint32_t user) const;
  /// When a new connection can carry its first request.
  net::Duration set_up(Way& up, Way& down, net::Duration at) const;
  // Bytes of what subscribes a user while nothing has been said.
  std::size_t request(std::uint32_t room) const;
  std::size_t answer() const;

 private:
  net::Duration due(std::uint32_t user) const;

  const Rules rules_;
  const Scenario& scenario_;
  const Schedule& schedule_;
  const ByteModel& bytes_;
  net::Duration all_joined_{};  // from the first one's setting out
};

}  // namespace pushbench::harness

#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "harness/byte_model.h"
#include "harness/ledger.h"
#include "harness/replay_joining.h"
#include "harness/replay_room.h"
#include "harness/scenario.h"
#include "harness/schedule.h"
#include "harness/transport_rules.h"

namespace pushbench::harness {

/// What the publishers of a replay bring to the server, and what that takes. Times count from the
/// start of what is measured. All that it is made of outlives it.
class Publishing {
 public:
  Publishing(Rules rules, const Scenario& scenario, const Schedule& schedule,
             const ByteModel& bytes, const Joining& joining);

  /// Takes every say to the server, on its publisher's link: the rooms as the server then has them.
  std::vector<StoredRoom> publish();
  const Ledger& ledger() const { return ledger_; }  // of all publishers

 private:
  /// A publisher's second connection.
  struct Poster {
    Poster(const net::LinkProfile& link, std::uint64_t seed)
        : up(link, true, seed), down(link, false, ~seed) {}
    Way up;
    Way down;
    net::Duration since{};                      // its stay
    net::Duration free = net::Duration::min();  // when it is answered
    bool open = false;
  };

  net::Duration there_since(std::uint32_t user, net::Duration at) const;
  net::Duration arrival(const Say& say, std::size_t draft, std::size_t seq);

  const Rules rules_;
  const Scenario& scenario_;
  const Schedule& schedule_;
  const ByteModel& bytes_;
  const Joining& joining_;
  Ledger ledger_;
  std::map<std::uint32_t, Poster> posters_;
  std::map<std::uint32_t, std::vector<Stay>> stays_;
};

}  // namespace pushbench::harness

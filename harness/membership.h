#pragma once

#include <cstdint>
#include <vector>

#include "harness/scenario.h"

namespace pushbench::harness {

/// Whole numbers that add up to `total` and lie as near to the shares as that allows (largest
/// remainder). The shares may have any sum above 0.
std::vector<std::uint64_t> in_shares(std::uint64_t total, const std::vector<double>& shares);

/// How many users each room has: at least one, if there are as many users as rooms.
std::vector<std::uint64_t> room_sizes(const Scenario& scenario);

/// Each user's room, counted from 0.
std::vector<std::uint32_t> deal_rooms(const Scenario& scenario, std::uint64_t seed);

/// Each user's place in Scenario::groups, or their number.
std::vector<std::uint32_t> deal_groups(const Scenario& scenario, std::uint64_t seed);

}  // namespace pushbench::harness

#include "harness/membership.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "harness/draw.h"

namespace pushbench::harness {

namespace {

constexpr double kGrain = 1e9;  // remainders are told apart no finer: pow's last bit may differ

/// Room k's share goes with k^-exponent.
std::vector<std::uint64_t> zipf_sizes(const Scenario& scenario) {
  std::vector<double> shares;
  for (std::uint64_t room = 1; room <= scenario.rooms; ++room) {
    shares.push_back(std::pow(static_cast<double>(room), -scenario.zipf_exponent));
  }
  // Rooms whose share is no whole user get one, and the larger ones share the rest; that may make
  // more of them so small. The shares fall, so the small rooms are the last ones.
  std::vector<std::uint64_t> sizes = in_shares(scenario.users, shares);
  while (!sizes.empty() && sizes.back() == 0) {
    shares.resize(static_cast<std::size_t>(std::find(sizes.begin(), sizes.end(), std::uint64_t{0}) -
                                           sizes.begin()));
    sizes = in_shares(scenario.users - (scenario.rooms - shares.size()), shares);
  }
  sizes.resize(scenario.rooms, 1);
  return sizes;
}

/// As many of each number as its place says, dealt out at random.
std::vector<std::uint32_t> dealt(const std::vector<std::uint64_t>& sizes, Draw draw) {
  std::vector<std::uint32_t> numbers;
  for (std::uint32_t number = 0; number < sizes.size(); ++number) {
    numbers.insert(numbers.end(), sizes[number], number);
  }
  draw.shuffle(numbers);
  return numbers;
}

}  // namespace

std::vector<std::uint64_t> in_shares(std::uint64_t total, const std::vector<double>& shares) {
  const double sum = std::accumulate(shares.begin(), shares.end(), 0.0);
  std::vector<std::uint64_t> parts;
  std::vector<double> remainders;
  std::uint64_t left = total;
  for (const double share : shares) {
    const double grains = std::round(static_cast<double>(total) * share / sum * kGrain);
    const double whole = std::floor(grains / kGrain);
    parts.push_back(std::min(static_cast<std::uint64_t>(whole), left));
    remainders.push_back(grains - whole * kGrain);
    left -= parts.back();
  }
  std::vector<std::size_t> order(shares.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return remainders[a] > remainders[b]; });
  for (std::size_t i = 0; left > 0; i = (i + 1) % order.size(), --left) ++parts[order[i]];
  return parts;
}

std::vector<std::uint64_t> room_sizes(const Scenario& scenario) {
  if (scenario.membership == Membership::zipf) return zipf_sizes(scenario);
  std::vector<std::uint64_t> sizes(scenario.rooms, scenario.users / scenario.rooms);
  for (std::uint64_t room = 0; room < scenario.users % scenario.rooms; ++room) ++sizes[room];
  return sizes;
}

std::vector<std::uint32_t> deal_rooms(const Scenario& scenario, std::uint64_t seed) {
  if (scenario.membership == Membership::zipf) {
    return dealt(room_sizes(scenario), Draw(seed, Concern::rooms));
  }
  std::vector<std::uint32_t> rooms;
  for (std::uint64_t user = 0; user < scenario.users; ++user) {
    rooms.push_back(static_cast<std::uint32_t>(user % scenario.rooms));
  }
  return rooms;
}

std::vector<std::uint32_t> deal_groups(const Scenario& scenario, std::uint64_t seed) {
  std::vector<double> shares;
  for (const UserGroup& group : scenario.groups) shares.push_back(group.share);
  const double rest = 1 - std::accumulate(shares.begin(), shares.end(), 0.0);
  shares.push_back(std::max(0.0, rest));
  return dealt(in_shares(scenario.users, shares), Draw(seed, Concern::groups));
}

}  // namespace pushbench::harness

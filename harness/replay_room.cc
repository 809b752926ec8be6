#include "harness/replay_room.h"

#include <algorithm>

#include "harness/byte_model.h"

namespace pushbench::harness {

namespace {
// A link is free from the clock's zero on, and users join before what is measured.
constexpr net::Time kStart{std::chrono::hours(100)};
}  // namespace

net::Duration Way::cross(std::size_t bytes, net::Duration at) {
  const net::Time left = direction_.occupy(bytes, kStart + at);
  last_ = std::max(last_, left - kStart + direction_.draw_delay());
  return last_;
}

std::size_t StoredRoom::batch_size(std::size_t first, std::size_t end) const {
  return ByteModel::batch(end - first, bytes[end] - bytes[first]);
}

std::size_t StoredRoom::before(net::Duration moment) const {
  const auto later = std::find_if(messages.begin(), messages.end(),
                                  [moment](const Stored& stored) { return stored.at > moment; });
  return static_cast<std::size_t>(later - messages.begin());
}

std::size_t StoredRoom::batches_before(net::Duration moment) const {
  const auto later = std::find_if(batches.begin(), batches.end(),
                                  [moment](const StoredBatch& batch) { return batch.at > moment; });
  return static_cast<std::size_t>(later - batches.begin());
}

const net::LinkProfile& link_of(const Scenario& scenario, const Schedule& schedule,
                                std::uint32_t user) {
  const std::size_t none = scenario.groups.size();
  const std::size_t group = user < schedule.user_groups.size() ? schedule.user_groups[user] : none;
  return group < scenario.groups.size() ? scenario.groups[group].link.profile
                                        : scenario.link.profile;
}

void seal(StoredRoom& room, const Schedule& schedule, net::Duration window) {
  std::stable_sort(room.messages.begin(), room.messages.end(),
                   [](const Stored& a, const Stored& b) { return a.at < b.at; });
  room.bytes.assign(1, 0);
  for (std::size_t i = 0; i < room.messages.size(); ++i) {
    Stored& stored = room.messages[i];
    const Say& say = schedule.says[stored.say];
    stored.bytes =
        static_cast<std::uint32_t>(ByteModel::message(say.user, stored.say, say.bytes, i + 1));
    room.bytes.push_back(room.bytes.back() + stored.bytes);
    const bool opens = room.batches.empty() || room.batches.back().at < stored.at;
    if (opens) room.batches.push_back({stored.at + window, i, i});
    room.batches.back().end = i + 1;
  }
}

}  // namespace pushbench::harness

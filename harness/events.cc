#include "harness/events.h"

#include <algorithm>

namespace pushbench::harness {

namespace {

template <class Item>
void add_all(std::vector<Event>& events, const std::vector<Item>& items, EventKind kind,
             Shard shard) {
  for (std::uint32_t i = 0; i < items.size(); ++i) {
    if (shard.has(items[i].user)) events.push_back({items[i].due, i, kind});
  }
}

}  // namespace

std::vector<Event> events_of(const Schedule& schedule, Shard shard) {
  std::vector<Event> events;
  for (std::uint32_t i = 0; i < schedule.stays.size(); ++i) {
    const Stay& stay = schedule.stays[i];
    if (!shard.has(stay.user)) continue;
    if (stay.from > net::Duration::zero()) events.push_back({stay.from, i, EventKind::join});
    if (stay.until < schedule.duration) events.push_back({stay.until, i, EventKind::leave});
  }
  add_all(events, schedule.says, EventKind::say, shard);
  add_all(events, schedule.cuts, EventKind::cut, shard);
  std::stable_sort(events.begin(), events.end(), [](const Event& a, const Event& b) {
    return a.due != b.due ? a.due < b.due : a.kind < b.kind;
  });
  return events;
}

std::vector<std::uint32_t> first_stays(const Schedule& schedule, Shard shard) {
  std::vector<std::uint32_t> first;
  for (std::uint32_t i = 0; i < schedule.stays.size(); ++i) {
    const Stay& stay = schedule.stays[i];
    if (shard.has(stay.user) && stay.from <= net::Duration::zero()) first.push_back(i);
  }
  std::sort(first.begin(), first.end(), [&](std::uint32_t a, std::uint32_t b) {
    return schedule.stays[a].user < schedule.stays[b].user;
  });
  return first;
}

}  // namespace pushbench::harness

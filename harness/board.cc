#include "harness/board.h"

#include <algorithm>

namespace pushbench::harness {

RoomSays::RoomSays(const Schedule& schedule)
    : schedule_(schedule), says_(schedule.rooms), next_(schedule.says.size(), kNone) {
  std::vector<std::uint32_t> last(schedule.users(), kNone);
  for (std::uint32_t say = 0; say < schedule.says.size(); ++say) {
    std::uint32_t& before = last[schedule.says[say].user];
    if (before != kNone) next_[before] = say;
    before = say;
    std::vector<std::uint32_t>& room = says_[schedule.room_of(schedule.says[say].user)];
    places_.push_back(static_cast<std::uint32_t>(room.size()));
    room.push_back(say);
  }
}

RoomSays::Window RoomSays::between(std::uint32_t room, net::Duration from,
                                   net::Duration until) const {
  const std::vector<std::uint32_t>& says = says_[room];
  const auto first_due = [&](net::Duration due) {
    const auto found = std::lower_bound(
        says.begin(), says.end(), due,
        [&](std::uint32_t say, net::Duration at) { return schedule_.says[say].due < at; });
    return static_cast<std::uint32_t>(found - says.begin());
  };
  const std::uint32_t first = first_due(from);
  return {first, std::max(first, first_due(until))};
}

void Board::on_seen(std::size_t say, std::uint32_t room, wire::Seq seq) {
  std::atomic<wire::Seq>& known = seqs_[say];
  if (known.load(std::memory_order_relaxed) == 0) known.store(seq, std::memory_order_relaxed);
  std::atomic<wire::Seq>& highest = rooms_[room].highest;
  wire::Seq had = highest.load(std::memory_order_relaxed);
  while (had < seq && !highest.compare_exchange_weak(had, seq, std::memory_order_release,
                                                     std::memory_order_relaxed)) {
  }
}

}  // namespace pushbench::harness

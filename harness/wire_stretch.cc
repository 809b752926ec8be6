#include "harness/wire_stretch.h"

#include <algorithm>
#include <chrono>
#include <span>
#include <vector>

#include "harness/board.h"

namespace pushbench::harness {

namespace {

constexpr std::chrono::milliseconds kLead{50};

/// Judges messages as beginnings of a stretch.
class Judge {
 public:
  Judge(const Schedule& schedule, net::Duration length)
      : schedule_(schedule), length_(length), rooms_(schedule), stays_(schedule.users()) {
    for (const Stay& stay : schedule.stays) stays_[stay.user].push_back(stay);
  }

  WireStretch stretch(std::size_t say) const {
    const net::Duration due = schedule_.says[say].due;
    const net::Duration from = std::max<net::Duration>(due - kLead, net::Duration::zero());
    return {schedule_.says[say].user, from, std::min(length_, schedule_.duration - from)};
  }

  /// 0 for the best.
  int faults(std::size_t say) const {
    const WireStretch whole = stretch(say);
    int faults = whole.length < length_ ? 4 : 0;
    if (!is_there(whole)) faults += 4;
    return faults + faults_of_follower(say);
  }

 private:
  bool is_there(const WireStretch& stretch) const {
    const std::vector<Stay>& stays = stays_[stretch.user];
    return schedule_.stays.empty() ||
           std::any_of(stays.begin(), stays.end(), [&](const Stay& stay) {
             return stay.from <= stretch.from && stay.until >= stretch.from + stretch.length;
           });
  }

  /// Whether the message that comes next is soon, and another user's.
  int faults_of_follower(std::size_t say) const {
    const Say& first = schedule_.says[say];
    const std::span<const std::uint32_t> says = rooms_.of(schedule_.room_of(first.user));
    const std::size_t next = rooms_.place_of(say) + 1;
    if (next == says.size()) return 2;
    const Say& second = schedule_.says[says[next]];
    if (second.due - first.due > length_ / 2) return 2;
    return second.user == first.user ? 1 : 0;
  }

  const Schedule& schedule_;
  const net::Duration length_;
  const RoomSays rooms_;
  std::vector<std::vector<Stay>> stays_;  // a user each
};

}  // namespace

std::optional<WireStretch> choose_stretch(const Schedule& schedule, net::Duration length) {
  if (schedule.says.empty()) return std::nullopt;
  const Judge judge(schedule, length);
  std::size_t best = 0;
  int fewest = judge.faults(0);
  for (std::size_t say = 1; say < schedule.says.size() && fewest > 0; ++say) {
    const int faults = judge.faults(say);
    if (faults < fewest) best = say;
    fewest = std::min(fewest, faults);
  }
  return judge.stretch(best);
}

}  // namespace pushbench::harness

#include "harness/replay_publishing.h"

#include <algorithm>
#include <utility>

#include "net/segments.h"

namespace pushbench::harness {

using net::Duration;

Publishing::Publishing(Rules rules, const Scenario& scenario, const Schedule& schedule,
                       const ByteModel& bytes, const Joining& joining)
    : rules_(rules),
      scenario_(scenario),
      schedule_(schedule),
      bytes_(bytes),
      joining_(joining),
      ledger_(net::kSegmentPayload, scenario.tls) {
  for (const Stay& stay : schedule.stays) stays_[stay.user].push_back(stay);
}

std::vector<StoredRoom> Publishing::publish() {
  std::vector<StoredRoom> rooms(schedule_.rooms);
  for (std::uint32_t number = 0; number < schedule_.says.size(); ++number) {
    const Say& say = schedule_.says[number];
    const std::size_t draft = ByteModel::draft(say.user, number, say.bytes);
    std::vector<Stored>& messages = rooms[schedule_.room_of(say.user)].messages;
    messages.push_back({arrival(say, draft, messages.size() + 1), number, 0});
  }
  for (StoredRoom& room : rooms) seal(room, schedule_, scenario_.batch_window);
  return rooms;
}

/// When the stay begins in which a user is at that moment.
Duration Publishing::there_since(std::uint32_t user, Duration at) const {
  const auto stays = stays_.find(user);
  if (stays == stays_.end()) return joining_.joined(user);
  Duration since = joining_.joined(user);
  for (const Stay& stay : stays->second) {
    if (stay.from > Duration::zero() && stay.from <= at) since = stay.from;
  }
  return since;
}

/// When a draft arrives. By POST one waits for the answer to the one before, by WebSocket for the
/// connection.
Duration Publishing::arrival(const Say& say, std::size_t draft, std::size_t seq) {
  const net::LinkProfile& link = link_of(scenario_, schedule_, say.user);
  const std::uint64_t seed = schedule_.seed * 1'000'003 + say.user;
  Poster& poster = posters_.try_emplace(say.user, link, seed).first->second;
  const Duration since = there_since(say.user, say.due);
  if (rules_ == Rules::socket) {
    const std::size_t size = ByteModel::frame(draft, true);
    ledger_.up(1, static_cast<double>(size), false);
    return poster.up.cross(size, std::max(say.due, since + joining_.time_to_join(say.user)));
  }
  if (std::exchange(poster.since, since) != since) {  // it left, and came back as another client
    poster.open = false;
    poster.free = Duration::min();
  }
  Duration at = std::max(say.due, poster.free);
  const bool opens = !poster.open || scenario_.clients.close_each;
  if (opens) {
    at = joining_.set_up(poster.up, poster.down, at);
    ledger_.connect(1);
    if (scenario_.clients.close_each) ledger_.disconnect(1);
  }
  poster.open = true;
  const std::uint32_t room = schedule_.room_of(say.user);
  const std::size_t request = bytes_.post(room, draft);
  const std::size_t answer = bytes_.post_answer(seq);
  ledger_.up(1, static_cast<double>(request), false);
  ledger_.down(1, static_cast<double>(answer), !opens);
  const Duration arrived = poster.up.cross(request, at);
  poster.free = poster.down.cross(answer, arrived);
  return arrived;
}

}  // namespace pushbench::harness

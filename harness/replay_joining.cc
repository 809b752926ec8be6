#include "harness/replay_joining.h"

#include <algorithm>

#include "harness/notice.h"

namespace pushbench::harness {

using net::Duration;

Joining::Joining(Rules rules, const Scenario& scenario, const Schedule& schedule,
                 const ByteModel& bytes)
    : rules_(rules), scenario_(scenario), schedule_(schedule), bytes_(bytes) {
  for (std::uint32_t user = 0; user < schedule.users(); ++user) {
    all_joined_ = std::max(all_joined_, due(user) + time_to_join(user));
  }
}

/// In the real run users come one after the other, and once all have joined there is the warm-up,
/// and a notice.
Duration Joining::joined(std::uint32_t user) const {
  const Duration notice = kNews + notice_for(schedule_.users());
  return due(user) - all_joined_ - scenario_.warmup - notice;
}

/// Counted from the first one's.
Duration Joining::due(std::uint32_t user) const {
  if (scenario_.presence == Presence::at_once) return Duration::zero();
  return Duration(scenario_.join_time) * user / static_cast<std::int64_t>(schedule_.users());
}

Duration Joining::time_to_join(std::uint32_t user) const {
  const net::LinkProfile& link = link_of(scenario_, schedule_, user);
  Way up(link, true, schedule_.seed + user);
  Way down(link, false, ~(schedule_.seed + user));
  const std::uint32_t room = schedule_.room_of(user);
  const Duration at = up.cross(request(room), set_up(up, down, Duration::zero()));
  return down.cross(answer(), at);
}

/// The packets that open a connection, and those of TLS, go there and back.
Duration Joining::set_up(Way& up, Way& down, Duration at) const {
  for (int trip = 0; trip < (scenario_.tls ? 2 : 1); ++trip) at = down.cross(0, up.cross(0, at));
  return at;
}

std::size_t Joining::request(std::uint32_t room) const {
  switch (rules_) {
    case Rules::polling:
      return bytes_.poll(room, 0, true);
    case Rules::long_polling:
      return bytes_.long_poll(room, 0, true);
    case Rules::event_stream:
      return bytes_.stream_request(room);
    case Rules::socket:
      return bytes_.upgrade_request(room);
  }
  return 0;
}

std::size_t Joining::answer() const {
  if (asks(rules_)) return bytes_.empty_answer(true);
  return rules_ == Rules::socket ? ByteModel::upgrade_answer() : ByteModel::stream_start();
}

}  // namespace pushbench::harness

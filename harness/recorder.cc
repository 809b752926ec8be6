#include "harness/recorder.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <utility>

#include "wire/number.h"

namespace pushbench::harness {

namespace {

using net::microseconds;

constexpr std::string_view kUser = "u";  // before a user's number, as it publishes
constexpr wire::Seq kSeen = 1;           // stands for the seq of a message that has none

/// Plain letters, so that JSON needs no escapes and a text's length is what the schedule says.
std::string make_filler(std::size_t length) {
  std::string text(length, ' ');
  for (std::size_t i = 0; i < length; ++i) text[i] = static_cast<char>('a' + i * 7 % 26);
  return text;
}

}  // namespace

Recorder::Recorder(const Schedule& schedule, const RoomSays& rooms, Board& board, Shard shard,
                   bool has_seqs)
    : schedule_(schedule),
      rooms_(rooms),
      board_(board),
      shard_(shard),
      has_seqs_(has_seqs),
      filler_(make_filler(schedule.largest_text())),
      seen_(shard.size(schedule.users())),
      users_(seen_.size()),
      receipts_(schedule.says.size()) {
  for (std::size_t user = shard.index; user < schedule.users(); user += shard.of) {
    seen_[user / shard.of].resize(rooms.of(schedule.room_of(user)).size());
    if (schedule.stays.empty()) await_all(user);
  }
  for (const Stay& stay : schedule.stays) {
    if (!shard.has(stay.user)) continue;
    messages_.expected += rooms.between(schedule.room_of(stay.user), stay.from, stay.until).size();
  }
}

/// Of one who is there all the time.
void Recorder::await_all(std::size_t user) {
  User& account = account_of(user);
  account.window = rooms_.all(schedule_.room_of(user));
  messages_.expected += account.window.size();
  awaited_ += account.window.size();
}

/// Of an id that is no say's: a number that no say has.
std::size_t Recorder::say_of(std::string_view draft_id) const {
  std::size_t say = schedule_.says.size();
  std::from_chars(draft_id.data(), draft_id.data() + draft_id.size(), say);
  return say;
}

std::string_view Recorder::text_of(std::size_t say) const {
  return std::string_view(filler_).substr(0, schedule_.says[say].bytes);
}

bool Recorder::is_as_published(std::size_t say, std::uint32_t room,
                               const wire::Message& message) const {
  if (say >= schedule_.says.size() || message.text != text_of(say)) return false;
  const std::uint32_t user = schedule_.says[say].user;
  if (schedule_.room_of(user) != room) return false;
  std::uint32_t from = 0;
  return has_seqs_ || (message.from.starts_with(kUser) &&
                       wire::read_number(message.from.substr(kUser.size()), from) && from == user);
}

/// Whether one of the same publisher's later messages, due before `until`, has come before this
/// one. Those are as many as are under way.
bool Recorder::overtaken(std::size_t user, std::size_t say, net::Duration until) const {
  const std::vector<bool>& seen = seen_[user / shard_.of];
  for (std::size_t next = rooms_.next_of_publisher(say);
       next != RoomSays::kNone && schedule_.says[next].due < until;
       next = rooms_.next_of_publisher(next)) {
    if (seen[rooms_.place_of(next)]) return true;
  }
  return false;
}

wire::Draft Recorder::draft(std::size_t say) {
  id_ = std::to_string(say);
  from_ = fmt::format("{}{}", kUser, schedule_.says[say].user);
  return {from_, text_of(say), id_};
}

wire::Seq Recorder::arrive(std::size_t stay, net::Time now) {
  const auto& [from, until, user] = schedule_.stays[stay];
  const std::uint32_t room = schedule_.room_of(user);
  const wire::Seq after = has_seqs_ ? board_.highest(room) : 0;
  User& account = account_of(user);
  account = User();
  account.last_seq = after;
  account.window = rooms_.between(room, from, until);
  arrived_.push_back(static_cast<std::uint32_t>(stay));
  for (std::uint32_t place = account.window.first; place < account.window.last; ++place) {
    const std::uint32_t say = rooms_.of(room)[place];
    if (after == 0 || due(say) > now) break;
    const wire::Seq seq = board_.seq_of(say);
    if (seq == 0 || seq > after) continue;
    seen_[user / shard_.of][place] = true;  // it is not asked for
    ++account.waived;
    waived_.push_back(say);
  }
  messages_.expected -= account.waived;
  awaited_ += account.lacks();
  return after;
}

void Recorder::subscribe(std::size_t user, net::Time now) {
  if (has_seqs_) return;
  const std::uint32_t room = schedule_.room_of(user);
  User& account = account_of(user);
  const std::uint32_t lacked = account.lacks();
  RoomSays::Window& window = account.window;
  for (; window.first < window.last; ++window.first) {
    const std::uint32_t say = rooms_.of(room)[window.first];
    if (due(say) > now) break;
    if (seen_[user / shard_.of][window.first]) {
      --account.delivered;
    } else {
      --messages_.expected;
      waived_.push_back(say);
    }
  }
  awaited_ -= lacked - account.lacks();
}

void Recorder::depart(std::size_t stay) {
  const std::size_t user = schedule_.stays[stay].user;
  User& account = account_of(user);
  awaited_ -= account.lacks();
  if (account.lacks() > 0) {
    departures_.push_back(
        {static_cast<std::uint32_t>(stay), account.last_seq, account.missed, lacks_of(user)});
  }
  const wire::Seq last_seq = account.last_seq;
  account = User();
  account.last_seq = last_seq;
}

void Recorder::take_along(std::string_view draft_id) {
  const std::size_t say = say_of(draft_id);
  board_.on_taken_along(say);
  taken_along_.push_back(static_cast<std::uint32_t>(say));
}

void Recorder::on_published(std::size_t say, net::Time now) {
  const Say& event = schedule_.says[say];
  ++messages_.published;
  payload_.up += event.bytes;
  board_.on_published(say, schedule_.room_of(event.user));
  if (!sent_.empty()) sent_[say] = now;
}

void Recorder::on_event(net::Time due, net::Time now) { lateness_.record(microseconds(now - due)); }

void Recorder::on_delivered(std::size_t user, const wire::Message& message, net::Time now) {
  const std::size_t say = say_of(message.id);
  const std::uint32_t room = schedule_.room_of(user);
  if (!is_as_published(say, room, message)) {
    ++messages_.damaged;
    return;
  }
  const std::uint32_t place = rooms_.place_of(say);
  if (seen_[user / shard_.of][place]) {
    ++messages_.duplicated;
    return;
  }
  seen_[user / shard_.of][place] = true;
  User& account = account_of(user);
  const bool late =
      has_seqs_ ? message.seq <= account.last_seq : overtaken(user, say, now - start_);
  if (late) ++messages_.reordered;
  account.last_seq = std::max(account.last_seq, message.seq);
  payload_.down += message.text.size();
  if (!schedule_.stays.empty()) board_.on_seen(say, room, has_seqs_ ? message.seq : kSeen);
  if (account.window.holds(place)) return count_delivery(account, user, say, now);
  ++messages_.backlog;
}

void Recorder::count_delivery(User& account, std::size_t user, std::size_t say, net::Time now) {
  ++account.delivered;
  ++messages_.delivered;
  --awaited_;
  const std::int64_t us =
      std::max<std::int64_t>(0, microseconds(now - (sent_.empty() ? due(say) : sent_[say])));
  latency_.record(us);
  seconds_.record(now - start_, us);
  if (schedule_.says[say].user == user) sender_latency_.record(us);
  Receipt& receipt = receipts_[say];
  ++receipt.count;
  constexpr std::int64_t kMost = std::numeric_limits<std::uint32_t>::max();  // 71 minutes
  receipt.last_us = std::max(receipt.last_us, static_cast<std::uint32_t>(std::min(us, kMost)));
}

/// A gap notice owns up to what lies between what the user had and the oldest message that is
/// retained. After a restart the server counts anew and cannot say how many that are: all that was
/// published and is neither here nor retained.
void Recorder::on_gap(std::size_t user, const wire::Gap& gap) {
  ++messages_.gaps;
  User& account = account_of(user);
  if (gap.reason == "expired") {
    account.missed += gap.oldest - 1 - std::min(gap.oldest - 1, gap.after);
  } else {
    const std::uint64_t published = board_.published(schedule_.room_of(user));
    const std::uint64_t had_or_coming = account.delivered + (gap.last + 1 - gap.oldest);
    account.missed = published - std::min(published, had_or_coming);
  }
  account.last_seq = gap.oldest - 1;
}

std::vector<std::uint32_t> Recorder::lacks_of(std::size_t user) const {
  std::vector<std::uint32_t> lacks;
  const RoomSays::Window window = users_[user / shard_.of].window;
  const auto says = rooms_.of(schedule_.room_of(user));
  for (std::uint32_t place = window.first; place < window.last; ++place) {
    if (!seen_[user / shard_.of][place]) lacks.push_back(says[place]);
  }
  return lacks;
}

/// Takes off what was withdrawn: it is not expected of a user that lacks it.
void Recorder::excuse_withdrawn(std::vector<std::uint32_t>& lacks) {
  const auto first = std::stable_partition(
      lacks.begin(), lacks.end(), [this](std::uint32_t say) { return !board_.withdrawn(say); });
  messages_.expected -= static_cast<std::uint64_t>(lacks.end() - first);
  waived_.insert(waived_.end(), first, lacks.end());
  lacks.erase(first, lacks.end());
}

/// Whether its user has had a later message than this one, which it lacks.
bool Recorder::is_hole(const Departure& departure, std::uint32_t say) const {
  if (has_seqs_) {
    const wire::Seq seq = board_.seq_of(say);
    return seq != 0 && seq < departure.last_seq;
  }
  const Stay& stay = schedule_.stays[departure.stay];
  return overtaken(stay.user, say, stay.until);
}

void Recorder::settle(Departure& departure, net::Duration under_way) {
  const net::Duration until = schedule_.stays[departure.stay].until;
  std::uint64_t missed = departure.missed;
  excuse_withdrawn(departure.lacks);
  for (const std::uint32_t say : departure.lacks) {
    if (!board_.said(say)) continue;
    if (missed > 0) {
      --missed;
      ++messages_.missed;
    } else if (is_hole(departure, say) || schedule_.says[say].due + under_way < until) {
      ++messages_.lost;
    } else {
      ++messages_.left;
      waived_.push_back(say);
    }
  }
}

/// Of this shard's publishers.
void Recorder::take_back_withdrawn() {
  for (const std::uint32_t say : taken_along_) {
    if (!board_.withdrawn(say)) continue;
    --messages_.published;
    payload_.up -= schedule_.says[say].bytes;
  }
}

void Recorder::close(net::Duration under_way) {
  take_back_withdrawn();
  for (Departure& departure : departures_) settle(departure, under_way);
  for (std::size_t user = shard_.index; user < schedule_.users(); user += shard_.of) {
    const User& account = account_of(user);
    if (account.lacks() == 0) continue;
    std::vector<std::uint32_t> lacks = lacks_of(user);
    excuse_withdrawn(lacks);
    const auto said = static_cast<std::uint64_t>(std::count_if(
        lacks.begin(), lacks.end(), [this](std::uint32_t say) { return board_.said(say); }));
    const std::uint64_t missed = std::min(said, account.missed);
    messages_.missed += missed;
    messages_.lost += said - missed;
  }
}

void Recorder::add_receivers(std::vector<std::uint32_t>& receivers) const {
  // In each room, by how much more users a place is awaited than the one before it.
  std::vector<std::vector<std::uint32_t>> steps(schedule_.rooms);
  const auto add = [&](std::uint32_t room, RoomSays::Window window) {
    steps[room].resize(rooms_.of(room).size() + 1);
    ++steps[room][window.first];
    --steps[room][window.last];
  };
  for (const std::uint32_t stay : arrived_) {
    const auto& [from, until, user] = schedule_.stays[stay];
    add(schedule_.room_of(user), rooms_.between(schedule_.room_of(user), from, until));
  }
  for (std::size_t user = shard_.index; schedule_.stays.empty() && user < schedule_.users();
       user += shard_.of) {
    add(schedule_.room_of(user), rooms_.all(schedule_.room_of(user)));
  }
  for (std::uint32_t room = 0; room < schedule_.rooms; ++room) {
    std::uint32_t awaited = 0;
    for (std::size_t place = 0; place + 1 < steps[room].size(); ++place) {
      awaited += steps[room][place];
      receivers[rooms_.of(room)[place]] += awaited;
    }
  }
  for (const std::uint32_t say : waived_) --receivers[say];
}

}  // namespace pushbench::harness

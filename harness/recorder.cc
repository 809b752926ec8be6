#include "harness/recorder.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace pushbench::harness {

namespace {

std::int64_t microseconds(net::Duration duration) {
  return std::chrono::duration_cast<std::chrono::microseconds>(duration).count();
}

/// Plain letters, so that JSON needs no escapes and a text's length is what the schedule says.
std::string make_filler(std::size_t length) {
  std::string text(length, ' ');
  for (std::size_t i = 0; i < length; ++i) text[i] = static_cast<char>('a' + i * 7 % 26);
  return text;
}

}  // namespace

Recorder::Recorder(const Schedule& schedule)
    : schedule_(schedule),
      filler_(make_filler(schedule.largest_text())),
      seen_(schedule.users(), std::vector<bool>(schedule.says.size())),
      published_(schedule.rooms),
      users_(schedule.users()) {
  messages_.expected = schedule.expected_deliveries();
}

std::string_view Recorder::text_of(std::size_t say) const {
  return std::string_view(filler_).substr(0, schedule_.says[say].bytes);
}

wire::Draft Recorder::draft(std::size_t say) {
  id_ = std::to_string(say);
  from_ = fmt::format("u{}", schedule_.says[say].user);
  return {from_, text_of(say), id_};
}

void Recorder::on_published(std::size_t say, net::Time now) {
  ++messages_.published;
  payload_.up += schedule_.says[say].bytes;
  ++published_[schedule_.room_of(schedule_.says[say].user)];
  lateness_.record(microseconds(now - due(say)));
}

void Recorder::on_delivered(std::size_t user, const wire::Message& message, net::Time now) {
  std::size_t say = schedule_.says.size();
  std::from_chars(message.id.data(), message.id.data() + message.id.size(), say);
  if (say >= schedule_.says.size() || message.text != text_of(say) ||
      schedule_.room_of(schedule_.says[say].user) != schedule_.room_of(user)) {
    ++messages_.damaged;
    return;
  }
  if (seen_[user][say]) {
    ++messages_.duplicated;
    return;
  }
  seen_[user][say] = true;
  User& account = users_[user];
  if (message.seq <= account.last_seq) ++messages_.reordered;
  account.last_seq = std::max(account.last_seq, message.seq);
  ++account.delivered;
  ++messages_.delivered;
  payload_.down += message.text.size();
  latency_.record(microseconds(now - due(say)));
}

/// A gap notice owns up to what lies between what the user had and the oldest message that is
/// retained. After a restart the server counts anew and cannot say how many that are: all that was
/// published and is neither here nor retained.
void Recorder::on_gap(std::size_t user, const wire::Gap& gap) {
  ++messages_.gaps;
  User& account = users_[user];
  if (gap.reason == "expired") {
    account.missed += gap.oldest - 1 - std::min(gap.oldest - 1, gap.after);
  } else {
    const std::uint64_t published = published_[schedule_.room_of(user)];
    const std::uint64_t had_or_coming = account.delivered + (gap.last + 1 - gap.oldest);
    account.missed = published - std::min(published, had_or_coming);
  }
  account.last_seq = gap.oldest - 1;
}

void Recorder::fill(Repetition& repetition) {
  for (std::size_t user = 0; user < users_.size(); ++user) {
    const std::uint64_t published = published_[schedule_.room_of(user)];
    const std::uint64_t lacks = published - std::min(published, users_[user].delivered);
    messages_.missed += std::min(lacks, users_[user].missed);
    messages_.lost += lacks - std::min(lacks, users_[user].missed);
  }
  repetition.messages = messages_;
  repetition.payload = payload_;
  repetition.delivery_latency = std::move(latency_);
  repetition.lateness = std::move(lateness_);
}

}  // namespace pushbench::harness

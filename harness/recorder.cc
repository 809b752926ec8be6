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
      last_seq_(schedule.users()) {
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
  due_deliveries_ += schedule_.users_in(schedule_.room_of(schedule_.says[say].user));
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
  if (message.seq <= last_seq_[user]) ++messages_.reordered;
  last_seq_[user] = std::max(last_seq_[user], message.seq);
  ++messages_.delivered;
  payload_.down += message.text.size();
  latency_.record(microseconds(now - due(say)));
}

void Recorder::fill(Repetition& repetition) {
  messages_.lost = due_deliveries_ - std::min(due_deliveries_, messages_.delivered);
  repetition.messages = messages_;
  repetition.payload = payload_;
  repetition.delivery_latency = std::move(latency_);
  repetition.lateness = std::move(lateness_);
}

}  // namespace pushbench::harness

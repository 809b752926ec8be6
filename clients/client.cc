#include "clients/client.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

#include "clients/answered.h"
#include "wire/number.h"

namespace pushbench::clients {

Client::Client(const Shared& shared, const Identity& identity)
    : tls_(shared.tls == nullptr ? nullptr : shared.tls->another_client()),
      shared_{shared.loop,   shared.server,  tls_.get(),        shared.listener, shared.batches,
              shared.random, shared.headers, shared.null_rooms, identity.from,   identity.tap},
      identity_(identity),
      inbox_(*this),
      retry_(shared.loop, shared.random, net::Callback::to<&Client::reconnect>(this)) {}

void Client::join(const std::string& room, const Cursor& after) {
  room_ = room;
  cursor_ = after;
  connect();
}

void Client::publish(const Draft& draft) {
  if (!draft.id.empty()) return send_draft(draft);
  std::array<std::uint8_t, 8> bytes;
  shared_.random.fill(bytes);
  const std::string id = fmt::format("{:016x}", std::bit_cast<std::uint64_t>(bytes));
  send_draft({draft.from, draft.text, id});
}

void Client::leave() {
  state_ = State::over;
  retry_.cancel();
  disconnect();
}

bool Client::cut() {
  if (state_ == State::joining || state_ == State::over || retry_.pending()) return false;
  state_ = State::lost;
  disconnect();
  retry_.later(pause());
  return true;
}

void Client::subscribed() {
  if (has_left()) return;  // in a callback just before
  const State before = state_;
  state_ = State::joined;
  if (before == State::joining) shared_.listener.on_joined(*this);
  if (before == State::lost) shared_.listener.on_rejoined(*this);
}

void Client::lost(const std::string& reason, net::Duration at_least) {
  if (has_left()) return;
  if (state_ == State::joining) return failed(reason);
  disconnect();
  retry_.later(std::max(pause(), at_least));
  const State before = state_;
  state_ = State::lost;
  if (before == State::joined) shared_.listener.on_disconnected(*this, reason);
}

void Client::refused(const wire::HttpMessage& answer) {
  if (says_later(answer)) return lost(answered(answer), retry_after(answer));
  failed(answered(answer));
}

void Client::failed(const std::string& what) {
  if (has_left()) return;
  state_ = State::over;
  retry_.cancel();
  disconnect();
  shared_.listener.on_failure(*this, {shared_.server.text(), what});
}

bool Client::take_batch(std::string_view json) {
  if (const auto read = shared_.batches.read(json, inbox_); !read) failed(read.error().line());
  return !has_left();
}

bool Client::take_draft(const Result<Draft>& draft) {
  if (!draft) {
    failed(draft.error().line());
  } else {
    inbox_.on_message({cursor_.seq + 1, draft->from, draft->text, draft->id, 0});
  }
  return !has_left();
}

void Client::learn_epoch(const wire::HttpMessage& answer) {
  if (const std::string_view epoch = answer.header("Room-Epoch"); !epoch.empty()) {
    cursor_.epoch = epoch;
  }
}

std::string Client::after() const {
  std::string text = cursor_.epoch;
  if (!text.empty()) text += '.';
  const fmt::format_int seq(cursor_.seq);
  return text.append(seq.data(), seq.size());
}

void Client::Inbox::on_message(const wire::Message& message) {
  if (client_.has_left()) return;
  // A server that repeats a message must not set the client back as well.
  client_.cursor_.seq = std::max(client_.cursor_.seq, message.seq);
  client_.on_received(message);
  client_.shared_.listener.on_message(client_, message);
}

void Client::Inbox::on_gap(const wire::Gap& gap) {
  if (client_.has_left()) return;
  client_.cursor_ = {std::string(gap.epoch),
                     std::max<wire::Seq>(gap.oldest, 1) - 1};  // what is retained follows
  client_.shared_.listener.on_gap(client_, gap);
}

void Client::Inbox::on_problem(std::string_view detail) {
  if (client_.has_left()) return;
  client_.shared_.listener.on_failure(client_, {"the server refused a draft", std::string(detail)});
}

tl::expected<bool, wire::HttpError> feed_answer(wire::HttpParser& parser, std::span<char>& bytes) {
  for (;;) {
    const auto fed = parser.feed({bytes.data(), bytes.size()});
    if (!fed) return tl::unexpected(fed.error());
    bytes = bytes.subspan(fed->consumed);
    const int status = parser.message().status();
    const bool interim = status / 100 == 1 && status != 101;
    if (!fed->complete || !interim) return fed->complete;
    parser.next();
  }
}

bool says_later(const wire::HttpMessage& answer) {
  const std::array<int, 3> later{408, 429, 503};  // RFC 9110 §15.5.9, RFC 6585 §4, RFC 9110 §15.6.4
  return std::find(later.begin(), later.end(), answer.status()) != later.end();
}

net::Duration retry_after(const wire::HttpMessage& answer) {
  std::uint32_t seconds = 0;
  wire::read_number(answer.header("Retry-After"), seconds);  // a date or nonsense: no longer pause
  return std::chrono::seconds(std::min(seconds, 3600U));
}

}  // namespace pushbench::clients

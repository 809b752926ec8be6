#include "servers/store.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace pushbench::servers {

namespace {

/// Subscribers that poll stand at a few different places at most; remembering more would only hold
/// memory.
constexpr std::size_t kTails = 8;

std::string idempotency_key(const Draft& draft) {
  if (draft.id.empty()) return {};
  return fmt::format("{}:{}{}", draft.from.size(), draft.from, draft.id);
}

}  // namespace

Room::Room(std::string name, const StoreOptions& options, std::string_view epoch)
    : name_(std::move(name)), options_(options), epoch_(epoch) {}

void Room::append(const Draft& draft, std::string key, std::int64_t at_ms) {
  if (entries_.size() == options_.retain) {
    by_key_.erase(entries_.front().key);
    entries_.pop_front();
  }
  ++last_;
  if (!key.empty()) by_key_.emplace(key, last_);
  std::string json;
  wire::append_message(json, {last_, draft.from, draft.text, draft.id, at_ms});
  entries_.push_back({std::move(json), std::move(key)});
  tails_.clear();
}

/// Whether it was given out by this store.
bool Room::knows(const Cursor& cursor) const {
  return (cursor.epoch.empty() || cursor.epoch == epoch_) && cursor.seq <= last_;
}

Batch Room::after(const Cursor& cursor, Seq end) {
  const bool restarted = !knows(cursor);
  if (restarted || cursor.seq + 1 < oldest()) {
    std::string lead;
    wire::append_gap(lead,
                     {restarted ? "restarted" : "expired", cursor.seq, oldest(), last_, epoch_});
    return encode(oldest(), end, lead);
  }
  if (cursor.seq >= end) return {};
  return from(cursor.seq + 1, end);
}

Batch Room::from(Seq first, Seq end) {
  const auto known = std::find_if(tails_.begin(), tails_.end(), [first, end](const Tail& tail) {
    return tail.first == first && tail.end == end;
  });
  if (known != tails_.end()) return known->batch;
  if (tails_.size() == kTails) tails_.erase(tails_.begin());
  tails_.push_back({first, end, encode(first, end, {})});
  return tails_.back().batch;
}

Batch Room::encode(Seq first, Seq end, std::string_view lead) const {
  std::string json(1, '[');
  json += lead;
  Seq seq = first;
  for (; seq <= end && (seq == first || json.size() < options_.max_batch); ++seq) {
    if (json.size() > 1) json += ',';
    json += entries_[seq - oldest()].json;
  }
  json += ']';
  return {seq - 1, net::make_bytes(std::move(json)), seq - first};
}

MessageStore::MessageStore(const StoreOptions& options, std::string epoch,
                           DeliveryListener& listener)
    : options_(options),
      epoch_(std::move(epoch)),
      listener_(listener),
      nowhere_("", options_, epoch_) {}

Result<Room*> MessageStore::open(std::string_view name) {
  if (const auto found = rooms_.find(name); found != rooms_.end()) return found->second.get();
  std::string key(name);
  if (rooms_.size() >= options_.max_rooms) {
    return failure(key, fmt::format("this server holds its limit of {} rooms; use one of them",
                                    options_.max_rooms));
  }
  auto room = std::make_unique<Room>(key, options_, epoch_);
  return rooms_.emplace(std::move(key), std::move(room)).first->second.get();
}

const Room& MessageStore::view(std::string_view name) const {
  const auto found = rooms_.find(name);
  return found == rooms_.end() ? nowhere_ : *found->second;
}

Published MessageStore::publish(Room& room, const Draft& draft, std::int64_t at_ms) {
  std::string key = idempotency_key(draft);
  if (!key.empty()) {
    if (const auto known = room.by_key_.find(key); known != room.by_key_.end()) {
      return {known->second, false};
    }
  }
  // What nobody has seen yet must not fall out of what is retained.
  if (room.last_ - room.delivered_ >= options_.retain) deliver(room);
  if (room.last_ == room.delivered_) windows_.push_back({&room, room.last_ + 1, {}});
  room.append(draft, std::move(key), at_ms);
  ++published_;
  return {room.last_, true};
}

Batch MessageStore::backlog(Room& room, const Cursor& cursor) {
  const bool is_ahead = room.knows(cursor) && cursor.seq > room.delivered_;
  if (is_ahead || options_.batch_window == net::Duration::zero()) deliver(room);
  return room.after(cursor, room.delivered_);
}

void MessageStore::deliver(Room& room) {
  while (room.delivered_ < room.last_) {
    const Batch batch = room.from(room.delivered_ + 1, room.last_);
    room.delivered_ = batch.last;
    listener_.on_published(room, batch);
  }
}

void MessageStore::deliver_all() {
  for (const Window& window : std::exchange(windows_, {})) deliver(*window.room);
}

std::optional<net::Time> MessageStore::deliver_due(net::Time now) {
  for (auto window = windows_.rbegin(); window != windows_.rend() && !window->over; ++window) {
    window->over = now + options_.batch_window;
  }
  while (!windows_.empty() && windows_.front().over && *windows_.front().over <= now) {
    const Window window = windows_.front();
    windows_.pop_front();
    // Where it was delivered early, what came after that has a window of its own.
    if (window.room->delivered_ < window.first) deliver(*window.room);
  }
  if (windows_.empty()) return {};
  return windows_.front().over.value_or(now);
}

}  // namespace pushbench::servers

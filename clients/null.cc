#include "clients/null.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace pushbench::clients {

namespace {

constexpr std::size_t kAny = std::numeric_limits<std::size_t>::max();

/// The messages after `seq`, as a server would send them.
std::string batch_after(const std::vector<std::string>& messages, wire::Seq seq) {
  std::string batch;
  for (auto i = static_cast<std::size_t>(seq); i < messages.size(); ++i) {
    batch += batch.empty() ? '[' : ',';
    batch += messages[i];
  }
  return batch + "]";
}

}  // namespace

NullRooms::NullRooms(net::Loop& loop)
    : drafts_({kAny, kAny, kAny}),
      next_turn_(loop, net::Callback::to<&NullRooms::hand_out_all>(this)) {}

void NullRooms::subscribe(Null& client, const std::string& room) {
  rooms_[room].subscribers.push_back(&client);
  next_turn_.start_at(net::now());
}

void NullRooms::unsubscribe(Null& client) {
  for (auto& [name, room] : rooms_) {
    if (name != client.room_) continue;
    std::replace(room.subscribers.begin(), room.subscribers.end(), &client,
                 static_cast<Null*>(nullptr));
  }
}

void NullRooms::publish(const std::string& room, const std::string& draft) {
  const auto read = drafts_.read(draft);
  if (!read) return;  // only what encode_draft() has written comes here
  std::vector<std::string>& messages = rooms_[room].messages;
  std::string json;
  wire::append_message(json, {messages.size() + 1, read->from, read->text, read->id, 0});
  messages.push_back(std::move(json));
  next_turn_.start_at(net::now());
}

void NullRooms::hand_out_all() {
  for (auto& [name, room] : rooms_) hand_out(room);
}

/// Those that have all but the newest messages share one batch, as with a server.
void NullRooms::hand_out(Room& room) {
  const std::size_t before = room.handed_out;
  const std::size_t last = room.messages.size();
  const std::string newest = before < last ? batch_after(room.messages, before) : "";
  room.handed_out = last;
  const std::size_t count = room.subscribers.size();  // who comes meanwhile waits for the next turn
  for (std::size_t i = 0; i < count; ++i) {
    Null* const client = room.subscribers[i];
    if (client == nullptr) continue;
    client->be_subscribed();
    const wire::Seq had = client->cursor().seq;
    if (room.subscribers[i] == nullptr || had >= last) continue;
    client->take(had == before ? newest : batch_after(room.messages, had));
  }
  std::erase(room.subscribers, nullptr);
}

Null::Null(const Shared& shared, const Identity& identity, const ClientOptions&)
    : Client(shared, identity) {}

void Null::connect() {
  is_new_ = true;
  shared_.null_rooms->subscribe(*this, room_);
}

void Null::be_subscribed() {
  if (std::exchange(is_new_, false)) subscribed();
}

void Null::send_draft(const Draft& draft) {
  shared_.null_rooms->publish(room_, wire::encode_draft(draft));
}

}  // namespace pushbench::clients

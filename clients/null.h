#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "clients/client.h"
#include "net/timer.h"

namespace pushbench::clients {

class Null;

/// Rooms without a server: in memory, for the clients of one loop. What is published in a turn is
/// handed out in the next one.
class NullRooms {
 public:
  explicit NullRooms(net::Loop& loop);

  void subscribe(Null& client, const std::string& room);  // told so in the next turn
  void unsubscribe(Null& client);
  void publish(const std::string& room, const std::string& draft);

 private:
  struct Room {
    std::vector<std::string> messages;  // as JSON; the first has seq 1
    std::vector<Null*> subscribers;     // null: one that is gone
    std::size_t handed_out = 0;         // to all
    bool has_news = false;
  };
  void note_news(Room& room);
  void hand_out_all();
  void hand_out(Room& room);

  wire::DraftReader drafts_;
  std::map<std::string, Room> rooms_;
  std::vector<Room*> news_;  // those with a message or a subscriber since the last turn
  net::Timer next_turn_;
};

/// The transport that measures the harness itself: no sockets and no server, but drafts are encoded
/// and read, and each user reads each batch, as on any other.
class Null final : public Client {
 public:
  Null(const Shared& shared, const Identity& identity, const ClientOptions& options);
  ~Null() override { Null::disconnect(); }

  std::vector<std::string> drafts_under_way() const override { return {}; }  // stored at once

 private:
  friend class NullRooms;
  void connect() override;
  void disconnect() override { shared_.null_rooms->unsubscribe(*this); }
  void send_draft(const Draft& draft) override;
  void take(std::string_view batch) { take_batch(batch); }
  void be_subscribed();

  bool is_new_ = true;  // the rooms have not yet told it that it is subscribed
};

}  // namespace pushbench::clients

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/board.h"
#include "harness/histogram.h"
#include "harness/result.h"
#include "harness/schedule.h"
#include "harness/second_by_second.h"
#include "net/clock.h"
#include "wire/message.h"

namespace pushbench::harness {

/// The users that one thread answers for: from `index` on every `of`-th.
struct Shard {
  std::size_t index = 0;
  std::size_t of = 1;

  bool has(std::size_t user) const { return user % of == index; }
  std::size_t size(std::size_t users) const { return (users + of - 1 - index) / of; }
};

/// Checks every delivery to every user of a shard against the schedule, and keeps the times. All
/// but the board is its own, and of one thread.
class Recorder {
 public:
  /// Without `has_seqs` (see LoadPlan) there are no gap notices either, and nobody can ask for what
  /// follows a message.
  Recorder(const Schedule& schedule, const RoomSays& rooms, Board& board, Shard shard = {},
           bool has_seqs = true);

  /// The draft of a say: its id is the say's number, its text a filler of the scheduled length.
  wire::Draft draft(std::size_t say);

  void begin(net::Time start) { start_ = start; }  // due times count from here
  /// Latency then counts from the moment of publishing, for a load that is a closed loop.
  void count_from_publishing() { sent_.resize(schedule_.says.size()); }

  /// A stay begins: returns the seq that its user is to join after. What the room has got to by
  /// then is not expected.
  wire::Seq arrive(std::size_t stay, net::Time now);
  /// Its user is subscribed. Without seqs nothing that was due before is expected: the user could
  /// not ask for it.
  void subscribe(std::size_t user, net::Time now);
  /// It ends: what its user lacks is under way, or lost: close() tells.
  void depart(std::size_t stay);
  /// The publisher of a draft, a user of this shard, leaves before the server has said that it has
  /// it. If nobody has it when all is over, it was not published, and nobody is expected to have
  /// it.
  void take_along(std::string_view draft_id);

  void on_published(std::size_t say, net::Time now);
  void on_event(net::Time due, net::Time now);  // no cut; or a poll's beat: carried out
  void on_delivered(std::size_t user, const wire::Message& message, net::Time now);
  void on_gap(std::size_t user, const wire::Gap& gap);

  bool complete() const { return awaited_ == 0; }  // all who are there have all that they expect
  std::uint64_t delivered() const { return messages_.delivered; }
  const Histogram& latency() const { return latency_; }
  net::Time due(std::size_t say) const { return start_ + schedule_.says[say].due; }

  /// Closes the account, once all threads are done: what is not delivered by now is lost. What a
  /// user lacked that left within `under_way` of its due time is left, unless a later one came.
  void close(net::Duration under_way);

  // From then on:
  const Messages& messages() const { return messages_; }
  const Directions& payload() const { return payload_; }
  const Histogram& lateness() const { return lateness_; }
  const Histogram& sender_latency() const { return sender_latency_; }
  std::vector<LatencySecond> take_seconds() { return seconds_.take(); }  // of latency()
  /// Of one say: at how many of the shard's users it was delivered, and at the last of them when.
  struct Receipt {
    std::uint32_t count = 0;
    std::uint32_t last_us = 0;
  };
  const std::vector<Receipt>& receipts() const { return receipts_; }
  /// Adds to each say the number of this shard's users that must have it.
  void add_receivers(std::vector<std::uint32_t>& receivers) const;

 private:
  /// One user's account of one stay, and its place in the room.
  struct User {
    wire::Seq last_seq = 0;
    RoomSays::Window window;      // what it expects …
    std::uint32_t delivered = 0;  // … has of it …
    std::uint32_t waived = 0;     // … or need not have: it came after it
    std::uint64_t missed = 0;     // that gap notices own up to
    std::uint32_t lacks() const { return window.size() - delivered - waived; }
  };
  /// What a user lacked when it left.
  struct Departure {
    std::uint32_t stay = 0;
    wire::Seq last_seq = 0;
    std::uint64_t missed = 0;
    std::vector<std::uint32_t> lacks;  // says
  };

  std::size_t say_of(std::string_view draft_id) const;
  bool is_as_published(std::size_t say, std::uint32_t room, const wire::Message& message) const;
  bool overtaken(std::size_t user, std::size_t say, net::Duration until) const;
  bool is_hole(const Departure& departure, std::uint32_t say) const;
  std::string_view text_of(std::size_t say) const;
  User& account_of(std::size_t user) { return users_[user / shard_.of]; }
  std::vector<std::uint32_t> lacks_of(std::size_t user) const;
  void await_all(std::size_t user);
  void count_delivery(User& account, std::size_t user, std::size_t say, net::Time now);
  void settle(Departure& departure, net::Duration under_way);
  void excuse_withdrawn(std::vector<std::uint32_t>& lacks);
  void take_back_withdrawn();

  const Schedule& schedule_;
  const RoomSays& rooms_;
  Board& board_;
  const Shard shard_;
  const bool has_seqs_;
  net::Time start_{};
  Messages messages_;
  Histogram latency_;
  SecondBySecond seconds_;
  Histogram sender_latency_;
  Histogram lateness_;
  Directions payload_;
  std::uint64_t awaited_ = 0;  // deliveries to those who are there
  std::string filler_;
  std::string id_;                       // of the draft at hand
  std::string from_;                     // of the draft at hand
  std::vector<std::vector<bool>> seen_;  // a user each: which of its room's places it has
  std::vector<User> users_;
  std::vector<Receipt> receipts_;           // a say each
  std::vector<net::Time> sent_;             // a say each, if latency counts from it
  std::vector<std::uint32_t> arrived_;      // stays
  std::vector<std::uint32_t> waived_;       // says, once for each user that need not have it
  std::vector<std::uint32_t> taken_along_;  // says of this shard's users
  std::vector<Departure> departures_;
};

}  // namespace pushbench::harness

#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "net/bytes.h"
#include "net/clock.h"
#include "wire/message.h"
#include "wire/result.h"

namespace pushbench::servers {

using wire::Cursor;
using wire::Draft;
using wire::Seq;

struct StoreOptions {
  std::size_t retain = 1000;           // messages a room keeps
  std::size_t max_rooms = 10'000;      // opening one more is refused
  std::size_t max_batch = 256 * 1024;  // bytes of JSON after which a batch takes no further message
  // From the first message of a room that is not delivered until it is, with all that was published
  // meanwhile; 0: until the turn ends.
  net::Duration batch_window{};
};

/// The messages handed over at once, encoded once: every subscriber of every transport shares
/// `json`.
struct Batch {
  Seq last = 0;  // of its messages
  net::Bytes json;
  std::size_t messages = 0;  // a gap at its head is none

  bool empty() const { return json == nullptr; }
};

/// A named, ordered stream of messages, of which the last few are retained.
class Room {
 public:
  Room(std::string name, const StoreOptions& options, std::string_view epoch);

  const std::string& name() const { return name_; }
  Seq last() const { return last_; }
  Seq delivered() const { return delivered_; }                // up to here, the transports have it
  Seq oldest() const { return last_ - entries_.size() + 1; }  // of those retained; empty: last + 1

  /// What a subscriber at `cursor` lacks, from the oldest on, led by a gap where it is not all
  /// there; empty where it lacks nothing. A long backlog takes several batches, each after the one
  /// before.
  Batch after(const Cursor& cursor) { return after(cursor, last_); }

 private:
  friend class MessageStore;
  struct Entry {
    std::string json;
    std::string key;  // from and id; empty without an id
  };
  struct Tail {
    Seq first = 0;
    Seq end = 0;
    Batch batch;
  };

  void append(const Draft& draft, std::string key, std::int64_t at_ms);
  bool knows(const Cursor& cursor) const;
  // What lies past `end` is as if it had not been published yet.
  Batch after(const Cursor& cursor, Seq end);
  Batch from(Seq first, Seq end);
  Batch encode(Seq first, Seq end, std::string_view lead) const;

  const std::string name_;
  const StoreOptions& options_;
  const std::string_view epoch_;
  Seq last_ = 0;
  Seq delivered_ = 0;
  std::deque<Entry> entries_;
  std::unordered_map<std::string, Seq> by_key_;
  std::vector<Tail> tails_;  // the last few batches encoded since the last publish
};

/// Takes each batch once, for all its subscribers to share.
class DeliveryListener {
 public:
  virtual ~DeliveryListener() = default;
  virtual void on_published(Room& room, const Batch& batch) = 0;
};

struct Published {
  Seq seq;
  bool stored;  // false: the same from and id stood here already, under this seq
};

/// All rooms. What is published during a turn, or a batch window, is delivered at its end, as one
/// batch for each room.
class MessageStore {
 public:
  /// `epoch` is a short id, drawn anew at every start.
  MessageStore(const StoreOptions& options, std::string epoch, DeliveryListener& listener);
  MessageStore(const MessageStore&) = delete;
  MessageStore& operator=(const MessageStore&) = delete;

  Result<Room*> open(std::string_view name);      // made if need be; refused past max_rooms
  const Room& view(std::string_view name) const;  // never made: an empty one stands in

  Published publish(Room& room, const Draft& draft, std::int64_t at_ms);

  /// What a subscriber at `cursor` lacks of what is delivered: it gets the rest with the others, by
  /// on_published(), so that its backlog and the next batch meet without overlap. Where it has some
  /// of the rest already, that is delivered first. Empty: it lacks nothing.
  Batch backlog(Room& room, const Cursor& cursor);

  /// Hands out what is not delivered yet.
  void deliver(Room& room);
  void deliver_all();
  /// The same for each room whose window is over at `now`; to be called at the end of each turn.
  /// Returns when the next one is over, if there is one.
  std::optional<net::Time> deliver_due(net::Time now);

  const std::string& epoch() const { return epoch_; }
  std::size_t rooms() const { return rooms_.size(); }
  std::uint64_t published() const { return published_; }

 private:
  /// A room with messages from `first` on that were not delivered when the window began.
  struct Window {
    Room* room;
    Seq first;
    std::optional<net::Time> over;  // known from the end of its first turn on
  };

  const StoreOptions options_;
  const std::string epoch_;
  DeliveryListener& listener_;
  /// Finds a room by the name as it stands in a request, without a copy.
  struct NameHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view name) const {
      return std::hash<std::string_view>{}(name);
    }
  };
  std::unordered_map<std::string, std::unique_ptr<Room>, NameHash, std::equal_to<>> rooms_;
  std::deque<Window> windows_;  // in the order in which they began
  std::uint64_t published_ = 0;
  const Room nowhere_;
};

}  // namespace pushbench::servers

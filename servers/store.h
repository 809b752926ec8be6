#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "net/bytes.h"
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
};

/// The messages handed over at once, encoded once: every subscriber of every transport shares
/// `json`.
struct Batch {
  Seq last = 0;  // of its messages
  net::Bytes json;

  bool empty() const { return json == nullptr; }
};

/// A named, ordered stream of messages, of which the last few are retained.
class Room {
 public:
  Room(std::string name, const StoreOptions& options, std::string_view epoch);

  const std::string& name() const { return name_; }
  Seq last() const { return last_; }
  Seq oldest() const { return last_ - entries_.size() + 1; }  // of those retained; empty: last + 1

  /// What a subscriber at `cursor` lacks, from the oldest on, led by a gap where it is not all
  /// there; empty where it lacks nothing. A long backlog takes several batches, each after the one
  /// before.
  Batch after(const Cursor& cursor);

 private:
  friend class MessageStore;
  struct Entry {
    std::string json;
    std::string key;  // from and id; empty without an id
  };
  struct Tail {
    Seq first = 0;
    Batch batch;
  };

  void append(const Draft& draft, std::string key, std::int64_t at_ms);
  Batch from(Seq first);
  Batch encode(Seq first, std::string_view lead) const;

  const std::string name_;
  const StoreOptions& options_;
  const std::string_view epoch_;
  Seq last_ = 0;
  Seq delivered_ = 0;  // up to here, the transports have it
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

/// All rooms. What is published during a turn is delivered at its end, as one batch for each room.
class MessageStore {
 public:
  /// `epoch` is a short id, drawn anew at every start.
  MessageStore(const StoreOptions& options, std::string epoch, DeliveryListener& listener);
  MessageStore(const MessageStore&) = delete;
  MessageStore& operator=(const MessageStore&) = delete;

  Result<Room*> open(std::string_view name);      // made if need be; refused past max_rooms
  const Room& view(std::string_view name) const;  // never made: an empty one stands in

  Published publish(Room& room, const Draft& draft, std::int64_t at_ms);

  /// Hands out what is not delivered yet. Call it before a subscriber joins the room, so that the
  /// joiner's backlog and the next batch meet without overlap.
  void deliver(Room& room);
  void deliver_all();

  const std::string& epoch() const { return epoch_; }
  std::size_t rooms() const { return rooms_.size(); }
  std::uint64_t published() const { return published_; }

 private:
  const StoreOptions options_;
  const std::string epoch_;
  DeliveryListener& listener_;
  std::unordered_map<std::string, std::unique_ptr<Room>> rooms_;
  std::vector<Room*> undelivered_;
  std::uint64_t published_ = 0;
  const Room nowhere_;
};

}  // namespace pushbench::servers

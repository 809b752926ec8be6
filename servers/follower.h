#pragma once

#include <utility>

#include "servers/counts.h"
#include "servers/exchange.h"
#include "servers/room_members.h"
#include "servers/store.h"

namespace pushbench::servers {

/// A subscriber whose connection stays open, of class Self with `void send(const Batch&)`, the same
/// for what its transport packs a published batch into, and `bool cut_if_slow()`. It first
/// gets its room's backlog one batch at a time, the next when the one before has left, so that a
/// long one neither fills the memory nor counts as slow reading. Then it is live.
template <class Self>
class Follower : public RoomMember {
 public:
  Follower(MessageStore& store, RoomMembers<Self>& joined, const Exchange& exchange)
      : store_(store), members_(joined), counts_(*exchange.counts()), position_(exchange.cursor()) {
    room = exchange.room;
  }
  Follower(const Follower&) = delete;
  Follower& operator=(const Follower&) = delete;

  /// Hands over what was published, packed once for all. Who is not live has it in the backlog.
  template <class Packed>
  void deliver(const Batch& batch, Packed&& packed) {
    if (!is_live_ || self().cut_if_slow()) return;
    self().send(packed);
    counts_.deliveries += batch.messages;
  }

 protected:
  ~Follower() = default;  // Self leaves in its own destructor

  /// Call it at the start, and whenever all that was sent has left.
  void catch_up() {
    if (is_live_ || has_left_) return;
    if (!std::exchange(is_member_, true)) members_.add(self());
    if (const Batch batch = store_.backlog(*room, position_); !batch.empty()) {
      self().send(batch);
      counts_.deliveries += batch.messages;
      position_ = {"", batch.last};
    }
    is_live_ = position_.seq >= room->delivered();
  }

  void leave() {
    if (std::exchange(is_member_, false)) members_.remove(self());
    is_live_ = false;
    has_left_ = true;
  }

 private:
  Self& self() { return static_cast<Self&>(*this); }

  MessageStore& store_;
  RoomMembers<Self>& members_;
  Counts& counts_;
  Cursor position_;  // up to here it has the backlog
  bool is_member_ = false;
  bool is_live_ = false;
  bool has_left_ = false;
};

}  // namespace pushbench::servers

#pragma once

#include <utility>

#include "servers/room_members.h"
#include "servers/store.h"

namespace pushbench::servers {

/// A subscriber whose connection stays open, of class Self with `void send(const Batch&)`. It first
/// gets its room's backlog one batch at a time, the next when the one before has left, so that a
/// long one neither fills the memory nor counts as slow reading. Then it is live.
template <class Self>
class Follower : public RoomMember {
 public:
  Follower(MessageStore& store, RoomMembers<Self>& joined, Room& its_room, Cursor after)
      : store_(store), members_(joined), position_(std::move(after)) {
    room = &its_room;
  }
  Follower(const Follower&) = delete;
  Follower& operator=(const Follower&) = delete;

 protected:
  ~Follower() = default;  // Self leaves in its own destructor

  /// Call it at the start, and whenever all that was sent has left.
  void catch_up() {
    if (is_live_ || has_left_) return;
    if (!std::exchange(is_member_, true)) members_.add(self());
    if (const Batch batch = store_.backlog(*room, position_); !batch.empty()) {
      self().send(batch);
      position_ = {"", batch.last};
    }
    is_live_ = position_.seq >= room->delivered();
  }

  /// Whether it has its backlog, and gets each batch as it is published.
  bool is_live() const { return is_live_; }

  void leave() {
    if (std::exchange(is_member_, false)) members_.remove(self());
    is_live_ = false;
    has_left_ = true;
  }

 private:
  Self& self() { return static_cast<Self&>(*this); }

  MessageStore& store_;
  RoomMembers<Self>& members_;
  Cursor position_;  // up to here it has the backlog
  bool is_member_ = false;
  bool is_live_ = false;
  bool has_left_ = false;
};

}  // namespace pushbench::servers

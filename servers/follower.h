#pragma once

#include "servers/room_members.h"
#include "servers/store.h"

namespace pushbench::servers {

/// A subscriber whose connection stays open, of class Self with `void send(const Batch&)`. It first
/// gets its room's backlog one batch at a time, the next when the one before has left, so that a
/// long one neither fills the memory nor counts as slow reading. Then it joins the room.
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
    if (joined_) return;
    // What was published in this turn goes to those already here; the backlog begins after it.
    store_.deliver(*room);
    if (const Batch batch = room->after(position_); !batch.empty()) {
      self().send(batch);
      position_ = {"", batch.last};
    }
    if (position_.seq < room->last()) return;
    members_.add(self());
    joined_ = true;
  }

  void leave() {
    if (joined_) members_.remove(self());
    joined_ = false;
  }

 private:
  Self& self() { return static_cast<Self&>(*this); }

  MessageStore& store_;
  RoomMembers<Self>& members_;
  Cursor position_;  // up to here it has the backlog
  bool joined_ = false;
};

}  // namespace pushbench::servers

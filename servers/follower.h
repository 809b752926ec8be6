#pragma once

#include <memory>
#include <utility>

#include "servers/counts.h"
#include "servers/exchange.h"
#include "servers/room_members.h"
#include "servers/store.h"

namespace pushbench::servers {

/// All of a transport's subscribers whose connections stay open, and what they have in common.
template <class Self>
struct Followers {
  MessageStore& store;
  Counts& counts;
  RoomMembers<Self> members = {};
};

/// A subscriber whose connection stays open, of class Self with `void send(const Batch&)`, the same
/// for what its transport packs a published batch into, and `bool cut_if_slow()`. It first
/// gets its room's backlog one batch at a time, the next when the one before has left, so that a
/// long one neither fills the memory nor counts as slow reading. Then it is live.
template <class Self>
class Follower : public RoomMember {
 public:
  Follower(Followers<Self>& all, const Exchange& exchange)
      : all_(all), start_(std::make_unique<Cursor>(exchange.cursor())) {
    room = exchange.room;
  }
  Follower(const Follower&) = delete;
  Follower& operator=(const Follower&) = delete;

  /// Hands over what was published, packed once for all. Who is not live has it in the backlog.
  template <class Packed>
  void deliver(const Batch& batch, Packed&& packed) {
    if (!is_live_ || self().cut_if_slow()) return;
    self().send(packed);
    all_.counts.deliveries += batch.messages;
  }

 protected:
  ~Follower() = default;  // Self leaves in its own destructor

  /// Call it at the start, and whenever all that was sent has left.
  void catch_up() {
    if (is_live_ || has_left_) return;
    if (!std::exchange(is_member_, true)) all_.members.add(self());
    const Cursor position = start_ != nullptr ? std::move(*start_) : Cursor{"", reached_};
    start_.reset();
    reached_ = position.seq;
    if (const Batch batch = all_.store.backlog(*room, position); !batch.empty()) {
      self().send(batch);
      all_.counts.deliveries += batch.messages;
      reached_ = batch.last;
    }
    is_live_ = reached_ >= room->delivered();
  }

  void leave() {
    if (std::exchange(is_member_, false)) all_.members.remove(self());
    is_live_ = false;
    has_left_ = true;
  }

 private:
  Self& self() { return static_cast<Self&>(*this); }

  Followers<Self>& all_;
  std::unique_ptr<Cursor> start_;  // what its client knows; null once that was looked at
  Seq reached_ = 0;                // up to here it has the backlog
  bool is_member_ = false;
  bool is_live_ = false;
  bool has_left_ = false;
};

}  // namespace pushbench::servers

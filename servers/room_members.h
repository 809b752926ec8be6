#pragma once

#include <cstddef>
#include <unordered_map>
#include <utility>
#include <vector>

namespace pushbench::servers {

class Room;

/// Base of what can stand in a room: it knows its room and its slot there.
class RoomMember {
 public:
  Room* room = nullptr;

 private:
  template <class T>
  friend class RoomMembers;
  std::size_t slot_ = 0;
};

/// Which members stand in which room: joining, leaving and finding a room's members cost the same
/// with a thousand rooms as with one.
template <class T>
class RoomMembers {
 public:
  void add(T& member) {
    std::vector<T*>& there = by_room_[member.room];
    member.slot_ = there.size();
    there.push_back(&member);
    ++total_;
  }

  void remove(T& member) {
    std::vector<T*>& there = by_room_[member.room];
    there.back()->slot_ = member.slot_;
    there[member.slot_] = there.back();
    there.pop_back();
    if (there.empty()) by_room_.erase(member.room);
    --total_;
  }

  /// Empties the room and returns who stood in it.
  std::vector<T*> take(const Room& room) {
    auto node = by_room_.extract(&room);
    if (node.empty()) return {};
    total_ -= node.mapped().size();
    return std::move(node.mapped());
  }

  /// Calls `visit` for each member; that may remove the member it is called for.
  template <class Visit>
  void for_each(const Room& room, Visit visit) {
    const auto found = by_room_.find(&room);
    if (found == by_room_.end()) return;
    // From the back: removing a member moves one into its slot that was visited already.
    for (std::size_t i = found->second.size(); i > 0; --i) {
      T& member = *found->second[i - 1];
      const bool last_one = found->second.size() == 1;
      visit(member);
      if (last_one) return;  // if it left, the room's entry is gone
    }
  }

  std::size_t count(const Room& room) const {
    const auto found = by_room_.find(&room);
    return found == by_room_.end() ? 0 : found->second.size();
  }
  std::size_t total() const { return total_; }

 private:
  std::unordered_map<const Room*, std::vector<T*>> by_room_;
  std::size_t total_ = 0;
};

}  // namespace pushbench::servers

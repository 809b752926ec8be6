#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "harness/schedule.h"
#include "wire/message.h"

namespace pushbench::harness {

/// Which says each room has, in order of due time. A say's place is its index among its room's.
class RoomSays {
 public:
  /// Places [first, last).
  struct Window {
    std::uint32_t first = 0;
    std::uint32_t last = 0;
    std::uint32_t size() const { return last - first; }
    bool holds(std::uint32_t place) const { return place >= first && place < last; }
  };

  explicit RoomSays(const Schedule& schedule);

  std::span<const std::uint32_t> of(std::uint32_t room) const { return says_[room]; }
  std::uint32_t place_of(std::size_t say) const { return places_[say]; }
  static constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();
  /// The same user's next say; kNone: that was its last.
  std::uint32_t next_of_publisher(std::size_t say) const { return next_[say]; }
  Window all(std::uint32_t room) const {
    return {0, static_cast<std::uint32_t>(says_[room].size())};
  }
  /// Those due in [from, until).
  Window between(std::uint32_t room, net::Duration from, net::Duration until) const;

 private:
  const Schedule& schedule_;
  std::vector<std::vector<std::uint32_t>> says_;  // a room each
  std::vector<std::uint32_t> places_;             // a say each
  std::vector<std::uint32_t> next_;               // likewise
};

/// What the threads of a load know of each other: what was published, and what each room has got
/// to. All of it may be read and written by all of them at any time.
class Board {
 public:
  explicit Board(const Schedule& schedule)
      : said_(schedule.says.size()),
        taken_along_(schedule.says.size()),
        seqs_(schedule.says.size()),
        rooms_(schedule.rooms) {}

  void on_published(std::size_t say, std::uint32_t room) {
    said_[say].store(true, std::memory_order_relaxed);
    rooms_[room].published.fetch_add(1, std::memory_order_relaxed);
  }
  /// Its publisher left before the server had said that it has it.
  void on_taken_along(std::size_t say) { taken_along_[say].store(true, std::memory_order_relaxed); }
  /// Somebody has a say's message, which is number `seq` of its room.
  void on_seen(std::size_t say, std::uint32_t room, wire::Seq seq);

  bool said(std::size_t say) const { return said_[say].load(std::memory_order_relaxed); }
  /// Its publisher took it along, and nobody has it: it was not published after all. Known once all
  /// threads are done.
  bool withdrawn(std::size_t say) const {
    return taken_along_[say].load(std::memory_order_relaxed) && seq_of(say) == 0;
  }
  std::uint64_t published(std::uint32_t room) const {
    return rooms_[room].published.load(std::memory_order_relaxed);
  }
  /// The highest seq that anybody in the room has; the seqs of what it came after are known then.
  wire::Seq highest(std::uint32_t room) const {
    return rooms_[room].highest.load(std::memory_order_acquire);
  }
  wire::Seq seq_of(std::size_t say) const {  // 0: nobody has it yet
    return seqs_[say].load(std::memory_order_relaxed);
  }

 private:
  struct Room {
    std::atomic<std::uint64_t> published = 0;
    std::atomic<wire::Seq> highest = 0;
  };
  std::vector<std::atomic<bool>> said_;
  std::vector<std::atomic<bool>> taken_along_;
  std::vector<std::atomic<wire::Seq>> seqs_;
  std::vector<Room> rooms_;
};

}  // namespace pushbench::harness

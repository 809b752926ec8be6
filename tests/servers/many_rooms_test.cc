// A thousand rooms or one: what is counted here is work, so that no clock decides.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "servers/room_members.h"
#include "servers/store.h"
#include "tests/servers/counting_new.h"

namespace pushbench::servers {
namespace {

using test::allocations;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

struct Member : RoomMember {
  int touched = 0;
};

/// Hands each batch to the room's members, as a transport does.
class Transport final : public DeliveryListener {
 public:
  void on_published(Room& room, const Batch& batch) override {
    rooms.push_back(&room);
    members.for_each(room, [&](Member& member) { member.touched += batch.last != 0 ? 1 : 0; });
  }
  RoomMembers<Member> members;
  std::vector<const Room*> rooms;
};

struct World {
  explicit World(int room_count) {
    transport.rooms.reserve(1000);
    for (int i = 0; i < room_count; ++i) {
      rooms.push_back(*store.open(fmt::format("room {}", i)));
      for (int j = 0; j < 2; ++j) {
        members.push_back(std::make_unique<Member>());
        members.back()->room = rooms.back();
        transport.members.add(*members.back());
      }
    }
  }
  void publish(int room) {
    store.publish(*rooms[static_cast<std::size_t>(room)], {"ann", "hi", "an id of some length"},
                  next_at++);
  }

  Transport transport;
  MessageStore store{{.retain = 50}, "k3f9", transport};
  std::vector<Room*> rooms;
  std::vector<std::unique_ptr<Member>> members;
  std::int64_t next_at = 1;
};

TEST(ManyRooms, PublishingTouchesOneRoomAndItsMembersOnly) {
  World world(1000);
  world.publish(617);
  world.store.deliver_all();
  EXPECT_THAT(world.transport.rooms, ElementsAre(world.rooms[617]));
  for (const auto& member : world.members) {
    EXPECT_EQ(member->touched, member->room == world.rooms[617] ? 1 : 0);
  }
}

std::uint64_t allocations_of_a_message(World& world) {
  const std::uint64_t before = allocations().count;
  world.publish(0);
  world.store.deliver_all();
  return allocations().count - before;
}

TEST(ManyRooms, APublishAllocatesTheSameInAThousandAsInOne) {
  World one(1);
  World thousand(1000);
  std::uint64_t most = 0;
  for (int i = 0; i < 300; ++i) {
    const std::uint64_t alone = allocations_of_a_message(one);
    EXPECT_EQ(allocations_of_a_message(thousand), alone) << "message " << i;
    most = std::max(most, alone);
  }
  EXPECT_GT(most, 0u);  // else nothing was counted
  EXPECT_LT(most, 20u);
}

class RoomMembersTest : public ::testing::Test {
 protected:
  Member& add(int room) {
    owned_.push_back(std::make_unique<Member>());
    owned_.back()->room = world_.rooms[static_cast<std::size_t>(room)];
    members_.add(*owned_.back());
    return *owned_.back();
  }
  const Room& room(int i) { return *world_.rooms[static_cast<std::size_t>(i)]; }
  std::vector<Member*> in(int i) {
    std::vector<Member*> found;
    members_.for_each(room(i), [&](Member& member) { found.push_back(&member); });
    return found;
  }

  World world_{5};
  RoomMembers<Member> members_;
  std::vector<std::unique_ptr<Member>> owned_;
};

TEST_F(RoomMembersTest, EachRoomHasItsOwn) {
  Member& a = add(0);
  Member& b = add(0);
  Member& c = add(1);
  EXPECT_THAT(in(0), UnorderedElementsAre(&a, &b));
  EXPECT_THAT(in(1), ElementsAre(&c));
  EXPECT_THAT(in(2), IsEmpty());
  EXPECT_EQ(members_.count(room(0)), 2u);
  EXPECT_EQ(members_.count(room(2)), 0u);
  EXPECT_EQ(members_.total(), 3u);
  members_.remove(a);
  EXPECT_THAT(in(0), ElementsAre(&b));
  members_.remove(b);
  EXPECT_THAT(in(0), IsEmpty());
  EXPECT_EQ(members_.total(), 1u);
}

TEST_F(RoomMembersTest, TakingEmptiesTheRoom) {
  Member& a = add(0);
  Member& b = add(0);
  add(1);
  EXPECT_THAT(members_.take(room(0)), UnorderedElementsAre(&a, &b));
  EXPECT_THAT(members_.take(room(0)), IsEmpty());
  EXPECT_EQ(members_.count(room(0)), 0u);
  EXPECT_EQ(members_.total(), 1u);
  members_.add(a);  // whoever was taken may come back
  EXPECT_THAT(in(0), ElementsAre(&a));
}

// Which of n members leave while they are visited: every subset of up to six.
TEST_F(RoomMembersTest, AVisitMayRemoveTheVisited) {
  for (unsigned n = 1; n <= 6; ++n) {
    for (unsigned leaving = 0; leaving < 1u << n; ++leaving) {
      std::map<Member*, bool> leaves;
      for (unsigned i = 0; i < n; ++i) leaves[&add(0)] = (leaving >> i & 1) != 0;
      std::vector<Member*> visited;
      members_.for_each(room(0), [&](Member& member) {
        visited.push_back(&member);
        if (leaves.at(&member)) members_.remove(member);
      });
      EXPECT_EQ(visited.size(), n) << "leaving " << leaving;
      EXPECT_EQ(std::set<Member*>(visited.begin(), visited.end()).size(), n);
      std::size_t staying = 0;
      for (const auto& [member, left] : leaves) staying += left ? 0 : 1;
      EXPECT_EQ(members_.count(room(0)), staying);
      for (Member* member : in(0)) EXPECT_FALSE(leaves.at(member));
      members_.take(room(0));
    }
  }
}

TEST_F(RoomMembersTest, BehavesAsAMultimapDoes) {
  std::mt19937 random(20240613);
  const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  std::multimap<const Room*, Member*> model;
  for (int step = 0; step < 5'000; ++step) {
    const int where = static_cast<int>(below(5));
    const std::size_t what = below(100);
    if (what < 50) {
      Member& member = add(where);
      model.emplace(member.room, &member);
    } else if (what < 95 && !model.empty()) {
      const auto chosen = std::next(model.begin(), static_cast<long>(below(model.size())));
      members_.remove(*chosen->second);
      model.erase(chosen);
    } else if (what >= 95) {
      EXPECT_EQ(members_.take(room(where)).size(), model.count(&room(where)));
      model.erase(&room(where));
    }
    ASSERT_EQ(members_.total(), model.size());
    ASSERT_EQ(members_.count(room(where)), model.count(&room(where)));
    const auto [from, to] = model.equal_range(&room(where));
    std::set<Member*> expected;
    for (auto i = from; i != to; ++i) expected.insert(i->second);
    const std::vector<Member*> found = in(where);
    ASSERT_EQ(found.size(), expected.size()) << "step " << step;
    ASSERT_EQ(std::set<Member*>(found.begin(), found.end()), expected) << "step " << step;
  }
}

}  // namespace
}  // namespace pushbench::servers

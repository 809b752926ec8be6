// What a delivery takes once everything has its size: no allocation, the request for it included
// where it takes one, and one write for all that a turn owes a connection. The subscribers are
// sockets and nothing else, so all of it is the server's.

#include <algorithm>
#include <string>
#include <vector>

#include "tests/servers/counting_new.h"
#include "tests/servers/server_test.h"
#include "tests/support/raw_socket.h"

namespace pushbench::test {
namespace {

constexpr int kFew = 10;
constexpr int kMany = 210;
constexpr int kTurns = 20;
constexpr int kMessages = 8;  // in each turn

struct Cost {
  std::uint64_t allocations = 0;
  std::uint64_t writes = 0;
  std::uint64_t delivered = 0;
};

/// Too long for std::string to hold it without an allocation.
const std::string kRoom = "a-room-of-many-letters";

/// Subscribers of one transport, by its name.
class SteadyStateTest : public ServerTest, public ::testing::WithParamInterface<const char*> {
 protected:
  std::string transport() const { return GetParam(); }
  bool asks_again() const { return transport() == "long-polling"; }

  static std::string upgrade() {
    std::string text(kRawUpgrade);
    return text.replace(text.find("/r/") + 1, 1, kRoom);
  }
  std::string request() {
    if (transport() == "websocket") return upgrade();
    if (transport() == "sse") return get("/rooms/" + kRoom + "/events");
    return get("/rooms/" + kRoom +
               "/long-poll?wait=60&after=" + std::to_string(room(kRoom).last()));
  }
  /// Has so many wait for what comes. Returns what their requests allocated, of those who had one
  /// before.
  std::uint64_t join(int count) {
    const auto before = static_cast<int>(subscribers_.size());
    while (static_cast<int>(subscribers_.size()) < count) {
      subscribers_.push_back(RawSocket::connected_to(server_->address()));
    }
    ask(before, count);
    const std::uint64_t blocks = allocations().count;
    if (asks_again()) ask(0, before);
    const std::uint64_t taken = allocations().count - blocks;
    EXPECT_TRUE(room_has(kRoom, transport(), count));
    return taken;
  }
  void ask(int from, int to) {
    const std::string text = request();
    const std::uint64_t read = server_->bytes().read;
    for (int i = from; i < to; ++i) subscribers_[static_cast<std::size_t>(i)].send(text);
    const std::uint64_t all = text.size() * static_cast<std::uint64_t>(to - from);
    EXPECT_TRUE(run_until([&] { return server_->bytes().read >= read + all; }));
  }
  /// Empties the subscribers' sockets, so that none of them gets full.
  void read_all() {
    for (const RawSocket& subscriber : subscribers_) {
      char buffer[64 * 1024];
      subscriber.receive(buffer);
    }
  }
  /// What one turn takes that has some messages for everybody.
  Cost turn() {
    const net::Traffic before = server_->bytes();
    const std::uint64_t blocks = allocations().count;
    for (int i = 0; i < kMessages; ++i) publish(kRoom, "a message of some length, as they are");
    const auto all = subscribers_.size();
    EXPECT_TRUE(run_until([&] { return server_->bytes().writes >= before.writes + all; }));
    return {allocations().count - blocks, server_->bytes().writes - before.writes, kMessages * all};
  }
  Cost turns(int subscribers) {
    Cost sum;
    for (int i = 0; i < kTurns; ++i) {
      const std::uint64_t asked = join(subscribers);
      Cost one = turn();
      one.allocations += asked;
      read_all();
      EXPECT_EQ(one.writes, static_cast<std::uint64_t>(subscribers)) << "turn " << i;
      if (i < kTurns / 2) continue;  // until queues and buffers have their size
      sum.allocations += one.allocations;
      sum.delivered += one.delivered;
    }
    return sum;
  }

  std::vector<RawSocket> subscribers_;
};

TEST_P(SteadyStateTest, ADeliveryAllocatesNothing) {
  options_.store.retain = 100;
  start();
  const Cost few = turns(kFew);
  const Cost many = turns(kMany);
  ASSERT_GT(few.allocations, 0u);  // what is published is: else nothing was counted
  ASSERT_GT(many.delivered, few.delivered + 10'000);
  // A turn more of the loop here and there, and nothing for each delivery or request.
  EXPECT_LE(many.allocations, few.allocations + 3 * kTurns)
      << many.delivered - few.delivered << " deliveries more";
}

TEST_P(SteadyStateTest, ATurnTakesOneWriteAConnection) {
  start();
  join(kFew);
  EXPECT_EQ(turn().writes, static_cast<std::uint64_t>(kFew));
  read_all();
  join(kFew);
  EXPECT_EQ(turn().writes, static_cast<std::uint64_t>(kFew));
}

INSTANTIATE_TEST_SUITE_P(Each, SteadyStateTest,
                         ::testing::Values("websocket", "sse", "long-polling"),
                         [](const auto& each) {
                           std::string name = each.param;
                           std::erase(name, '-');
                           return name;
                         });

}  // namespace
}  // namespace pushbench::test

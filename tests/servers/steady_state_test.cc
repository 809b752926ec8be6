// What a delivery takes once everything has its size: no allocation, and one write for all that a
// turn owes a connection. The subscribers are sockets and nothing else, so all of it is the
// server's.

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

/// Subscribers of one transport, by its name.
class SteadyStateTest : public ServerTest, public ::testing::WithParamInterface<const char*> {
 protected:
  std::string transport() const { return GetParam(); }
  bool asks_again() const { return transport() == "long-polling"; }

  std::string request() {
    if (transport() == "websocket") return std::string(kRawUpgrade);
    if (transport() == "sse") return get("/rooms/r/events");
    return get("/rooms/r/long-poll?wait=60&after=" + std::to_string(room("r").last()));
  }
  void join(int count) {
    const auto before = static_cast<int>(subscribers_.size());
    while (static_cast<int>(subscribers_.size()) < count) {
      subscribers_.push_back(RawSocket::connected_to(server_->address()));
    }
    for (int i = asks_again() ? 0 : before; i < count; ++i) {
      subscribers_[static_cast<std::size_t>(i)].send(request());
    }
    ASSERT_TRUE(room_has("r", transport(), count));
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
    for (int i = 0; i < kMessages; ++i) publish("r", "a message of some length, as they are");
    const auto all = subscribers_.size();
    EXPECT_TRUE(run_until([&] { return server_->bytes().writes >= before.writes + all; }));
    return {allocations().count - blocks, server_->bytes().writes - before.writes, kMessages * all};
  }
  Cost turns(int subscribers) {
    Cost sum;
    for (int i = 0; i < kTurns; ++i) {
      join(subscribers);
      const Cost one = turn();
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
  EXPECT_LE(many.allocations, few.allocations + kTurns)
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

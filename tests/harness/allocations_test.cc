// What the harness asks of its allocator while a run goes on: nothing for a message that is
// delivered, and nothing for a poll. Of two threads of users one publishes; the other one's blocks
// are counted, and the server's are not among them. How many they are does not hang on the clock.

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

#include "harness/load.h"
#include "servers/server.h"
#include "tests/servers/counting_new.h"

namespace pushbench::harness {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kUsers = 20;
constexpr std::size_t kListening = kUsers / 2;  // on the thread that does not publish

/// User 0 says so much, evenly over a second.
Schedule schedule_of(std::size_t says) {
  Schedule schedule;
  schedule.duration = 1s;
  schedule.poll_phases.resize(kUsers);
  for (std::size_t i = 0; i < says; ++i) {
    schedule.says.push_back({net::Duration(1s) * i / says, 0, 64});
  }
  return schedule;
}

/// A load against a server on the loop of this thread.
class Measured : private LoadListener {
 public:
  Measured(const std::string& transport, std::size_t says, net::Duration interval = 50ms) {
    const Schedule schedule = schedule_of(says);
    const std::size_t before = test::allocations_by_thread().size();
    net::Loop loop;
    servers::ServerOptions options;
    options.port = 0;
    auto server = *servers::Server::start(loop, options);
    server_ = server.get();
    LoadPlan plan;
    plan.transports = {transport};
    plan.clients.interval = interval;
    plan.join_time = 50ms;
    plan.warmup = 100ms;
    plan.drain = 5s;
    plan.threads = 2;
    LoadListener& listener = *this;
    Load load(loop, server->address(), schedule, plan, listener);
    load.start();
    loop.run();
    EXPECT_FALSE(load.problem()) << *load.problem();
    load.fill(repetition);
    take_counts(before);
  }

  Repetition repetition;
  std::uint64_t listening = 0;   // blocks that the thread took which only listened …
  std::uint64_t publishing = 0;  // … and the other one

 private:
  void take_counts(std::size_t before) {
    const std::vector<std::uint64_t> all = test::allocations_by_thread();
    ASSERT_EQ(all.size(), before + 2);
    listening = std::min(all[before], all[before + 1]);
    publishing = std::max(all[before], all[before + 1]);
  }

  void on_measuring() override {}
  void on_measured() override {}
  void on_done() override { server_->shut_down(); }

  servers::Server* server_ = nullptr;
};

/// Some vectors still grow, and a frame that two reads share is put together, which hangs on what
/// came at once: about 30 were seen. One for each delivery would be 4,000.
constexpr std::uint64_t kSlack = 200;

class EveryTransport : public testing::TestWithParam<std::string> {};

TEST_P(EveryTransport, TakesNoMemoryForADelivery) {
  constexpr std::size_t kSays = 400;
  const Measured some(GetParam(), kSays);
  const Measured twice(GetParam(), 2 * kSays);
  ASSERT_EQ(some.repetition.messages.delivered, kSays * kUsers);
  ASSERT_EQ(twice.repetition.messages.delivered, 2 * kSays * kUsers);
  EXPECT_LE(twice.listening, some.listening + kSlack)
      << kSays * kListening << " deliveries more on this thread";
  EXPECT_GT(twice.publishing, twice.listening + 2 * kSays) << "publishing takes some: not counted?";
}

INSTANTIATE_TEST_SUITE_P(Of, EveryTransport,
                         testing::Values("polling", "long-polling", "sse", "websocket"),
                         [](const auto& test) {
                           std::string name = test.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

TEST(Polling, TakesNoMemoryForAPoll) {
  const Measured some("polling", 10, 20ms);
  const Measured more("polling", 10, 5ms);
  ASSERT_GT(more.repetition.exchanges.asked, 2 * some.repetition.exchanges.asked);
  EXPECT_LE(more.listening, some.listening + kSlack)
      << (more.repetition.exchanges.asked - some.repetition.exchanges.asked) / 2
      << " polls more on this thread";
}

}  // namespace
}  // namespace pushbench::harness

#include "tests/harness/scripted_server.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>

#include "harness/load.h"
#include "harness/validity.h"

namespace pushbench::harness {
namespace {

using namespace std::chrono_literals;

/// Puts a schedule's load on a scripted server, on one loop, and keeps what was measured.
class ScriptedRun : private LoadListener {
 public:
  Repetition run(const Schedule& schedule, const Script& script) {
    Repetition repetition;
    {
      net::Loop loop;
      loop_ = &loop;
      ScriptedServer server(loop, script);
      LoadListener& listener = *this;
      Load load(loop, server.address(), schedule, {{"websocket"}, {}, net::Duration{}, 50ms, 300ms},
                listener);
      load.start();
      loop.run();
      load.fill(repetition);
    }
    return repetition;
  }

 private:
  void on_measuring() override {}
  void on_measured() override {}
  void on_done() override { loop_->stop(); }
  net::Loop* loop_ = nullptr;
};

Schedule every(net::Duration gap, std::size_t count, std::size_t users) {
  Schedule schedule;
  for (std::size_t i = 0; i < count; ++i) {
    schedule.says.push_back({gap * i, static_cast<std::uint32_t>(i % users), 20});
  }
  schedule.poll_phases.assign(users, 0);
  schedule.user_rooms.assign(users, 0);
  schedule.user_groups.assign(users, 0);
  schedule.duration = gap * count;
  return schedule;
}

/// What an open loop must see: each message waits for those before it, and counts from its due
/// time.
std::vector<std::int64_t> expected_latencies_us(const Schedule& schedule,
                                                const std::vector<net::Duration>& delays) {
  std::vector<std::int64_t> latencies;
  net::Duration free_at{};
  for (std::size_t i = 0; i < schedule.says.size(); ++i) {
    const net::Duration due = schedule.says[i].due;
    free_at = std::max(free_at, due) + delays[i % delays.size()];
    latencies.push_back((free_at - due) / 1us);
  }
  std::sort(latencies.begin(), latencies.end());
  return latencies;
}

TEST(ScriptedServerTest, KnownDelaysAndStallsShowUpAsExactlyThat) {
  // 0 and 50 ms in turn, every tenth 500 ms: behind each of those, messages that were due meanwhile
  // are late too, though the server serves them at once. A closed loop would see three slow ones.
  std::vector<net::Duration> delays;
  for (int i = 0; i < 10; ++i) delays.push_back(i == 9 ? 500ms : i % 2 == 0 ? 0ms : 50ms);
  const Schedule schedule = every(100ms, 30, 2);
  const std::vector<std::int64_t> expected = expected_latencies_us(schedule, delays);

  Script script;
  script.delays = delays;
  const Repetition repetition = ScriptedRun().run(schedule, script);
  const Histogram& measured = repetition.delivery_latency;
  ASSERT_EQ(measured.count(), 60U);  // each message at both users
  EXPECT_TRUE(faults(repetition, {2}).empty());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const double percent =
        (static_cast<double>(i) + 0.75) / static_cast<double>(expected.size()) * 100;
    const auto at = measured.percentile(percent);
    EXPECT_GE(at, expected[i] - expected[i] / 1000 - 1)
        << "message " << i << " in order of latency";
    EXPECT_LE(at, expected[i] + 40'000) << "message " << i << " in order of latency";
  }
  // The stalls' shadow: three slow messages, and many that were due while the server stood still.
  const auto over_100ms = static_cast<std::size_t>(std::count_if(
      expected.begin(), expected.end(), [](std::int64_t us) { return us >= 100'000; }));
  EXPECT_GT(over_100ms, 10U);
  EXPECT_GE(measured.count_between(100'000, 10'000'000), 2 * over_100ms);
}

TEST(ScriptedServerTest, AServerThatLosesMessagesIsFoundOut) {
  Script script;
  script.dropped = {4, 19};
  const Repetition repetition = ScriptedRun().run(every(10ms, 20, 3), script);
  EXPECT_EQ(repetition.messages.lost, 6U);
  EXPECT_EQ(repetition.messages.delivered, 54U);
  EXPECT_EQ(faults(repetition, {3}).size(), 1U);
}

TEST(ScriptedServerTest, AServerThatRepeatsReordersOrAltersIsFoundOut) {
  Script script;
  script.repeated = {3};
  script.swapped = {7};
  script.altered = {11};
  const Repetition repetition = ScriptedRun().run(every(10ms, 20, 2), script);
  EXPECT_EQ(repetition.messages.duplicated, 2U);
  EXPECT_EQ(repetition.messages.reordered, 2U);
  EXPECT_EQ(repetition.messages.damaged, 2U);
  EXPECT_EQ(repetition.messages.lost, 2U);  // the altered one never came as it was
  EXPECT_EQ(faults(repetition, {2}).size(), 4U);
}

}  // namespace
}  // namespace pushbench::harness

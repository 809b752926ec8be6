#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <vector>

#include "harness/account.h"
#include "harness/recorder.h"

namespace pushbench::harness {
namespace {

using namespace std::chrono_literals;

/// Forty users of two rooms, and what reaches each of them when.
class ManyShardsTest : public testing::Test {
 protected:
  static constexpr std::uint32_t kUsers = 40;

  static Schedule make_schedule() {
    Schedule schedule;
    schedule.rooms = 2;
    schedule.duration = 4s;
    for (std::uint32_t i = 0; i < 400; ++i) schedule.says.push_back({i * 10ms, i * 7 % kUsers, 9});
    for (std::uint32_t user = 0; user < kUsers; ++user) schedule.user_rooms.push_back(user % 2);
    schedule.poll_phases.resize(kUsers);
    return schedule;
  }

  /// All deliveries in order of time, each to the recorder of its user.
  Repetition played(std::size_t shards) {
    Board board(schedule_);
    std::vector<std::unique_ptr<Recorder>> recorders;
    for (std::size_t i = 0; i < shards; ++i) {
      recorders.push_back(std::make_unique<Recorder>(schedule_, rooms_, board, Shard{i, shards}));
      recorders.back()->begin(start_);
    }
    std::mt19937_64 random(11);
    for (std::size_t say = 0; say < schedule_.says.size(); ++say) {
      net::Time at = recorders[0]->due(say);
      recorders[schedule_.says[say].user % shards]->on_event(at, at + random() % 300 * 1us);
      for (std::size_t user = schedule_.says[say].user % 2; user < kUsers; user += 2) {
        at += random() % 200 * 1us + random() % 100 / 99 * 100ms;
        Recorder& recorder = *recorders[user % shards];
        const wire::Draft draft = recorder.draft(say);
        recorder.on_delivered(user, {say + 1, draft.from, draft.text, draft.id, 0}, at);
      }
    }
    Repetition repetition;
    repetition.duration_s = 4.5;
    std::vector<Recorder*> all;
    for (const auto& recorder : recorders) all.push_back(recorder.get());
    account(schedule_, all, 1s, repetition);
    return repetition;
  }

  const Schedule schedule_ = make_schedule();
  const RoomSays rooms_{schedule_};
  const net::Time start_{1000s};
};

TEST_F(ManyShardsTest, FourGiveTheVeryHistogramsOfOne) {
  const Repetition one = played(1);
  const Repetition four = played(4);
  EXPECT_EQ(one.messages.delivered, 400 * kUsers / 2);
  for (const auto histogram : {&Repetition::delivery_latency, &Repetition::sender_latency,
                               &Repetition::last_receiver_latency, &Repetition::lateness}) {
    EXPECT_GT((one.*histogram).count(), 0U);
    EXPECT_EQ((one.*histogram).sparse().counts, (four.*histogram).sparse().counts);
    EXPECT_EQ((one.*histogram).mean(), (four.*histogram).mean());
    EXPECT_EQ((one.*histogram).max(), (four.*histogram).max());
  }
  ASSERT_EQ(one.by_second.size(), four.by_second.size());
  for (std::size_t i = 0; i < one.by_second.size(); ++i) {
    EXPECT_EQ(one.by_second[i].start_s, four.by_second[i].start_s);
    EXPECT_EQ(one.by_second[i].length_s, four.by_second[i].length_s);
    EXPECT_EQ(one.by_second[i].latency.counts, four.by_second[i].latency.counts);
  }
}

TEST_F(ManyShardsTest, TheSecondsTogetherAreTheWhole) {
  for (const std::size_t shards : {1U, 4U, 7U}) {
    const Repetition repetition = played(shards);
    EXPECT_GE(repetition.by_second.size(), 4U);
    Histogram sum;
    for (const LatencySecond& second : repetition.by_second) sum.add(second.latency);
    EXPECT_EQ(sum.sparse().counts, repetition.delivery_latency.sparse().counts);
  }
}

}  // namespace
}  // namespace pushbench::harness

#include "harness/recorder.h"

#include <gtest/gtest.h>

#include "harness/account.h"

namespace pushbench::harness {
namespace {

using namespace std::chrono_literals;

/// Two users in one room; two messages, due 0 and 100 ms after the start.
class RecorderTest : public testing::Test {
 protected:
  RecorderTest() { recorder_.begin(start_); }

  static Schedule make_schedule() {
    Schedule schedule;
    schedule.says = {{0ms, 0, 5}, {100ms, 1, 8}};
    schedule.poll_phases = {0, 0.5};
    schedule.user_rooms = {0, 0};
    return schedule;
  }

  void deliver(std::size_t user, std::size_t say, wire::Seq seq, net::Duration at) {
    const wire::Draft draft = recorder_.draft(say);
    recorder_.on_delivered(user, {seq, draft.from, draft.text, draft.id, 0}, start_ + at);
  }

  Messages messages() {
    account(schedule_, {&recorder_}, 1s, repetition_);
    return repetition_.messages;
  }

  const Schedule schedule_ = make_schedule();
  const RoomSays rooms_{schedule_};
  Board board_{schedule_};
  const net::Time start_{1000s};
  Recorder recorder_{schedule_, rooms_, board_};
  Repetition repetition_;
};

TEST_F(RecorderTest, DraftsHaveTheScheduledLength) {
  EXPECT_EQ(recorder_.draft(0).text.size(), 5U);
  EXPECT_EQ(recorder_.draft(1).text.size(), 8U);
  EXPECT_EQ(recorder_.draft(1).from, "u1");
}

TEST_F(RecorderTest, AFullAccountHasNothingToComplainOf) {
  for (const std::size_t user : {0U, 1U}) {
    deliver(user, 0, 1, 10ms);
    EXPECT_FALSE(recorder_.complete());
    deliver(user, 1, 2, 150ms);
  }
  EXPECT_TRUE(recorder_.complete());
  const Messages m = messages();
  EXPECT_EQ(m.expected, 4U);
  EXPECT_EQ(m.delivered, 4U);
  EXPECT_EQ(m.lost + m.duplicated + m.reordered + m.damaged, 0U);
  EXPECT_EQ(repetition_.payload.down, 26U);
}

TEST_F(RecorderTest, LatencyCountsFromTheDueTimeHoweverLateThePublishWas) {
  recorder_.on_event(recorder_.due(1), start_ + 180ms);
  recorder_.on_published(1, start_ + 180ms);
  deliver(0, 1, 1, 190ms);
  messages();
  EXPECT_EQ(repetition_.delivery_latency.max() / 1000, 90);
  EXPECT_EQ(repetition_.lateness.max() / 1000, 80);
  EXPECT_EQ(repetition_.payload.up, 8U);
}

TEST_F(RecorderTest, WhatWasPublishedAndNeverCameIsLost) {
  recorder_.on_published(0, start_);
  recorder_.on_published(1, start_ + 100ms);
  deliver(0, 0, 1, 10ms);
  EXPECT_EQ(messages().lost, 3U);
}

TEST_F(RecorderTest, WhatWasNeverPublishedIsNotLost) {
  recorder_.on_published(0, start_);
  deliver(0, 0, 1, 10ms);
  deliver(1, 0, 1, 10ms);
  EXPECT_EQ(messages().lost, 0U);
  EXPECT_EQ(repetition_.messages.expected, 4U);
}

TEST_F(RecorderTest, ASecondDeliveryIsADuplicateAndNotADelivery) {
  deliver(0, 0, 1, 10ms);
  deliver(0, 0, 1, 20ms);
  const Messages m = messages();
  EXPECT_EQ(m.delivered, 1U);
  EXPECT_EQ(m.duplicated, 1U);
  EXPECT_EQ(repetition_.delivery_latency.count(), 1U);
}

TEST_F(RecorderTest, ALowerSeqAfterAHigherOneIsReordered) {
  deliver(0, 1, 2, 110ms);
  deliver(0, 0, 1, 120ms);
  const Messages m = messages();
  EXPECT_EQ(m.delivered, 2U);
  EXPECT_EQ(m.reordered, 1U);
}

TEST_F(RecorderTest, AnotherTextOrAnUnknownMessageIsDamaged) {
  recorder_.on_delivered(0, {1, "u0", "xxxxx", "0", 0}, start_);
  recorder_.on_delivered(0, {2, "u0", recorder_.draft(0).text, "77", 0}, start_);
  recorder_.on_delivered(0, {3, "u0", recorder_.draft(0).text, "", 0}, start_);
  const Messages m = messages();
  EXPECT_EQ(m.damaged, 3U);
  EXPECT_EQ(m.delivered, 0U);
}

TEST_F(RecorderTest, WhatAGapNoticeOwnsUpToIsMissedAndNotLost) {
  recorder_.on_published(0, start_);
  recorder_.on_published(1, start_ + 100ms);
  recorder_.on_gap(0, {"expired", 0, 2, 2, "k3f9"});  // user 0 never gets the first …
  deliver(0, 1, 2, 110ms);
  deliver(1, 1, 2, 110ms);  // … and neither does user 1, who is told nothing
  const Messages m = messages();
  EXPECT_EQ(m.missed, 1U);
  EXPECT_EQ(m.lost, 1U);
  EXPECT_EQ(m.gaps, 1U);
  EXPECT_EQ(m.reordered, 0U);
}

TEST_F(RecorderTest, AGapNoticeDoesNotExplainWhatCameAfterIt) {
  recorder_.on_published(0, start_);
  recorder_.on_published(1, start_ + 100ms);
  recorder_.on_gap(0, {"expired", 0, 2, 2, "k3f9"});
  deliver(1, 0, 1, 10ms);
  deliver(1, 1, 2, 110ms);
  const Messages m = messages();
  EXPECT_EQ(m.missed, 1U);
  EXPECT_EQ(m.lost, 1U);  // the second was retained, and never came
}

TEST_F(RecorderTest, AfterARestartTheCountBeginsAnew) {
  recorder_.on_published(0, start_);
  deliver(0, 0, 7, 10ms);
  deliver(1, 0, 7, 10ms);
  recorder_.on_gap(0, {"restarted", 7, 1, 0, "m2p4"});
  recorder_.on_gap(1, {"restarted", 7, 1, 0, "m2p4"});
  recorder_.on_published(1, start_ + 100ms);
  deliver(0, 1, 1, 110ms);
  const Messages m = messages();
  EXPECT_EQ(m.reordered, 0U);
  EXPECT_EQ(m.missed, 0U);
  EXPECT_EQ(m.lost, 1U);  // published after the notice, which does not explain it
}

TEST_F(RecorderTest, AMessageOfAnotherRoomIsDamaged) {
  Schedule two_rooms = make_schedule();
  two_rooms.rooms = 2;
  two_rooms.user_rooms = {0, 1};
  const RoomSays rooms(two_rooms);
  Board board(two_rooms);
  Recorder recorder(two_rooms, rooms, board);
  recorder.begin(start_);
  const wire::Draft draft = recorder.draft(0);
  recorder.on_delivered(1, {1, draft.from, draft.text, draft.id, 0}, start_);
  account(two_rooms, {&recorder}, 1s, repetition_);
  EXPECT_EQ(repetition_.messages.damaged, 1U);
  EXPECT_EQ(repetition_.messages.expected, 2U);
}

TEST_F(RecorderTest, TheSendersOwnCopyAndTheLastReceiversAreKeptApart) {
  deliver(0, 0, 1, 10ms);  // its sender
  deliver(1, 0, 1, 30ms);
  deliver(0, 1, 2, 150ms);
  deliver(1, 1, 2, 120ms);  // its sender
  messages();
  EXPECT_EQ(repetition_.sender_latency.count(), 2U);
  EXPECT_EQ(repetition_.sender_latency.max() / 1000, 20);
  EXPECT_EQ(repetition_.last_receiver_latency.count(), 2U);
  EXPECT_EQ(repetition_.last_receiver_latency.percentile(50) / 1000, 30);
  EXPECT_EQ(repetition_.last_receiver_latency.max() / 1000, 50);
}

TEST_F(RecorderTest, AMessageThatDidNotReachAllHasNoLastReceiver) {
  deliver(0, 0, 1, 10ms);
  messages();
  EXPECT_EQ(repetition_.last_receiver_latency.count(), 0U);
}

std::uint64_t sum_of(const std::vector<LatencySecond>& seconds) {
  std::uint64_t sum = 0;
  for (const LatencySecond& second : seconds) sum += second.latency.count();
  return sum;
}

TEST_F(RecorderTest, ADeliveryIsOfTheSecondInWhichItCame) {
  deliver(0, 0, 1, 10ms);
  deliver(1, 0, 1, 999ms);
  deliver(0, 1, 2, 1s);
  deliver(1, 1, 2, 2'500ms);  // after the schedule's end: within the drain
  repetition_.duration_s = 2.75;
  messages();
  const std::vector<LatencySecond>& seconds = repetition_.by_second;
  ASSERT_EQ(seconds.size(), 3U);
  EXPECT_EQ(seconds[0].latency.count(), 2U);
  EXPECT_EQ(seconds[1].start_s, 1);
  EXPECT_EQ(seconds[1].length_s, 1);
  EXPECT_EQ(seconds[2].start_s, 2);
  EXPECT_EQ(seconds[2].length_s, 0.75);
  Histogram last;
  last.record(2'400'000);
  EXPECT_EQ(seconds[2].latency.counts, last.sparse().counts);
  EXPECT_EQ(sum_of(seconds), repetition_.delivery_latency.count());
}

TEST_F(RecorderTest, NoSecondHasWhatIsNoDelivery) {
  deliver(0, 0, 1, 10ms);
  deliver(0, 0, 1, 1'020ms);  // again
  recorder_.on_delivered(1, {1, "u0", "xxxxx", "0", 0}, start_ + 2s);
  messages();
  ASSERT_EQ(repetition_.by_second.size(), 1U);
  EXPECT_EQ(repetition_.by_second[0].latency.count(), 1U);
}

/// The same schedule on two threads: user 0 is the first one's, user 1 the second's.
class ShardedRecorderTest : public RecorderTest {
 protected:
  ShardedRecorderTest() {
    first_.begin(start_);
    second_.begin(start_);
  }
  void deliver_to(Recorder& recorder, std::size_t user, std::size_t say, net::Duration at) {
    const wire::Draft draft = recorder.draft(say);
    recorder.on_delivered(user, {say + 1, draft.from, draft.text, draft.id, 0}, start_ + at);
  }
  Recorder first_{schedule_, rooms_, board_, {0, 2}};
  Recorder second_{schedule_, rooms_, board_, {1, 2}};
};

TEST_F(ShardedRecorderTest, OneAccountIsMadeOfAll) {
  first_.on_published(0, start_);
  second_.on_published(1, start_ + 100ms);
  deliver_to(first_, 0, 0, 10ms);
  deliver_to(first_, 0, 1, 140ms);
  EXPECT_TRUE(first_.complete());
  deliver_to(second_, 1, 0, 20ms);
  EXPECT_FALSE(second_.complete());
  account(schedule_, {&first_, &second_}, 1s, repetition_);
  const Messages& m = repetition_.messages;
  EXPECT_EQ(m.published, 2U);
  EXPECT_EQ(m.expected, 4U);
  EXPECT_EQ(m.delivered, 3U);
  EXPECT_EQ(m.lost, 1U);  // the second user never got its own message
  EXPECT_EQ(repetition_.last_receiver_latency.count(), 1U);
  EXPECT_EQ(repetition_.last_receiver_latency.max() / 1000, 20);
  EXPECT_EQ(repetition_.payload.up, 13U);
  EXPECT_EQ(repetition_.payload.down, 18U);
}

TEST_F(ShardedRecorderTest, WhatAnotherThreadNeverPublishedIsNotLost) {
  first_.on_published(0, start_);
  deliver_to(first_, 0, 0, 10ms);
  deliver_to(second_, 1, 0, 10ms);
  account(schedule_, {&first_, &second_}, 1s, repetition_);
  EXPECT_EQ(repetition_.messages.lost, 0U);
}

TEST_F(ShardedRecorderTest, AfterARestartAllThatAnyThreadPublishedIsMissed) {
  first_.on_published(0, start_);
  second_.on_published(1, start_ + 100ms);
  first_.on_gap(0, {"restarted", 0, 1, 0, "m2p4"});
  deliver_to(second_, 1, 0, 10ms);
  deliver_to(second_, 1, 1, 110ms);
  account(schedule_, {&first_, &second_}, 1s, repetition_);
  EXPECT_EQ(repetition_.messages.missed, 2U);
  EXPECT_EQ(repetition_.messages.lost, 0U);
}

}  // namespace
}  // namespace pushbench::harness

#include <gtest/gtest.h>

#include <optional>

#include "harness/account.h"
#include "harness/recorder.h"

namespace pushbench::harness {
namespace {

using namespace std::chrono_literals;

/// User 0 is there all the time and says something every 100 ms. User 1 comes and goes.
class ChurnTest : public testing::Test {
 protected:
  ChurnTest() {
    for (std::uint32_t i = 0; i < 10; ++i) schedule_.says.push_back({i * 100ms, 0, 5});
    schedule_.poll_phases = {0, 0};
    schedule_.user_rooms = {0, 0};
    schedule_.duration = 1s;
    schedule_.stays = {{0ms, 1s, 0}, {250ms, 550ms, 1}, {750ms, 1s, 1}};
  }

  void begin() {
    rooms_.emplace(schedule_);
    board_.emplace(schedule_);
    recorder_.emplace(schedule_, *rooms_, *board_);
    recorder_->arrive(0, start_);
    recorder_->begin(start_);
  }
  void publish(std::size_t say) { recorder_->on_published(say, recorder_->due(say)); }
  void deliver(std::size_t user, std::size_t say) {
    const wire::Draft draft = recorder_->draft(say);
    recorder_->on_delivered(user, {say + 1, draft.from, draft.text, draft.id, 0},
                            recorder_->due(say) + 1ms);
  }
  void say_to_its_sender(std::size_t first, std::size_t last) {
    for (std::size_t say = first; say <= last; ++say) {
      publish(say);
      deliver(0, say);
    }
  }
  const Repetition& closed(net::Duration under_way = 100ms) {
    account(schedule_, {&*recorder_}, under_way, repetition_);
    return repetition_;
  }

  const net::Time start_{1000s};
  Schedule schedule_;
  std::optional<RoomSays> rooms_;
  std::optional<Board> board_;
  std::optional<Recorder> recorder_;
  Repetition repetition_;
};

TEST_F(ChurnTest, OneThatComesAndGoesExpectsWhatIsDueMeanwhile) {
  begin();
  say_to_its_sender(0, 2);
  EXPECT_EQ(recorder_->arrive(1, start_ + 250ms), 3U);  // it asks for what follows
  say_to_its_sender(3, 5);
  for (const std::size_t say : {3U, 4U, 5U}) deliver(1, say);
  recorder_->depart(1);
  say_to_its_sender(6, 7);
  EXPECT_EQ(recorder_->arrive(2, start_ + 750ms), 8U);
  say_to_its_sender(8, 9);
  for (const std::size_t say : {8U, 9U}) deliver(1, say);
  EXPECT_TRUE(recorder_->complete());
  const Messages& m = closed().messages;
  EXPECT_EQ(m.expected, 15U);
  EXPECT_EQ(m.delivered, 15U);
  EXPECT_EQ(m.lost + m.left + m.backlog + m.missed, 0U);
  EXPECT_EQ(repetition_.last_receiver_latency.count(), 10U);
}

TEST_F(ChurnTest, WhatWasDueBeforeAUserCameIsBacklogAndHasNoLatency) {
  begin();
  publish(0);
  publish(1);
  publish(2);
  deliver(0, 0);  // the others are under way when user 1 comes
  EXPECT_EQ(recorder_->arrive(1, start_ + 250ms), 1U);
  for (const std::size_t user : {0U, 1U}) {
    deliver(user, 1);
    deliver(user, 2);
  }
  deliver(1, 2);
  const Messages& m = closed().messages;
  EXPECT_EQ(m.backlog, 2U);
  EXPECT_EQ(m.duplicated, 1U);  // it is checked all the same
  EXPECT_EQ(m.delivered, 3U);
  EXPECT_EQ(repetition_.delivery_latency.count(), 3U);
}

TEST_F(ChurnTest, AMessageThatIsThereBeforeALateJoinIsNotExpected) {
  begin();
  say_to_its_sender(0, 3);  // the harness is late: number 3 was due after user 1 was to come
  EXPECT_EQ(recorder_->arrive(1, start_ + 320ms), 4U);
  say_to_its_sender(4, 5);
  deliver(1, 4);
  deliver(1, 5);
  EXPECT_EQ(closed().messages.expected, 10 + 2 + 2U);
  EXPECT_EQ(repetition_.messages.delivered, 8U);
  EXPECT_EQ(repetition_.messages.lost, 0U);
  EXPECT_EQ(repetition_.last_receiver_latency.count(), 6U);
}

TEST_F(ChurnTest, WhatIsUnderWayWhenAUserLeavesIsLeftButAHoleIsLost) {
  begin();
  say_to_its_sender(0, 2);
  recorder_->arrive(1, start_ + 250ms);
  say_to_its_sender(3, 5);
  deliver(1, 4);  // not 3, and not yet 5
  recorder_->depart(1);
  const Messages& m = closed(1s).messages;
  EXPECT_EQ(m.lost, 1U);
  EXPECT_EQ(m.left, 1U);
  EXPECT_EQ(repetition_.last_receiver_latency.count(), 5U);  // of 3 there is none, of 5 the sender
}

TEST_F(ChurnTest, WhatWasOverdueWhenAUserLeftIsLost) {
  begin();
  say_to_its_sender(0, 2);
  recorder_->arrive(1, start_ + 250ms);
  say_to_its_sender(3, 5);
  recorder_->depart(1);                        // with nothing at all
  EXPECT_EQ(closed(100ms).messages.lost, 2U);  // due 250 and 150 ms before
  EXPECT_EQ(repetition_.messages.left, 1U);
}

TEST_F(ChurnTest, AGapNoticeExplainsWhatAUserThatLeftLacks) {
  begin();
  say_to_its_sender(0, 2);
  recorder_->arrive(1, start_ + 250ms);
  say_to_its_sender(3, 5);
  recorder_->on_gap(1, {"expired", 3, 5, 6, "k3f9"});
  deliver(1, 4);
  deliver(1, 5);
  recorder_->depart(1);
  EXPECT_EQ(closed().messages.missed, 1U);
  EXPECT_EQ(repetition_.messages.lost + repetition_.messages.left, 0U);
}

/// As two threads would, user 0 says something and leaves before the server has said that it has
/// it.
class TakenAlongTest : public testing::Test {
 protected:
  TakenAlongTest() {
    for (std::size_t user : {0U, 1U}) {
      recorders_[user].arrive(user, start_);
      recorders_[user].begin(start_);
    }
    recorders_[0].on_published(0, start_ + 100ms);
    recorders_[0].take_along("0");
    recorders_[0].depart(0);
    recorders_[1].on_published(1, start_ + 300ms);
  }
  void deliver(std::size_t say, wire::Seq seq) {
    const wire::Draft draft = recorders_[1].draft(say);
    recorders_[1].on_delivered(1, {seq, draft.from, draft.text, draft.id, 0},
                               recorders_[1].due(say) + 1ms);
  }
  const Repetition& closed() {
    account(schedule_, {&recorders_[0], &recorders_[1]}, 1s, repetition_);
    return repetition_;
  }

  static Schedule make_schedule() {
    Schedule schedule;
    schedule.says = {{100ms, 0, 5}, {300ms, 1, 8}};
    schedule.poll_phases = {0, 0};
    schedule.user_rooms = {0, 0};
    schedule.duration = 1s;
    schedule.stays = {{0ms, 200ms, 0}, {0ms, 1s, 1}};
    return schedule;
  }
  const net::Time start_{1000s};
  const Schedule schedule_ = make_schedule();
  const RoomSays rooms_{schedule_};
  Board board_{schedule_};
  Recorder recorders_[2] = {{schedule_, rooms_, board_, {0, 2}},
                            {schedule_, rooms_, board_, {1, 2}}};
  Repetition repetition_;
};

TEST_F(TakenAlongTest, WhatNobodyHasWasNotPublishedAndIsNotExpected) {
  deliver(1, 1);
  const Messages& m = closed().messages;
  EXPECT_EQ(m.published, 1U);
  EXPECT_EQ(m.expected, 1U);
  EXPECT_EQ(m.delivered, 1U);
  EXPECT_EQ(m.lost + m.left + m.damaged, 0U);
  EXPECT_EQ(repetition_.payload.up, 8U);
  EXPECT_EQ(repetition_.last_receiver_latency.count(), 1U);
}

TEST_F(TakenAlongTest, WhatReachedTheServerAllTheSameCountsLikeAnyOther) {
  deliver(0, 1);
  deliver(1, 2);
  const Messages& m = closed().messages;
  EXPECT_EQ(m.published, 2U);
  EXPECT_EQ(m.expected, 3U);
  EXPECT_EQ(m.delivered, 2U);
  EXPECT_EQ(m.left, 1U);  // its publisher's own copy
  EXPECT_EQ(m.lost + m.damaged, 0U);
  EXPECT_EQ(repetition_.payload.up, 13U);
}

TEST_F(TakenAlongTest, OnlyWhatWasTakenAlongIsExcused) {
  EXPECT_EQ(closed().messages.lost, 1U);  // user 1's own message, which never came
  EXPECT_EQ(repetition_.messages.published, 1U);
}

}  // namespace
}  // namespace pushbench::harness

#include <gtest/gtest.h>

#include <optional>

#include "harness/account.h"
#include "harness/recorder.h"

namespace pushbench::harness {
namespace {

using namespace std::chrono_literals;

/// Messages without a seq, as from a server of another dialect. Users 0 and 1 say something in
/// turn, every 100 ms; user 2 listens, and comes and goes where a test gives it stays.
class RecorderById : public testing::Test {
 protected:
  RecorderById() {
    for (std::uint32_t i = 0; i < 10; ++i) schedule_.says.push_back({i * 100ms, i % 2, 5});
    schedule_.poll_phases = {0, 0, 0};
    schedule_.user_rooms = {0, 0, 0};
    schedule_.duration = 1s;
  }

  void begin() {
    rooms_.emplace(schedule_);
    board_.emplace(schedule_);
    recorder_.emplace(schedule_, *rooms_, *board_, Shard{}, false);
    recorder_->begin(start_);
  }
  void publish(std::size_t say) { recorder_->on_published(say, recorder_->due(say)); }
  void deliver(std::size_t user, std::size_t say, net::Duration at) {
    const wire::Draft draft = recorder_->draft(say);
    recorder_->on_delivered(user, {0, draft.from, draft.text, draft.id, 0}, start_ + at);
  }
  void deliver(std::size_t user, std::initializer_list<std::size_t> says) {
    for (const std::size_t say : says) deliver(user, say, 950ms);
  }
  /// All that is said, to those who stay.
  void say_all() {
    for (std::size_t say = 0; say < 10; ++say) publish(say);
    for (const std::size_t user : {0U, 1U}) deliver(user, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
  }
  const Messages& closed() {
    account(schedule_, {&*recorder_}, 100ms, repetition_);
    return repetition_.messages;
  }

  const net::Time start_{1000s};
  Schedule schedule_;
  std::optional<RoomSays> rooms_;
  std::optional<Board> board_;
  std::optional<Recorder> recorder_;
  Repetition repetition_;
};

TEST_F(RecorderById, OnlyEachPublishersMessagesHaveAnOrder) {
  begin();
  say_all();
  deliver(2, {1, 0, 3, 5, 2, 4, 7, 9, 6, 8});  // the evens are in order, and so are the odds
  const Messages& m = closed();
  EXPECT_EQ(m.delivered, 30U);
  EXPECT_EQ(m.lost + m.duplicated + m.reordered + m.damaged, 0U);
}

TEST_F(RecorderById, AMessageIsLateAfterAnyLaterOneOfItsPublisher) {
  begin();
  say_all();
  deliver(2, {6, 0, 1, 2, 3, 4, 5, 7, 8, 9});  // 0, 2 and 4 after 6
  EXPECT_EQ(closed().reordered, 3U);
}

TEST_F(RecorderById, IsLateAlsoWhereTheOneBetweenIsLost) {
  begin();
  say_all();
  deliver(2, {4, 0, 1, 3, 5, 6, 7, 8, 9});  // 0 after 4; 2 never
  const Messages& m = closed();
  EXPECT_EQ(m.reordered, 1U);
  EXPECT_EQ(m.lost, 1U);
}

TEST_F(RecorderById, WhatComesTwiceIsRepeated) {
  begin();
  say_all();
  deliver(2, {0, 1, 2, 3, 3, 4, 5, 6, 0, 7, 8, 9});
  const Messages& m = closed();
  EXPECT_EQ(m.duplicated, 2U);
  EXPECT_EQ(m.delivered, 30U);
  EXPECT_EQ(m.lost + m.reordered, 0U);
}

TEST_F(RecorderById, AnotherPublishersNameIsNotWhatWasPublished) {
  begin();
  publish(0);
  const wire::Draft draft = recorder_->draft(0);
  for (const char* from : {"u1", "u", "0", "", "u0 "}) {
    recorder_->on_delivered(2, {0, from, draft.text, draft.id, 0}, start_);
  }
  EXPECT_EQ(recorder_->messages().damaged, 5U);
  deliver(2, 0, 1ms);
  EXPECT_EQ(recorder_->messages().damaged, 5U);
  EXPECT_EQ(recorder_->delivered(), 1U);
}

/// User 2 is to come at 250 ms, and is subscribed at 450 ms.
class LatecomerById : public RecorderById {
 protected:
  LatecomerById() { schedule_.stays = {{0ms, 1s, 0}, {0ms, 1s, 1}, {250ms, 750ms, 2}}; }

  void begin_with_latecomer() {
    begin();
    recorder_->arrive(0, start_ - 1s);
    recorder_->arrive(1, start_ - 1s);
    EXPECT_EQ(recorder_->arrive(2, start_ + 250ms), 0U);  // there is nothing to ask for
    recorder_->subscribe(2, start_ + 450ms);
  }
};

TEST_F(LatecomerById, NothingIsExpectedThatWasDueBeforeItWasSubscribed) {
  begin_with_latecomer();
  say_all();
  deliver(2, {5, 6, 7});
  recorder_->depart(2);
  const Messages& m = closed();
  EXPECT_EQ(m.expected, 23U);  // 5, 6 and 7, at 500 to 700 ms, beside all to the others
  EXPECT_EQ(m.delivered, 23U);
  EXPECT_EQ(m.lost + m.left + m.backlog, 0U);
  EXPECT_EQ(repetition_.last_receiver_latency.count(), 10U);  // each reached all who had to have it
}

TEST_F(LatecomerById, WhatComesOfItAllTheSameIsBacklog) {
  begin_with_latecomer();
  say_all();
  deliver(2, {3, 4, 5, 6, 7});
  recorder_->depart(2);
  const Messages& m = closed();
  EXPECT_EQ(m.backlog, 2U);
  EXPECT_EQ(m.delivered, 23U);
  EXPECT_EQ(m.duplicated + m.reordered, 0U);
}

TEST_F(LatecomerById, WhatItLacksIsAHoleIfALaterOneOfThePublisherCame) {
  begin_with_latecomer();
  say_all();
  deliver(2, {7});  // 5 is its publisher's too; 6 is not, but it had time enough
  recorder_->depart(2);
  const Messages& m = closed();
  EXPECT_EQ(m.lost, 2U);
  EXPECT_EQ(m.left, 0U);
}

TEST_F(LatecomerById, WhatWasUnderWayWhenItLeftIsLeft) {
  begin_with_latecomer();
  say_all();
  deliver(2, {5, 6});
  recorder_->depart(2);
  const Messages& m = closed();
  EXPECT_EQ(m.left, 1U);  // 7, due 50 ms before
  EXPECT_EQ(m.lost, 0U);
}

TEST_F(LatecomerById, WhatCameBeforeItWasSubscribedIsDelivered) {
  begin();
  for (const std::size_t stay : {0U, 1U}) recorder_->arrive(stay, start_ - 1s);
  recorder_->arrive(2, start_ + 250ms);
  for (std::size_t say = 0; say < 5; ++say) publish(say);
  deliver(2, 3, 310ms);
  recorder_->subscribe(2, start_ + 350ms);
  say_all();
  deliver(2, {4, 5, 6, 7});
  recorder_->depart(2);
  const Messages& m = closed();
  EXPECT_EQ(m.delivered, 25U);
  EXPECT_EQ(m.expected, 25U);
  EXPECT_TRUE(recorder_->complete());
}

}  // namespace
}  // namespace pushbench::harness

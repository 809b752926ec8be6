#include "net/timer.h"

#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "net/clock.h"
#include "net/loop.h"
#include "tests/support/run_until.h"

namespace {
int alarms_set = 0;
}

/// In the C library's place: what sets the kernel's timer is counted.
extern "C" int timerfd_settime(int fd, int flags, const itimerspec* to, itimerspec* was) noexcept {
  ++alarms_set;
  return static_cast<int>(syscall(SYS_timerfd_settime, fd, flags, to, was));
}

namespace pushbench::net {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

/// A timer that checks its own punctuality and then does what the test says.
class Alarm {
 public:
  Alarm(Loop& loop, std::function<void()> action)
      : action_(std::move(action)), timer_(loop, Callback::to<&Alarm::on_timer>(this)) {}

  void at(Time due) {
    due_ = due;
    timer_.start_at(due);
  }
  Timer& timer() { return timer_; }
  Time due() const { return due_; }
  int fired() const { return fired_; }

 private:
  void on_timer() {
    ++fired_;
    EXPECT_GE(now(), due_) << "fired early";
    EXPECT_FALSE(timer_.active());
    action_();
  }

  std::function<void()> action_;
  Timer timer_;
  Time due_{};
  int fired_ = 0;
};

class Timers : public testing::Test {
 protected:
  Timers() { alarms_set = 0; }

  std::unique_ptr<Alarm> noting(char name) {
    return std::make_unique<Alarm>(loop, [this, name] { order += name; });
  }

  Loop loop;
  std::string order;
};

TEST_F(Timers, FireInTheOrderTheyAreDue) {
  const auto a = noting('a');
  const auto b = noting('b');
  const auto c = noting('c');
  const Time start = now();
  b->at(start + milliseconds(2));
  c->at(start + milliseconds(3));
  a->at(start + milliseconds(1));
  test::run_out(loop);
  EXPECT_EQ(order, "abc");
}

TEST_F(Timers, FireWithinAFractionOfAMillisecond) {
  Duration best = std::chrono::hours(1);
  for (int i = 0; i < 50; ++i) {  // a busy machine may keep some waiting, and not all
    const Time start = now();
    const auto a = noting('a');
    a->at(start + microseconds(100));
    test::run_out(loop);
    best = std::min<Duration>(best, now() - start);
  }
  EXPECT_EQ(order, std::string(50, 'a'));
  EXPECT_LT(best, microseconds(900));  // a clock of whole milliseconds would take one at least
}

TEST_F(Timers, ThatAreOverdueFireAtOnceAndInOrder) {
  const auto a = noting('a');
  const auto b = noting('b');
  const Time start = now();
  b->at(start - milliseconds(1));
  a->at(start - milliseconds(5));
  test::run_out(loop);
  EXPECT_EQ(order, "ab");
}

TEST_F(Timers, AreActiveUntilTheyFire) {
  const auto a = noting('a');
  EXPECT_FALSE(a->timer().active());
  a->at(now() + microseconds(100));
  EXPECT_TRUE(a->timer().active());
  test::run_out(loop);
  EXPECT_FALSE(a->timer().active());
  EXPECT_EQ(a->fired(), 1);
}

TEST_F(Timers, StartInCountsFromNow) {
  const Time start = now();
  Time fired{};
  Alarm a(loop, [&] { fired = now(); });
  a.timer().start_in(milliseconds(3));
  test::run_out(loop);
  EXPECT_GE(fired - start, milliseconds(3));
}

TEST_F(Timers, RestartedInTheirOwnCallbackFireAgain) {
  std::unique_ptr<Alarm> a;
  a = std::make_unique<Alarm>(loop, [&] {
    if (a->fired() < 5) a->at(now() + microseconds(200));
  });
  a->at(now());
  test::run_out(loop);
  EXPECT_EQ(a->fired(), 5);
}

TEST_F(Timers, StartedAgainBeforeTheyFireCountForTheNewMomentOnly) {
  const auto a = noting('a');
  const auto b = noting('b');
  const Time start = now();
  a->at(start + milliseconds(1));
  b->at(start + milliseconds(2));
  a->at(start + milliseconds(3));
  test::run_out(loop);
  EXPECT_EQ(order, "ba");

  order.clear();
  const Time again = now();
  a->at(again + std::chrono::hours(1));
  b->at(again + milliseconds(2));
  a->at(again + milliseconds(1));
  test::run_out(loop);
  EXPECT_EQ(order, "ab");
}

TEST_F(Timers, CancelledDoNotFireAndLetTheLoopEnd) {
  const auto a = noting('a');
  a->at(now() + std::chrono::hours(1));
  a->timer().cancel();
  a->timer().cancel();
  EXPECT_FALSE(a->timer().active());
  test::run_out(loop);
  EXPECT_EQ(order, "");
}

TEST_F(Timers, CancelledInAnothersCallbackDoNotFireThoughTheyAreDue) {
  const auto b = noting('b');
  const auto c = noting('c');
  Alarm a(loop, [&] { b->timer().cancel(); });
  const Time due = now() - milliseconds(10);
  a.at(due);
  b->at(due + milliseconds(1));
  c->at(due + milliseconds(2));
  test::run_out(loop);
  EXPECT_EQ(a.fired(), 1);
  EXPECT_EQ(order, "c");
}

TEST_F(Timers, DestroyedInAnothersCallbackDoNotFire) {
  auto b = noting('b');
  const auto c = noting('c');
  Alarm a(loop, [&] { b.reset(); });
  const Time due = now() - milliseconds(10);
  a.at(due);
  b->at(due + milliseconds(1));
  c->at(due + milliseconds(2));
  test::run_out(loop);
  EXPECT_EQ(order, "c");
}

TEST_F(Timers, MayStartOthersInTheirCallback) {
  const auto b = noting('b');
  const auto c = noting('c');
  Alarm a(loop, [&] {
    order += 'a';
    b->at(now() + microseconds(200));
    c->at(now() + microseconds(100));
  });
  a.at(now() + microseconds(100));
  test::run_out(loop);
  EXPECT_EQ(order, "acb");
}

TEST_F(Timers, AnEarlierOneIsNotHeldUpByALaterOne) {
  const auto late = noting('l');
  late->at(now() + std::chrono::hours(1));
  Alarm early(loop, [&] { late->timer().cancel(); });
  early.at(now() + milliseconds(1));
  test::run_out(loop);
  EXPECT_EQ(early.fired(), 1);
  EXPECT_EQ(order, "");
}

TEST_F(Timers, ALaterOneFiresAfterAnEarlierOneIsCancelled) {
  const auto a = noting('a');
  const auto b = noting('b');
  a->at(now() + microseconds(500));
  b->at(now() + milliseconds(2));
  a->timer().cancel();
  test::run_out(loop);
  EXPECT_EQ(order, "b");
}

TEST_F(Timers, DestroyedWhileActiveLetTheLoopEnd) {
  {
    const auto a = noting('a');
    a->at(now() + std::chrono::hours(1));
  }
  test::run_out(loop);
  EXPECT_EQ(order, "");
}

TEST_F(Timers, ThatAreAlwaysOverdueSetNoAlarm) {
  Alarm late(loop, [&] {
    if (late.fired() < 100) late.timer().start_at(now());
  });
  late.at(now());
  int turns = 0;
  EXPECT_FALSE(test::run_until(loop, [&] { return ++turns < 0; }));
  EXPECT_EQ(late.fired(), 100);
  EXPECT_GE(turns, 100);  // each waits for the next turn
  EXPECT_EQ(alarms_set, 0);
}

TEST_F(Timers, PutOffAgainAndAgainSetTheAlarmOnce) {
  const auto deadline = noting('d');
  deadline->at(now() + std::chrono::hours(1));
  const Handle<uv_idle_t> awake(new uv_idle_t);
  uv_idle_init(loop.uv(), awake.get());
  uv_idle_start(awake.get(), [](uv_idle_t*) {});
  int turns = 0;
  EXPECT_TRUE(test::run_until(loop, [&] {
    deadline->timer().start_in(std::chrono::hours(1));
    return ++turns >= 100;
  }));
  EXPECT_EQ(alarms_set, 1);
}

TEST_F(Timers, OnceTheLastHasFiredTheLoopSleeps) {
  const auto last = noting('l');
  last->at(now() + microseconds(100));
  const Handle<uv_timer_t> other(new uv_timer_t);
  uv_timer_init(loop.uv(), other.get());
  other->data = &loop;
  uv_timer_start(
      other.get(), [](uv_timer_t* handle) { static_cast<Loop*>(handle->data)->stop(); }, 30, 0);
  int turns = 0;
  EXPECT_FALSE(test::run_until(loop, [&] { return ++turns < 0; }));
  EXPECT_EQ(order, "l");
  EXPECT_LT(turns, 10);
}

TEST_F(Timers, DoNotFireInTheTurnThatKeptThemWaiting) {
  int turns = 0;
  int started_in = -1;
  Alarm deadline(loop, [&] { EXPECT_GT(turns, started_in); });
  Alarm busy(loop, [&] {
    started_in = turns;
    deadline.at(now() + microseconds(50));
    while (now() < deadline.due()) {
    }
  });
  busy.at(now() + microseconds(50));
  EXPECT_FALSE(test::run_until(loop, [&] { return ++turns < 0; }));
  EXPECT_EQ(busy.fired(), 1);
  EXPECT_EQ(deadline.fired(), 1);
}

TEST_F(Timers, ManyFireInDueOrderHoweverTheyWereStartedAndCancelled) {
  constexpr int kCount = 2000;
  std::mt19937 random(20);
  std::vector<int> fired;
  std::vector<std::unique_ptr<Alarm>> alarms;
  std::vector<int> starting_order;
  for (int i = 0; i < kCount; ++i) {
    alarms.push_back(std::make_unique<Alarm>(loop, [&fired, i] { fired.push_back(i); }));
    starting_order.push_back(i);
  }
  std::shuffle(starting_order.begin(), starting_order.end(), random);
  const Time start = now();
  const auto due = [&](int i) { return start + microseconds(5 * i); };
  for (const int i : starting_order) alarms[static_cast<std::size_t>(i)]->at(due(i));
  // A third is moved away and back, a third is cancelled.
  std::shuffle(starting_order.begin(), starting_order.end(), random);
  std::vector<int> expected;
  for (const int i : starting_order) {
    Alarm& alarm = *alarms[static_cast<std::size_t>(i)];
    if (i % 3 == 0) {
      alarm.at(start + microseconds(random() % 20000));
      alarm.at(due(i));
    }
    if (i % 3 == 1) alarm.timer().cancel();
  }
  for (int i = 0; i < kCount; ++i) {
    if (i % 3 != 1) expected.push_back(i);
  }
  test::run_out(loop);
  EXPECT_EQ(fired, expected);
}

}  // namespace
}  // namespace pushbench::net

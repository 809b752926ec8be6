// Ctrl-C once and twice. What ends the process is tried in a child of the test's.

#include "net/interrupt.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <thread>

namespace pushbench::net {
namespace {

void wait_for(const Interrupt& interrupt) {
  while (!interrupt.asked()) std::this_thread::yield();
}

TEST(Interrupt, RemembersTheFirst) {
  for (const int number : {SIGINT, SIGTERM}) {
    const Interrupt interrupt;
    EXPECT_FALSE(interrupt.asked());
    ASSERT_EQ(raise(number), 0);
    wait_for(interrupt);
    EXPECT_TRUE(interrupt.asked());
  }
}

TEST(Interrupt, IsForgottenByTheNextOne) {
  {
    const Interrupt interrupt;
    ASSERT_EQ(raise(SIGINT), 0);
    wait_for(interrupt);
  }
  const Interrupt interrupt;
  EXPECT_FALSE(interrupt.asked());
}

TEST(InterruptDeathTest, TheSecondEndsTheProcessThoughItIsBusy) {
  const auto interrupt_twice = [] {
    const Interrupt interrupt;
    raise(SIGINT);
    wait_for(interrupt);
    raise(SIGTERM);
    while (true) pause();
  };
  EXPECT_EXIT(interrupt_twice(), testing::ExitedWithCode(130), "");
}

TEST(InterruptDeathTest, AfterwardsSignalsHaveTheirDefaultEffect) {
  const auto interrupt_after = [] {
    { const Interrupt interrupt; }
    raise(SIGINT);
  };
  EXPECT_EXIT(interrupt_after(), testing::KilledBySignal(SIGINT), "");
}

}  // namespace
}  // namespace pushbench::net

// What the operating system gives: random bytes, signals and file descriptors.

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <fstream>
#include <set>
#include <vector>

#include "net/limits.h"
#include "net/random.h"
#include "net/signal.h"
#include "tests/support/run_until.h"

namespace pushbench::net {
namespace {

TEST(RandomBytes, FillAllOfASpan) {
  Random random;
  // 64 zeros in a row come once in 2^512 times.
  std::array<std::uint8_t, 64 + 64 + 64> bytes{};
  random.fill(std::span(bytes).subspan(64, 64));
  const auto is_zero = [](std::uint8_t b) { return b == 0; };
  EXPECT_TRUE(std::all_of(bytes.begin(), bytes.begin() + 64, is_zero));
  EXPECT_FALSE(std::all_of(bytes.begin() + 64, bytes.begin() + 128, is_zero));
  EXPECT_TRUE(std::all_of(bytes.begin() + 128, bytes.end(), is_zero));
}

TEST(RandomBytes, DifferEachTime) {
  Random random;
  std::set<std::array<std::uint8_t, 16>> drawn;
  for (int i = 0; i < 1000; ++i) {  // through more than one page
    std::array<std::uint8_t, 16> nonce{};
    random.fill(nonce);
    drawn.insert(nonce);
  }
  EXPECT_EQ(drawn.size(), 1000u);
}

TEST(RandomBytes, DifferFromOneGeneratorToAnother) {
  Random one;
  Random other;
  std::array<std::uint8_t, 16> first{};
  std::array<std::uint8_t, 16> second{};
  one.fill(first);
  other.fill(second);
  EXPECT_NE(first, second);
}

TEST(RandomBytes, FillMoreThanAPageAtOnce) {
  Random random;
  std::vector<std::uint8_t> bytes(20'000);
  random.fill(bytes);
  const std::set<std::uint8_t> values(bytes.begin(), bytes.end());
  EXPECT_EQ(values.size(), 256u);
  const auto page = [&](unsigned i) {
    return std::vector(&bytes[4096u * i], &bytes[4096u * (i + 1)]);
  };
  EXPECT_NE(page(0), page(1));
}

struct Counter {
  int count = 0;
  void up() { ++count; }
};

TEST(Signals, CallBackEachTime) {
  Loop loop;
  Counter counter;
  const Signal signal(loop, SIGUSR1, Callback::to<&Counter::up>(&counter));
  // Something must keep the loop, for a signal does not.
  uv_timer_t* hour = new uv_timer_t;
  uv_timer_init(loop.uv(), hour);
  const Handle<uv_timer_t> keeper(hour);
  uv_timer_start(
      hour, [](uv_timer_t*) {}, 3'600'000, 0);
  ASSERT_EQ(raise(SIGUSR1), 0);
  ASSERT_TRUE(test::run_until(loop, [&] { return counter.count == 1; }));
  ASSERT_EQ(raise(SIGUSR1), 0);
  ASSERT_TRUE(test::run_until(loop, [&] { return counter.count == 2; }));
}

TEST(Signals, DoNotKeepTheLoop) {
  Loop loop;
  Counter counter;
  const Signal signal(loop, SIGUSR1, Callback::to<&Counter::up>(&counter));
  test::run_out(loop);
  EXPECT_EQ(counter.count, 0);
}

class FileLimits : public testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before_), 0); }
  void TearDown() override { setrlimit(RLIMIT_NOFILE, &before_); }
  rlimit before_{};
};

TEST_F(FileLimits, ThatSufficeStayAsTheyAre) {
  const std::uint64_t had = file_limit();
  EXPECT_EQ(had, before_.rlim_cur);
  EXPECT_TRUE(ensure_file_limit(1));
  EXPECT_TRUE(ensure_file_limit(had));
  EXPECT_EQ(file_limit(), had);
}

TEST_F(FileLimits, AreRaisedUpToWhatTheProcessMayHave) {
  rlimit low = before_;
  low.rlim_cur = 100;
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &low), 0);
  EXPECT_TRUE(ensure_file_limit(200));
  EXPECT_EQ(file_limit(), 200u);
}

TEST_F(FileLimits, ThatNobodyMayHaveAreAnError) {
  std::uint64_t most = 0;  // not even a privileged process may pass it
  ASSERT_TRUE(std::ifstream("/proc/sys/fs/nr_open") >> most);
  rlimit low = before_;
  low.rlim_cur = 100;
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &low), 0);
  const auto ensured = ensure_file_limit(most + 1);
  ASSERT_FALSE(ensured);
  EXPECT_EQ(ensured.error().line(),
            "open files: " + std::to_string(most + 1) + " are needed and this process may have " +
                std::to_string(before_.rlim_max) + "; raise the limit (ulimit -n " +
                std::to_string(most + 1) + ") or ask for fewer users");
  EXPECT_EQ(file_limit(), before_.rlim_max);  // not enough, but all there is
}

}  // namespace
}  // namespace pushbench::net

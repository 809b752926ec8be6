#include "net/child.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <cerrno>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/run_until.h"

namespace pushbench::net {
namespace {

class Children : public testing::Test, public ChildListener {
 protected:
  void start(const std::string& script) {
    auto started = Child::start(loop, {"/bin/sh", "-c", script}, *this);
    ASSERT_TRUE(started) << started.error().line();
    child = std::move(*started);
  }

  void on_line(const std::string& line) override { lines.push_back(line); }
  void on_exit(std::int64_t exit_status, int exit_signal) override {
    ++exits;
    status = exit_status;
    signal = exit_signal;
  }

  bool run_to_lines(std::size_t count) {
    return test::run_until(loop, [this, count] { return lines.size() >= count; });
  }

  Loop loop;
  std::unique_ptr<Child> child;
  std::vector<std::string> lines;
  int exits = 0;
  std::int64_t status = -1;
  int signal = -1;
};

TEST_F(Children, TellTheirLinesAndTheirExitCode) {
  start("echo one; echo; printf 'two\\nthree\\n'; exit 3");
  test::run_out(loop);
  EXPECT_EQ(lines, (std::vector<std::string>{"one", "", "two", "three"}));
  EXPECT_EQ(exits, 1);
  EXPECT_EQ(status, 3);
  EXPECT_EQ(signal, 0);
  EXPECT_FALSE(child->running());
}

TEST_F(Children, TellALineLongerThanOneRead) {
  start("i=0; while [ $i -lt 2000 ]; do printf 0123456789; i=$((i+1)); done; echo; echo end");
  test::run_out(loop);
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[0].size(), 20000u);
  EXPECT_EQ(lines[1], "end");
}

TEST_F(Children, TellALastLineThatLacksItsNewline) {
  start("echo one; printf two");
  test::run_out(loop);
  EXPECT_EQ(lines, (std::vector<std::string>{"one", "two"}));
}

TEST_F(Children, AreNotWaitedForByWhatTheyLeaveBehind) {
  start("sleep 1000 & echo $!; exit 4");
  test::run_out(loop);
  EXPECT_EQ(exits, 1);
  EXPECT_EQ(status, 4);
  ASSERT_EQ(lines.size(), 1u);
  const int left = std::stoi(lines[0]);
  EXPECT_EQ(::kill(left, 0), 0) << "it should hold the output until here";
  ::kill(left, SIGKILL);
}

TEST_F(Children, HaveNothingToReadFrom) {
  start("cat; echo done");
  test::run_out(loop);
  EXPECT_EQ(lines, std::vector<std::string>{"done"});
}

TEST_F(Children, EndByTheSignalTheyAreSent) {
  start("echo ready; exec cat /dev/zero > /dev/null");
  ASSERT_TRUE(run_to_lines(1));
  EXPECT_TRUE(child->running());
  child->signal(SIGTERM);
  ASSERT_TRUE(test::run_until(loop, [this] { return exits > 0; }));
  EXPECT_EQ(signal, SIGTERM);
  EXPECT_EQ(status, 0);
  EXPECT_FALSE(child->running());
  child->signal(SIGTERM);  // to nobody
}

TEST_F(Children, MayHandleTheSignalTheyAreSent) {
  start("trap 'echo caught; exit 7' INT; echo ready; while :; do :; done");
  ASSERT_TRUE(run_to_lines(1));
  child->signal(SIGINT);
  test::run_out(loop);
  EXPECT_EQ(lines, (std::vector<std::string>{"ready", "caught"}));
  EXPECT_EQ(status, 7);
}

TEST_F(Children, SayWhatTheyUse) {
  // It computes, and waits for a child of its own, which is a context switch.
  start(
      "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; sh -c :; echo ready; while :; do :; done");
  ASSERT_TRUE(run_to_lines(1));
  const auto usage = child->usage();
  ASSERT_TRUE(usage) << usage.error().line();
  EXPECT_GT(usage->cpu_us, 0u);
  EXPECT_GT(usage->context_switches, 0u);
  EXPECT_GT(usage->peak_rss_bytes, 100u * 1024);
  EXPECT_LT(usage->peak_rss_bytes, 1024u * 1024 * 1024);
  EXPECT_EQ(usage->peak_rss_bytes % 1024, 0u);
}

TEST_F(Children, ThatHaveEndedUseNothing) {
  start("exit 0");
  test::run_out(loop);
  const auto usage = child->usage();
  ASSERT_FALSE(usage);
  EXPECT_NE(usage.error().line().find("it has ended"), std::string::npos) << usage.error().line();
}

TEST_F(Children, AreKilledAndReapedWhenDestroyed) {
  start("trap '' TERM INT; echo ready; while :; do :; done");
  ASSERT_TRUE(run_to_lines(1));
  const int pid = child->pid();
  ASSERT_EQ(::kill(pid, 0), 0);
  child.reset();
  EXPECT_EQ(::kill(pid, 0), -1) << "it runs on, or nobody has reaped it";
  EXPECT_EQ(errno, ESRCH);
  test::run_out(loop);
  EXPECT_EQ(exits, 0);
}

TEST_F(Children, ThatHaveEndedMayBeDestroyedBeforeTheLoopKnows) {
  start("exit 0");
  child.reset();
  test::run_out(loop);
  EXPECT_EQ(exits, 0);
}

TEST_F(Children, ThatCannotStartSayWhy) {
  const auto started = Child::start(loop, {"/nowhere/to/be/found"}, *this);
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().line(),
            "/nowhere/to/be/found: cannot start: no such file or directory");
  test::run_out(loop);
  EXPECT_EQ(exits, 0);
}

TEST(OwnCpuTime, GrowsWithWork) {
  const std::uint64_t before = own_cpu_us();
  volatile std::uint64_t sum = 0;
  while (own_cpu_us() < before + 1000) sum = sum + 1;
  EXPECT_GT(own_cpu_us(), before);
  EXPECT_GT(sum, 0u);
}

}  // namespace
}  // namespace pushbench::net

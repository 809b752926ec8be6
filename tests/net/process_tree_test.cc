#include "net/process_tree.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <vector>

#include "net/cores.h"
#include "tests/support/run_until.h"

namespace pushbench::net {
namespace {

using testing::HasSubstr;

/// A shell that has done what its script says once it has printed a line, and then reads on.
class Trees : public testing::Test, public ChildListener {
 protected:
  void start(const std::string& script) {
    auto started = Child::start(loop, {"/bin/sh", "-c", script}, *this);
    ASSERT_TRUE(started) << started.error().line();
    child = std::move(*started);
    ASSERT_TRUE(test::run_until(loop, [this] { return !lines.empty(); }));
  }
  void on_line(const std::string& line) override { lines.push_back(line); }
  void on_exit(std::int64_t, int) override { ended = true; }

  Loop loop;
  std::unique_ptr<Child> child;
  std::vector<std::string> lines;
  bool ended = false;
};

// Some 100,000 turns of a shell's loop, which take a few hundredths of a second.
constexpr const char* kWork = "i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done; ";

TEST_F(Trees, CountWhatIsUsedFromTheBeginningOn) {
  start(std::string("trap '") + kWork + "echo worked' USR1; sleep 20 & echo ready; wait; wait");
  ProcessTree tree({child->pid()});
  ASSERT_TRUE(tree.begin());
  const auto idle = tree.used();
  ASSERT_TRUE(idle) << idle.error().line();
  EXPECT_GT(idle->peak_rss_bytes, 100'000U);
  child->signal(SIGUSR1);
  ASSERT_TRUE(test::run_until(loop, [this] { return lines.size() == 2; }));
  const auto all_ever = cpu_us_of(child->pid());
  ASSERT_TRUE(all_ever);
  const auto busy = tree.used();
  ASSERT_TRUE(busy) << busy.error().line();
  EXPECT_GT(busy->cpu_us, idle->cpu_us);
  EXPECT_GE(ProcessTree({child->pid()}).used()->cpu_us, *all_ever);  // it has had no beginning
}

TEST_F(Trees, HaveTheirDescendantsInThem) {
  // The shell waits; the one that it has started works, and goes on to wait for its own child.
  start(std::string("sh -c '") + kWork + "sleep 20 & echo $$; wait' & wait; wait");
  const auto used = ProcessTree({child->pid()}).used();
  ASSERT_TRUE(used) << used.error().line();
  const auto own = cpu_us_of(child->pid());
  const auto childs = cpu_us_of(std::stoi(lines.front()));
  ASSERT_TRUE(own);
  ASSERT_TRUE(childs);
  EXPECT_GT(*childs, 0U);
  EXPECT_GE(used->cpu_us, *childs);
}

TEST_F(Trees, KeepWhatChildrenUsedThatHaveEnded) {
  start(std::string("trap '(") + kWork +
        ") ; echo worked' USR1; sleep 20 & echo ready; wait; wait");
  ProcessTree tree({child->pid()});
  ASSERT_TRUE(tree.begin());
  const auto idle = tree.used();
  ASSERT_TRUE(idle);
  child->signal(SIGUSR1);
  ASSERT_TRUE(test::run_until(loop, [this] { return lines.size() == 2; }));
  const auto busy = tree.used();
  ASSERT_TRUE(busy) << busy.error().line();
  EXPECT_GT(busy->cpu_us,
            idle->cpu_us + 10'000);  // a tick of the kernel's, in which it counts them
}

TEST_F(Trees, NameTheCoresThatAnyOfThemMayRunOn) {
  const std::vector<int> all = allowed_cores();
  ASSERT_FALSE(all.empty());
  start("sleep 20 & echo ready; wait");
  EXPECT_EQ(ProcessTree({child->pid()}).cores(), all);
  ASSERT_TRUE(keep_to_cores(child->pid(), {all.back()}));
  EXPECT_EQ(ProcessTree({child->pid()}).cores(), all);  // the child may still run on all
  start("echo ready; exec sleep 20");
  ASSERT_TRUE(keep_to_cores(child->pid(), {all.back()}));
  EXPECT_EQ(ProcessTree({child->pid()}).cores(), std::vector{all.back()});
  EXPECT_TRUE(ProcessTree({}).cores().empty());
}

TEST_F(Trees, NameAProcessThatIsNotThere) {
  start("echo ready");
  const int pid = child->pid();
  ASSERT_TRUE(test::run_until(loop, [this] { return ended; }));
  const auto begun = ProcessTree({getpid(), pid}).begin();
  ASSERT_FALSE(begun);
  EXPECT_EQ(begun.error().line(),
            "process " + std::to_string(pid) + ": is not there, or has ended");
}

}  // namespace
}  // namespace pushbench::net

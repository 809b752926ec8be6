#include "net/loop.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "net/timer.h"
#include "tests/support/raw_socket.h"
#include "tests/support/run_until.h"
#include "tests/support/stream_pair.h"

namespace pushbench::net {
namespace {

using test::Peer;
using test::RawSocket;

class OrderedHook final : public TurnHook {
 public:
  OrderedHook(std::string name, std::vector<std::string>& log)
      : name_(std::move(name)), log_(log) {}
  void before_flush() override { log_.push_back(name_ + " before"); }
  void after_flush() override { log_.push_back(name_ + " after"); }

 private:
  std::string name_;
  std::vector<std::string>& log_;
};

TEST(Loops, WithNothingToWaitForEndAtOnce) {
  Loop loop;
  test::run_out(loop);
  test::run_out(loop);
}

// The destructor aborts the process if a handle is still open.
TEST(Loops, CloseCleanUnusedAndUsed) {
  { const Loop unused; }
  Loop loop;
  int fired = 0;
  struct Count {
    int& n;
    void up() { ++n; }
  } count{fired};
  Timer timer(loop, Callback::to<&Count::up>(&count));
  timer.start_in(Duration(0));
  test::run_out(loop);
  EXPECT_EQ(fired, 1);
}

TEST(LoopsDeathTest, DieIfSomethingOnThemIsStillOpen) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(
      {
        uv_idle_t leaked;
        Loop loop;
        uv_idle_init(loop.uv(), &leaked);
      },
      "destroyed while something on it is still open");
}

TEST(LoopsDeathTest, DieIfAStreamOrATimerOnThemIsStillThere) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(
      {
        auto* loop = new Loop;
        test::SingleAcceptor acceptor;
        auto listener = test::listen_on_loopback(*loop, acceptor);
        const RawSocket other = RawSocket::connected_to(listener->address());
        test::run_until(*loop, [&] { return acceptor.peer.stream != nullptr; });
        listener.reset();
        delete loop;
      },
      "destroyed while something on it is still open");
  EXPECT_DEATH(
      {
        auto* loop = new Loop;
        OrderedHook unused("", *new std::vector<std::string>);
        Timer timer(*loop, Callback::to<&OrderedHook::before_flush>(&unused));
        timer.start_in(std::chrono::hours(1));
        delete loop;
      },
      "destroyed while something on it is still open");
}

TEST(Loops, CallTheirHooksAroundTheFlushInOrder) {
  std::vector<std::string> log;
  Loop loop;
  OrderedHook first("first", log);
  OrderedHook second("second", log);
  loop.add_hook(first);
  loop.add_hook(second);
  loop.run();
  EXPECT_EQ(log, (std::vector<std::string>{"first before", "second before", "first after",
                                           "second after"}));
  log.clear();
  loop.remove_hook(first);
  loop.run();
  EXPECT_EQ(log, (std::vector<std::string>{"second before", "second after"}));
  loop.remove_hook(second);
}

TEST(Loops, FlushWhatAHookQueuesInTheSameTurn) {
  struct Hello final : TurnHook {
    Stream* stream = nullptr;
    void before_flush() override {
      if (stream != nullptr) std::exchange(stream, nullptr)->write("hello");
    }
    void after_flush() override {}
  } hello;
  const RawSocket listening = RawSocket::listening();
  Loop loop;
  Peer peer;
  ASSERT_TRUE(peer.connect(loop, listening.address()));
  RawSocket other = listening.accept();
  ASSERT_TRUE(test::run_until(loop, [&] { return peer.opened; }));
  loop.add_hook(hello);
  hello.stream = peer.stream.get();
  test::run_one_turn(loop);
  EXPECT_EQ(other.take(), "hello");
  loop.remove_hook(hello);
}

// Nothing else is on these loops, and the other end does nothing that would wake them.
TEST(Loops, DoNotEndBeforeWhatIsQueuedHasLeft) {
  const RawSocket listening = RawSocket::listening();
  const std::string text = test::numbered_bytes(32 * 1024 * 1024);  // takes many turns
  Loop loop;
  Peer peer;
  peer.when_open = [&] {
    peer.stream->pause_reading();
    peer.stream->write(text);
  };
  ASSERT_TRUE(peer.connect(loop, listening.address()));
  RawSocket other = listening.accept();
  std::string received;
  const test::Watch reading(loop, [&] {
    received += other.take();
    return false;
  });
  test::run_out(loop);
  EXPECT_EQ(peer.stream->queued(), 0u);
  received += other.take();
  EXPECT_TRUE(received == text);
}

TEST(Loops, FlushTheTurnThatStopsThem) {
  const RawSocket listening = RawSocket::listening();
  Loop loop;
  Peer peer;
  peer.when_open = [&] {
    peer.stream->write("last words");
    loop.stop();
  };
  ASSERT_TRUE(peer.connect(loop, listening.address()));
  RawSocket other = listening.accept();
  test::run_out(loop);
  EXPECT_EQ(other.take(), "last words");
}

TEST(Loops, RunAgainAfterAHookHasStoppedThem) {
  Loop loop;
  int fired = 0;
  struct Count {
    int& n;
    void up() { ++n; }
  } count{fired};
  Timer timer(loop, Callback::to<&Count::up>(&count));
  for (int i = 1; i <= 3; ++i) {
    timer.start_in(Duration(0));
    ASSERT_TRUE(test::run_until(loop, [&] { return fired == i; }));
  }
}

TEST(Loops, CloseCleanAfterAStopThatNoRunHasSeen) {
  const RawSocket listening = RawSocket::listening();
  Loop loop;
  Peer peer;
  ASSERT_TRUE(peer.connect(loop, listening.address()));
  loop.stop();
}

TEST(Loops, FlushWhatTheEndOfAnotherStreamQueues) {
  const RawSocket listening = RawSocket::listening();
  Loop loop;
  Peer ending;
  Peer staying;
  ASSERT_TRUE(ending.connect(loop, listening.address()));
  RawSocket first = listening.accept();
  ASSERT_TRUE(staying.connect(loop, listening.address()));
  RawSocket second = listening.accept();
  ASSERT_TRUE(test::run_until(loop, [&] { return ending.opened && staying.opened; }));
  ending.owes = true;
  first.shut_write();
  ASSERT_TRUE(test::run_until(loop, [&] { return ending.peer_dones > 0; }));
  ending.when_ended = [&] { staying.stream->write("it has left"); };
  ending.stream->end_after_flush();  // which its flush does, since the other side has ended
  std::string received;
  ASSERT_TRUE(test::run_until(loop, [&] { return !(received += second.take()).empty(); }));
  EXPECT_EQ(ending.ends, 1);
  EXPECT_EQ(received, "it has left");
}

TEST(Loops, FlushWhatIsQueuedWhenAStreamHasFlushed) {
  const RawSocket listening = RawSocket::listening();
  Loop loop;
  Peer peer;
  ASSERT_TRUE(peer.connect(loop, listening.address()));
  RawSocket other = listening.accept();
  ASSERT_TRUE(test::run_until(loop, [&] { return peer.opened; }));
  peer.when_flushed = [&] {
    if (peer.flushes < 3) peer.stream->write("more ");
  };
  peer.stream->write("much ");
  std::string received;
  ASSERT_TRUE(test::run_until(loop, [&] { return (received += other.take()).size() == 15; }));
  EXPECT_EQ(received, "much more more ");
}

TEST(Loops, KeepAStreamThatIsDisposedOfUntilTheTurnEnds) {
  const RawSocket listening = RawSocket::listening();
  Loop loop;
  Peer peer;
  bool in_time = false;
  peer.when_bytes = [&] {
    Stream& stream = *peer.stream;
    loop.dispose(std::move(peer.stream));
    in_time = stream.open();
  };
  ASSERT_TRUE(peer.connect(loop, listening.address()));
  RawSocket other = listening.accept();
  other.send("go");
  test::run_out(loop);  // the loop ends because the stream is gone
  EXPECT_TRUE(in_time);
  EXPECT_EQ(peer.ends, 0);
  EXPECT_EQ(other.take_to_end(), "");
}

}  // namespace
}  // namespace pushbench::net

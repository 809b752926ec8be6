// Connections that cannot be accepted because the process has no descriptor left.

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "net/child.h"
#include "net/listener.h"
#include "tests/support/raw_socket.h"
#include "tests/support/stream_pair.h"
#include "tests/support/turns.h"

namespace pushbench::net {
namespace {

using test::RawSocket;
using test::run_until;

/// No descriptor can be opened while this lives.
class NoDescriptors {
 public:
  NoDescriptors() {
    getrlimit(RLIMIT_NOFILE, &before_);
    const int lowest_free = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    ::close(lowest_free);
    const rlimit none{static_cast<rlim_t>(lowest_free), before_.rlim_max};
    EXPECT_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
  }
  ~NoDescriptors() { setrlimit(RLIMIT_NOFILE, &before_); }
  NoDescriptors(const NoDescriptors&) = delete;
  NoDescriptors& operator=(const NoDescriptors&) = delete;

 private:
  rlimit before_{};
};

struct Counter final : Acceptor {
  std::vector<std::unique_ptr<Stream>> streams;
  std::vector<std::string> failures;
  std::function<void()> when_failed = [] {};

  void on_accept(std::unique_ptr<Stream> stream) override { streams.push_back(std::move(stream)); }
  void on_accept_failed(const std::string& reason) override {
    failures.push_back(reason);
    when_failed();
  }
};

class AcceptFailures : public testing::Test {
 protected:
  // One connection that works, before there is no descriptor: UBSan needs some (for a pipe) each
  // time it meets a class for the first time.
  void SetUp() override {
    connect(1);
    ASSERT_TRUE(run_until(loop, [&] { return acceptor.streams.size() == 1; }));
    acceptor.streams.front()->start(first, first.traffic);
    others.front().send("hello");
    first.when_bytes = [&] { acceptor.streams.front()->write("hello"); };
    std::string received;
    ASSERT_TRUE(run_until(loop, [&] { return (received += others.front().take()) == "hello"; }));
    first.when_bytes = [] {};
    acceptor.failures.clear();
  }

  void connect(int count) {
    for (int i = 0; i < count; ++i) {
      others.push_back(RawSocket::connected_to(listener->address()));
    }
  }

  Loop loop;
  test::Peer first;
  Counter acceptor;
  std::unique_ptr<Listener> listener = test::listen_on_loopback(loop, acceptor);
  std::vector<RawSocket> others;
};

TEST_F(AcceptFailures, AreToldWithTheReason) {
  connect(3);
  const NoDescriptors none;
  ASSERT_TRUE(run_until(loop, [&] { return !acceptor.failures.empty(); }));
  ASSERT_EQ(acceptor.failures.size(), 1u);
  EXPECT_EQ(acceptor.failures.front(), "too many open files");
  EXPECT_EQ(acceptor.streams.size(), 1u);
}

TEST_F(AcceptFailures, DoNotSpin) {
  connect(3);
  const NoDescriptors none;
  const std::uint64_t cpu = own_cpu_us();
  int turns = 0;
  ASSERT_TRUE(run_until(loop, [&] {
    ++turns;
    return acceptor.failures.size() == 4;
  }));
  EXPECT_LT(turns, 30) << "three times 100 ms";
  EXPECT_LT(own_cpu_us() - cpu, 50'000u);
}

TEST_F(AcceptFailures, AreOverAsSoonAsThereAreDescriptors) {
  connect(3);
  {
    const NoDescriptors none;
    ASSERT_TRUE(run_until(loop, [&] { return acceptor.failures.size() == 2; }));
  }
  ASSERT_TRUE(run_until(loop, [&] { return acceptor.streams.size() == 4; }));
  EXPECT_EQ(acceptor.failures.size(), 2u);
  connect(2);  // and from then on as ever
  ASSERT_TRUE(run_until(loop, [&] { return acceptor.streams.size() == 6; }));
}

TEST_F(AcceptFailures, LeaveThePeersThatWaitConnected) {
  connect(1);
  others.back().send("I can wait");
  {
    const NoDescriptors none;
    ASSERT_TRUE(run_until(loop, [&] { return acceptor.failures.size() == 2; }));
  }
  ASSERT_TRUE(run_until(loop, [&] { return acceptor.streams.size() == 2; }));
  test::Peer second;
  acceptor.streams.back()->start(second, second.traffic);
  ASSERT_TRUE(run_until(loop, [&] { return second.received == "I can wait"; }));
  acceptor.streams.clear();  // before what they count into
}

TEST_F(AcceptFailures, LeaveTheConnectionsThatAreThereAlone) {
  connect(1);
  const NoDescriptors none;
  ASSERT_TRUE(run_until(loop, [&] { return !acceptor.failures.empty(); }));
  others.front().send("still here?");
  ASSERT_TRUE(run_until(loop, [&] { return first.received == "hellostill here?"; }));
  acceptor.streams.front()->write("yes");
  std::string received;
  ASSERT_TRUE(run_until(loop, [&] { return (received += others.front().take()) == "yes"; }));
}

TEST_F(AcceptFailures, MayDestroyTheListener) {
  connect(2);
  acceptor.when_failed = [&] { listener.reset(); };
  acceptor.streams.clear();
  const NoDescriptors none;
  test::run_out(loop);  // nothing is left to wait for
  EXPECT_EQ(acceptor.failures.size(), 1u);
}

TEST_F(AcceptFailures, MayEndWithTheListener) {
  connect(2);
  const NoDescriptors none;
  ASSERT_TRUE(run_until(loop, [&] { return acceptor.failures.size() == 1; }));
  listener.reset();  // while it waits to try again
  acceptor.streams.clear();
  test::run_out(loop);
  EXPECT_EQ(acceptor.failures.size(), 1u);
}

TEST(ConnectFailures, SayThatThereIsNoDescriptor) {
  Loop loop;
  test::SingleAcceptor acceptor;
  const auto listener = test::listen_on_loopback(loop, acceptor);
  const std::string where = listener->address().text();
  test::Peer peer;
  ASSERT_TRUE(peer.connect(loop, listener->address()));  // for UBSan, as above
  ASSERT_TRUE(run_until(loop, [&] { return peer.opened; }));
  peer.stream.reset();
  const NoDescriptors none;
  const auto stream = Stream::connect(loop, listener->address(), peer, peer.traffic);
  ASSERT_FALSE(stream);
  EXPECT_EQ(stream.error().line(), where + ": too many open files");
}

}  // namespace
}  // namespace pushbench::net

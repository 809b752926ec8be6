// A batch window on the server: what every push transport makes of it.
#include "tests/servers/server_test.h"
#include "tests/servers/test_events.h"

namespace pushbench::test {
namespace {

using namespace std::chrono_literals;
using Batches = std::vector<std::string>;

/// One subscriber, by the transport's name; a long poll asks again by itself.
class Subscriber {
 public:
  Subscriber(net::Loop& loop, const net::Address& server, std::string_view transport,
             wire::Seq after) {
    if (transport == "websocket") {
      socket_ = std::make_unique<TestSocket>(loop, server,
                                             fmt::format("/rooms/r/socket?after={}", after));
    } else if (transport == "sse") {
      events_ = std::make_unique<TestEvents>(loop, server,
                                             fmt::format("/rooms/r/events?after={}", after));
    } else {
      poller_ = std::make_unique<TestClient>(loop, server);
      ask(after);
    }
  }

  const Batches& batches() {
    if (socket_ != nullptr) return socket_->texts;
    if (events_ != nullptr) return events_->batches;
    while (const auto answer = poller_->response()) {
      polled_.emplace_back(answer->body());
      ask(Inbox(polled_).seqs.back());
    }
    return polled_;
  }
  std::vector<wire::Seq> seqs() { return Inbox(batches()).seqs; }

 private:
  void ask(wire::Seq after) {
    poller_->send(get(fmt::format("/rooms/r/long-poll?wait=60&after={}", after)));
  }

  std::unique_ptr<TestSocket> socket_;
  std::unique_ptr<TestEvents> events_;
  std::unique_ptr<TestClient> poller_;
  Batches polled_;
};

class BatchWindow : public ServerTest, public testing::WithParamInterface<std::string> {
 protected:
  void start_with(net::Duration window) {
    options_.store.batch_window = window;
    start();
  }
  std::unique_ptr<Subscriber> join(wire::Seq after) {
    return std::make_unique<Subscriber>(loop_, server_->address(), GetParam(), after);
  }
  /// One that waits in the room already.
  std::unique_ptr<Subscriber> subscribe() {
    auto subscriber = join(0);
    EXPECT_TRUE(room_has("r", GetParam(), 1));
    return subscriber;
  }
  bool has(Subscriber& subscriber, std::size_t batches) {
    return run_until([&] { return subscriber.batches().size() >= batches; });
  }
  /// A turn later, at least.
  void publish_in_a_turn(std::string_view text) {
    publish("r", text);
    const auto asker = connect();
    EXPECT_EQ(exchange(*asker, get("/healthz")).status(), 200);
  }
};

TEST_P(BatchWindow, GathersWhatIsPublishedInItIntoOneBatch) {
  start_with(500ms);
  const auto subscriber = subscribe();
  for (wire::Seq last = 3; last <= 6; last += 3) {
    const net::Time begun = net::now();
    for (const char* text : {"one", "two", "three"}) publish_in_a_turn(text);
    EXPECT_EQ(subscriber->seqs().size(), last - 3);
    ASSERT_TRUE(has(*subscriber, last / 3));
    EXPECT_GE(net::now() - begun, 500ms);
    EXPECT_EQ(subscriber->batches().size(), last / 3);
    EXPECT_EQ(subscriber->seqs(), seqs_up_to(last));
  }
}

TEST_P(BatchWindow, OneWhoJoinsInItGetsEachMessageOnce) {
  start_with(500ms);
  const auto first = subscribe();
  publish_in_a_turn("one");
  ASSERT_TRUE(has(*first, 1));
  publish_in_a_turn("two");
  // Its backlog comes at once, the rest with the others'.
  const auto joiner = join(0);
  ASSERT_TRUE(has(*joiner, 1));
  EXPECT_EQ(joiner->seqs(), seqs_up_to(1));
  publish_in_a_turn("three");
  ASSERT_TRUE(
      run_until([&] { return first->batches().size() >= 2 && joiner->batches().size() >= 2; }));
  EXPECT_EQ(first->seqs(), seqs_up_to(3));
  EXPECT_EQ(joiner->batches(), first->batches());
}

TEST_P(BatchWindow, EndsForOneWhoHasSomeOfItAlready) {
  start_with(10s);
  const auto first = subscribe();
  publish_in_a_turn("one");
  publish_in_a_turn("two");
  const net::Time begun = net::now();
  const auto joiner = join(1);  // by polling, it has read the first
  ASSERT_TRUE(has(*first, 1) && has(*joiner, 1));
  EXPECT_LT(net::now() - begun, 5s);
  EXPECT_EQ(first->seqs(), seqs_up_to(2));
  EXPECT_EQ(joiner->seqs(), seqs_up_to(2, 2));
}

TEST_P(BatchWindow, ThatIsOpenAtTheEndIsDeliveredThen) {
  start_with(10s);
  const auto subscriber = subscribe();
  publish_in_a_turn("one");
  publish_in_a_turn("two");
  EXPECT_EQ(subscriber->seqs().size(), 0u);
  server_->shut_down();
  ASSERT_TRUE(has(*subscriber, 1));
  EXPECT_EQ(subscriber->seqs(), seqs_up_to(2));
}

std::string name_of(const testing::TestParamInfo<std::string>& transport) {
  return transport.param == "long-polling" ? "long_polling" : transport.param;
}

INSTANTIATE_TEST_SUITE_P(Transports, BatchWindow,
                         testing::Values("long-polling", "sse", "websocket"), name_of);

using PollingInAWindow = ServerTest;

TEST_F(PollingInAWindow, ReadsTheStoreItself) {
  options_.store.batch_window = 10s;
  start();
  const auto poller = connect();
  publish("r", "one");
  const auto answer = exchange(*poller, get("/rooms/r/poll"));
  EXPECT_EQ(Inbox({std::string(answer.body())}).seqs, seqs_up_to(1));
}

// An open window must not keep the loop of a server that is shutting down.
TEST(ShutdownInAWindow, LeavesNothingOnTheLoop) {
  net::Loop loop;
  ServerOptions options;
  options.port = 0;
  options.store.batch_window = 10s;
  auto server = servers::Server::start(loop, options);
  ASSERT_TRUE(server.has_value());
  net::Timer turn(loop, net::Callback::to<&net::Loop::stop>(&loop));
  (*server)->store().publish(**(*server)->store().open("r"), {"host", "one", ""}, 1);
  turn.start_in(1ms);
  loop.run();
  const net::Time begun = net::now();
  (*server)->shut_down();
  loop.run();
  EXPECT_LT(net::now() - begun, 5s);
}

}  // namespace
}  // namespace pushbench::test

// One room, all transports: everybody gets everybody's messages, as the very same bytes, and these
// are made once however many they go to.

#include "tests/servers/counting_new.h"
#include "tests/servers/server_test.h"
#include "tests/support/raw_socket.h"

namespace pushbench::test {
namespace {

using ::testing::StartsWith;

/// The messages of some batches as one piece of JSON, wherever the batches were cut.
std::string joined(const std::vector<std::string>& batches) {
  std::string all;
  for (const std::string& batch : batches) {
    if (!all.empty()) all += ',';
    all += batch.substr(1, batch.size() - 2);
  }
  return all;
}

class RoomsSharedTest : public ServerTest {
 protected:
  void SetUp() override {
    start();
    poller_ = connect();
    holder_ = connect();
    socket_ = open_socket("/rooms/r/socket");
  }

  void ask(TestClient& client, std::string_view route, const std::vector<std::string>& have) {
    const Inbox inbox(have);
    const wire::Seq last = inbox.seqs.empty() ? 0 : inbox.seqs.back();
    client.send(get(fmt::format("/rooms/r/{}?after={}", route, last)));
  }
  /// Keeps asking until every subscriber has `count` messages, each in its transport's way.
  void collect(std::size_t count) {
    while (Inbox(held_).seqs.size() < count) {
      if (!waiting_) ask(*holder_, "long-poll", held_);
      waiting_ = false;
      held_.emplace_back(await(*holder_).body());
      ASSERT_THAT(held_.back(), StartsWith("["));
    }
    ask(*holder_, "long-poll", held_);
    waiting_ = true;
    while (Inbox(polled_).seqs.size() < count) {
      ask(*poller_, "poll", polled_);
      const auto answer = await(*poller_);
      ASSERT_EQ(answer.status(), 200);  // it is there: the others have it
      polled_.emplace_back(answer.body());
    }
    ASSERT_TRUE(run_until([&] { return Inbox(socket_->texts).seqs.size() >= count; }));
  }

  std::unique_ptr<TestClient> poller_, holder_;
  std::unique_ptr<TestSocket> socket_;
  std::vector<std::string> polled_, held_;
  bool waiting_ = false;
};

TEST_F(RoomsSharedTest, EachTransportGetsWhatTheOthersPublish) {
  std::size_t count = 0;
  for (int round = 0; round < 5; ++round) {
    const auto from_poller = connect();
    const auto from_holder = connect();
    const auto draft = [&](std::string_view from) {
      return fmt::format(R"({{"from":"{}","text":"round {}","id":"{}"}})", from, round, round);
    };
    from_poller->send(post("/rooms/r/messages", draft("poller")));
    from_holder->send(post("/rooms/r/messages", draft("holder")));
    socket_->send_text(draft("socket"));
    count += 3;
    collect(count);
    if (HasFatalFailure()) return;
    EXPECT_EQ(await(*from_poller).status(), 201);
    EXPECT_EQ(await(*from_holder).status(), 201);
  }
  const std::string all = joined(socket_->texts);
  EXPECT_EQ(joined(held_), all);
  EXPECT_EQ(joined(polled_), all);
  const Inbox inbox(socket_->texts);
  EXPECT_EQ(inbox.seqs, seqs_up_to(15));
  for (const std::string_view from : {"poller", "holder", "socket"}) {
    for (int round = 0; round < 5; ++round) {
      const auto text =
          fmt::format(R"("from":"{}","text":"round {}","id":"{}")", from, round, round);
      EXPECT_NE(all.find(text), std::string::npos) << text;
    }
  }
}

TEST_F(RoomsSharedTest, ATurnsMessagesAreOneBatchOfTheSameBytes) {
  collect(0);
  ASSERT_TRUE(room_has("r", "long-polling", 1));
  const auto publisher = connect();
  publisher->send(post("/rooms/r/messages", R"({"from":"ann","text":"one"})") +
                  post("/rooms/r/messages", R"({"from":"bob","text":"two"})") +
                  post("/rooms/r/messages", R"({"from":"ann","text":"three"})"));
  collect(3);
  if (HasFatalFailure()) return;
  ASSERT_EQ(socket_->texts.size(), 1u);
  EXPECT_EQ(Inbox(socket_->texts).seqs, seqs_up_to(3));
  EXPECT_EQ(held_, socket_->texts);
  EXPECT_EQ(polled_, socket_->texts);
}

TEST_F(RoomsSharedTest, ASubscriberOfOneRoomHearsNothingOfAnother) {
  const auto other = open_socket("/rooms/other/socket");
  publish("r", "x");
  collect(1);
  publish("other", "y");
  ASSERT_TRUE(run_until([&] { return !other->texts.empty(); }));
  EXPECT_EQ(Inbox(other->texts).texts, (std::vector<std::string>{"y"}));
  EXPECT_EQ(Inbox(socket_->texts).texts, (std::vector<std::string>{"x"}));
}

/// Subscribers that are not on the loop, so that all that is counted is the server's own.
class FanOutTest : public ServerTest {
 protected:
  /// Adds subscribers until there are `count`.
  void join_by_socket(int count) {
    while (static_cast<int>(subscribers_.size()) < count) {
      subscribers_.push_back(RawSocket::connected_to(server_->address()));
      subscribers_.back().send(kRawUpgrade);
    }
    ASSERT_TRUE(room_has("r", "websocket", count));
  }
  /// Three messages in one turn, to everybody.
  void publish_and_deliver() {
    publish("r", "one");
    publish("r", "two");
    publish("r", "three");
    const std::uint64_t writes = server_->bytes().writes;
    ASSERT_TRUE(run_until([&] { return server_->bytes().writes > writes; }));
  }
  /// What kTurns of that take from the allocator once every queue has its size.
  double allocations_of_a_fan_out() {
    publish_and_deliver();
    publish_and_deliver();
    const std::uint64_t before = allocations().count;
    for (int turn = 0; turn < kTurns; ++turn) publish_and_deliver();
    return static_cast<double>(allocations().count - before);
  }

  // The store's own containers grow in steps: by so much may two measurements differ.
  static constexpr int kTurns = 8;
  std::vector<RawSocket> subscribers_;
};

TEST_F(FanOutTest, EverySocketTakesOneWriteATurn) {
  start();
  constexpr int kSockets = 50;
  join_by_socket(kSockets);
  for (int turn = 0; turn < 10; ++turn) {
    const net::Traffic before = server_->bytes();
    publish_and_deliver();
    EXPECT_EQ(server_->bytes().writes - before.writes, static_cast<std::uint64_t>(kSockets));
    const std::uint64_t bytes = server_->bytes().written - before.written;
    EXPECT_EQ(bytes % kSockets, 0u);
    EXPECT_GT(bytes / kSockets, 100u);
  }
  std::string first;
  for (const RawSocket& subscriber : subscribers_) {
    char buffer[8192];
    const std::string received(subscriber.receive(buffer));
    if (first.empty()) first = received;
    EXPECT_EQ(received, first);
  }
  EXPECT_THAT(first, StartsWith("HTTP/1.1 101 "));
  EXPECT_THAT(first, ::testing::HasSubstr("[{\"seq\":28,\"from\":\"host\",\"text\":\"one\""));
}

TEST_F(FanOutTest, EncodesOnceHoweverManyThereAre) {
  start();
  join_by_socket(5);
  const double for_five = allocations_of_a_fan_out();
  EXPECT_GT(for_five, kTurns);  // else nothing was counted
  for (const int sockets : {50, 200}) {
    join_by_socket(sockets);
    if (HasFatalFailure()) return;
    EXPECT_NEAR(allocations_of_a_fan_out(), for_five, kTurns) << sockets << " sockets";
  }
}

TEST_F(FanOutTest, AnswersHeldRequestsWithOneHeadAndOneBody) {
  start();
  const auto held_by = [&](int count) {
    while (static_cast<int>(subscribers_.size()) < count) {
      subscribers_.push_back(RawSocket::connected_to(server_->address()));
    }
    for (const RawSocket& subscriber : subscribers_) {
      subscriber.send(get("/rooms/r/long-poll?wait=60&after=" + std::to_string(room("r").last())));
    }
    EXPECT_TRUE(room_has("r", "long-polling", count));
    const net::Traffic before = server_->bytes();
    const std::uint64_t blocks = allocations().count;
    publish_and_deliver();
    EXPECT_EQ(server_->bytes().writes - before.writes, static_cast<std::uint64_t>(count));
    return static_cast<double>(allocations().count - blocks);
  };
  for (int i = 0; i < 3; ++i) held_by(100);
  const double for_many = held_by(100);
  subscribers_.clear();
  ASSERT_TRUE(run_until([&] { return server_->connections() == 0; }));
  for (int i = 0; i < 3; ++i) held_by(5);
  EXPECT_NEAR(held_by(5), for_many, 3);
}

}  // namespace
}  // namespace pushbench::test

#include "tests/servers/server_test.h"
#include "tests/support/raw_socket.h"
#include "wire/handshake.h"

namespace pushbench::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::string_view kHeld = "/rooms/r/long-poll?wait=60";

class LongPollingTest : public ServerTest {
 protected:
  /// A client whose request is held: the room says so.
  std::unique_ptr<TestClient> hold(std::string_view target, int held_then = 1) {
    auto client = connect();
    client->send(get(target));
    EXPECT_TRUE(room_has("r", "long-polling", held_then));
    return client;
  }
};

TEST_F(LongPollingTest, AnswersAtOnceWithWhatIsThere) {
  start();
  publish("r", "a");
  publish("r", "b");
  const auto client = connect();
  const auto answer = exchange(*client, get("/rooms/r/long-poll?after=1&wait=60"));
  EXPECT_EQ(answer.status(), 200);
  EXPECT_EQ(answer.header("content-type"), "application/json");
  EXPECT_EQ(answer.body(), R"([{"seq":2,"from":"host","text":"b","at":1}])");
}

TEST_F(LongPollingTest, IsHeldUntilThereIsSomething) {
  start();
  publish("r", "old");
  const auto client = hold("/rooms/r/long-poll?after=1&wait=60");
  EXPECT_EQ(client->received(), "");
  publish("other", "not for this one");
  publish("r", "new");
  publish("r", "newer");
  const auto answer = await(*client);
  EXPECT_EQ(answer.status(), 200);
  EXPECT_EQ(Inbox({std::string(answer.body())}).texts, (std::vector<std::string>{"new", "newer"}));
  EXPECT_TRUE(room_has("r", "long-polling", 0));
}

TEST_F(LongPollingTest, FollowsARoomMessageByMessage) {
  start();
  const auto client = connect();
  Inbox inbox;
  for (int i = 0; i < 20; ++i) {
    client->send(get(fmt::format("/rooms/r/long-poll?after={}", i)));
    publish("r", fmt::format("text {}", i));  // may come before the request or after it
    inbox.add(await(*client).body());
  }
  EXPECT_EQ(inbox.seqs, seqs_up_to(20));
}

TEST_F(LongPollingTest, OnePublishAnswersAllThatAreHeld) {
  start();
  const auto one = hold(kHeld, 1);
  const auto two = hold(kHeld, 2);
  const auto three = hold(kHeld, 3);
  publish("r", "a");
  const auto first = await(*one);
  EXPECT_EQ(Inbox({std::string(first.body())}).seqs, seqs_up_to(1));
  EXPECT_EQ(await(*two).body(), first.body());
  EXPECT_EQ(await(*three).body(), first.body());
}

TEST_F(LongPollingTest, NothingIsA204WhenTheWaitIsOver) {
  start();
  const auto client = connect();
  const net::Time before = net::now();
  const auto answer = exchange(*client, get("/rooms/r/long-poll?wait=0.05"));
  EXPECT_EQ(answer.status(), 204);
  EXPECT_FALSE(answer.has_header("content-length"));
  EXPECT_EQ(answer.body(), "");
  EXPECT_GE(net::now() - before, std::chrono::milliseconds{50});
  EXPECT_TRUE(room_has("r", "long-polling", 0));
  EXPECT_EQ(exchange(*client, get("/rooms/r/long-poll?wait=0")).status(), 204);
  publish("r", "a");  // nobody is held any more: nothing may be sent twice
  EXPECT_EQ(exchange(*client, get("/rooms/r/long-poll?wait=0")).status(), 200);
  EXPECT_EQ(client->received(), "");
}

TEST_F(LongPollingTest, LeadsWithAGap) {
  options_.store.retain = 1;
  start();
  publish("r", "a");
  publish("r", "b");
  const auto client = connect();
  const auto answer = exchange(*client, get("/rooms/r/long-poll?after=0&wait=60"));
  const Inbox inbox({std::string(answer.body())});
  EXPECT_THAT(inbox.gaps, ElementsAre("expired"));
  EXPECT_EQ(inbox.seqs, seqs_up_to(2, 2));
  // A cursor past the end is told at once, not held until the room gets there.
  const auto ahead = exchange(*client, get("/rooms/r/long-poll?after=7&wait=60"));
  EXPECT_THAT(Inbox({std::string(ahead.body())}).gaps, ElementsAre("restarted"));
}

TEST_F(LongPollingTest, AnAbandonedRequestIsForgotten) {
  start();
  auto stays = hold(kHeld, 1);
  auto leaves = hold(kHeld, 2);
  leaves.reset();
  EXPECT_TRUE(run_until([&] { return server_->connections() == 1; }));
  EXPECT_TRUE(room_has("r", "long-polling", 1));
  publish("r", "a");
  EXPECT_EQ(await(*stays).status(), 200);
  stays.reset();
  EXPECT_TRUE(run_until([&] { return server_->connections() == 0; }));
  EXPECT_TRUE(room_has("r", "long-polling", 0));
}

TEST_F(LongPollingTest, RefusesAWaitItCannotKeep) {
  options_.transports.max_hold = std::chrono::seconds{10};
  start();
  const auto client = connect();
  for (const std::string_view wait : {"x", "", "-1", "10.1", "nan", "inf", "1s", "1e300"}) {
    const auto answer = exchange(*client, get(fmt::format("/rooms/r/long-poll?wait={}", wait)));
    EXPECT_EQ(answer.status(), 400) << wait;
    EXPECT_EQ(answer.header("content-type"), "application/problem+json") << wait;
    EXPECT_THAT(std::string(answer.body()),
                HasSubstr("wait: write the seconds to hold the request, 0 to 10"))
        << wait;
  }
  EXPECT_EQ(exchange(*client, get("/rooms/r/long-poll?wait=1e-2")).status(), 204);
}

TEST_F(LongPollingTest, ABacklogOfSeveralBatchesGoesOnWhereItStopped) {
  options_.store.max_batch = 100;
  start();
  const auto client = hold(kHeld);
  for (int i = 0; i < 30; ++i) publish("r", "some text");
  Inbox inbox;
  inbox.add(await(*client).body());
  while (!inbox.seqs.empty() && inbox.seqs.back() < 30) {
    const auto target = fmt::format("/rooms/r/long-poll?after={}&wait=60", inbox.seqs.back());
    inbox.add(exchange(*client, get(target)).body());
  }
  EXPECT_EQ(inbox.seqs, seqs_up_to(30));
}

// The answer to a held request lets the next ones on its connection run. They may publish and join
// themselves, while the batch that set them free is still on its way to the other subscribers.
TEST_F(LongPollingTest, RequestsBehindAHeldOneKeepTheRoomsOrder) {
  start();
  const auto socket = open_socket("/rooms/r/socket");
  const auto client = connect();
  client->send(get(kHeld) + post("/rooms/r/messages", R"({"from":"ann","text":"two"})") +
               get("/rooms/r/long-poll?after=1&wait=60") +
               get("/rooms/r/long-poll?after=2&wait=60"));
  EXPECT_TRUE(room_has("r", "long-polling", 1));
  publish("r", "one");
  EXPECT_EQ(Inbox({std::string(await(*client).body())}).seqs, seqs_up_to(1));
  EXPECT_EQ(await(*client).body(), R"({"seq":2})");
  EXPECT_EQ(Inbox({std::string(await(*client).body())}).seqs, seqs_up_to(2, 2));
  EXPECT_TRUE(run_until([&] { return Inbox(socket->texts).seqs.size() >= 2; }));
  publish("r", "three");
  EXPECT_EQ(Inbox({std::string(await(*client).body())}).seqs, seqs_up_to(3, 3));
  EXPECT_TRUE(run_until([&] { return Inbox(socket->texts).seqs.size() >= 3; }));
  EXPECT_EQ(Inbox(socket->texts).seqs, seqs_up_to(3));
}

TEST_F(LongPollingTest, APublishBehindAHeldRequestReachesAnotherRoomInTheSameTurn) {
  start();
  const RawSocket client = RawSocket::connected_to(server_->address());
  const RawSocket subscriber = RawSocket::connected_to(server_->address());
  client.send(get(kHeld) + post("/rooms/other/messages", R"({"from":"ann","text":"x"})"));
  subscriber.send(get("/rooms/other/long-poll?wait=60"));
  EXPECT_TRUE(room_has("r", "long-polling", 1));
  EXPECT_TRUE(room_has("other", "long-polling", 1));
  ASSERT_TRUE(run_until([&] { return server_->connections() == 2; }));
  publish("r", "go on");
  // These clients are not on the loop: what waited for a further turn would wait for ever.
  const net::Time begun = net::now();
  const std::uint64_t writes = server_->bytes().writes;
  EXPECT_TRUE(run_until([&] { return server_->bytes().writes == writes + 2; }));
  EXPECT_LT(net::now() - begun, kGuard / 2);  // nor did the guard's timer begin it
  char buffer[1000];
  EXPECT_THAT(std::string(subscriber.receive(buffer)), HasSubstr(R"("from":"ann","text":"x")"));
  EXPECT_THAT(std::string(client.receive(buffer)), HasSubstr("HTTP/1.1 201 Created"));
}

/// A request that is held, with others behind it, and one who sets it free in the middle of a turn.
class BehindHeldTest : public ServerTest {
 protected:
  void hold_with(const std::string& requests_behind) {
    start();
    client_ = std::make_unique<RawSocket>(RawSocket::connected_to(server_->address()));
    other_ = std::make_unique<RawSocket>(RawSocket::connected_to(server_->address()));
    client_->send(get(kHeld) + requests_behind);
    ASSERT_TRUE(room_has("r", "long-polling", 1));
    ASSERT_TRUE(run_until([&] { return server_->connections() == 2; }));
  }
  /// Publishes, and joins at once, for which the room's batch is delivered without delay.
  void set_free() {
    other_->send(post("/rooms/r/messages", R"({"from":"bob","text":"go on"})") +
                 get("/rooms/r/long-poll?after=1&wait=60"));
  }
  std::unique_ptr<RawSocket> client_, other_;
};

TEST_F(BehindHeldTest, WhatComesInThatTurnWaitsForWhatCameBefore) {
  hold_with(post("/rooms/s/messages", R"({"from":"ann","text":"first"})"));
  set_free();
  client_->send(post("/rooms/s/messages", R"({"from":"ann","text":"second"})"));
  ASSERT_TRUE(run_until([&] { return server_->store().published() == 3; }));
  const auto asker = connect();
  EXPECT_EQ(Inbox({std::string(exchange(*asker, get("/rooms/s/poll")).body())}).texts,
            (std::vector<std::string>{"first", "second"}));
}

TEST_F(BehindHeldTest, OneWhoIsGoneInThatTurnIsNotServedAnyMore) {
  hold_with(get("/rooms/r/long-poll?after=1&wait=60"));
  set_free();
  client_->reset();
  ASSERT_TRUE(run_until([&] { return server_->connections() == 1; }));
  EXPECT_TRUE(room_has("r", "long-polling", 1));  // the other one
  publish("r", "more");
  EXPECT_TRUE(room_has("r", "long-polling", 0));
}

TEST_F(LongPollingTest, AnUpgradeBehindAHeldRequestGetsEachMessageOnce) {
  start();
  TestSocket socket(loop_, server_->address(), "/rooms/r/socket?after=0");
  ASSERT_TRUE(run_until([&] { return socket.open(); }));
  const auto client = connect();
  client->send(get(kHeld) + wire::encode_upgrade_request("test", "/rooms/r/socket?after=0",
                                                         "AQIDBAUGBwgAAAAAAAAAAA=="));
  EXPECT_TRUE(room_has("r", "long-polling", 1));
  publish("r", "one");
  EXPECT_EQ(await(*client).status(), 200);
  EXPECT_EQ(await(*client).status(), 101);
  const std::string batch = R"([{"seq":1,"from":"host","text":"one","at":1}])";
  const std::string next = R"([{"seq":2,"from":"host","text":"two","at":1}])";
  publish("r", "two");
  ASSERT_TRUE(run_until([&] { return client->received().ends_with(next); }));
  EXPECT_EQ(client->received(), wire::encode_frame(Opcode::text, batch, {}) +
                                    wire::encode_frame(Opcode::text, next, {}));
}

}  // namespace
}  // namespace pushbench::test

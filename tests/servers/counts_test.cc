// What /metrics counts by transport: exchanges, empty ones, and messages delivered.

#include <cstdlib>

#include "tests/servers/server_test.h"
#include "tests/servers/test_events.h"

namespace pushbench::test {
namespace {

using ::testing::ElementsAre;

constexpr std::string_view kDraft = R"({"from":"ann","text":"hi","id":"1"})";

class CountsTest : public ServerTest {
 protected:
  /// Exchanges, empty ones and deliveries of a transport.
  std::vector<int> of(std::string_view transport) {
    const auto client = connect();
    const auto answer = exchange(*client, get("/metrics"));
    std::vector<int> counts;
    for (const char* name : {"exchanges", "empty_exchanges", "deliveries"}) {
      const std::string line =
          fmt::format("\npushbench_{}_total{{transport=\"{}\"}} ", name, transport);
      const std::size_t at = answer.body().find(line);
      const bool found = at != std::string_view::npos;
      counts.push_back(found ? std::atoi(answer.body().data() + at + line.size()) : -1);
    }
    return counts;
  }
  wire::HttpMessage ask(std::string request) {
    const auto client = connect();
    return exchange(*client, std::move(request));
  }
  void publish_some(int count) {
    for (int i = 0; i < count; ++i) publish("r", "x");
  }
};

TEST_F(CountsTest, BeginAtNothing) {
  start();
  for (const char* name : {"polling", "long-polling", "sse", "websocket"}) {
    EXPECT_THAT(of(name), ElementsAre(0, 0, 0)) << name;
  }
  EXPECT_THAT(of("publish"), ElementsAre(0, -1, -1));
}

TEST_F(CountsTest, APollIsAnExchangeAndEmptyWithoutNews) {
  start();
  EXPECT_EQ(ask(get("/rooms/r/poll")).status(), 204);
  EXPECT_THAT(of("polling"), ElementsAre(1, 1, 0));
  publish_some(3);
  EXPECT_EQ(ask(get("/rooms/r/poll?after=1")).status(), 200);
  EXPECT_THAT(of("polling"), ElementsAre(2, 1, 2));
  EXPECT_EQ(ask(get("/rooms/r/poll?after=3")).status(), 204);
  EXPECT_EQ(ask(get("/rooms/r/poll?after=x")).status(), 400);
  EXPECT_THAT(of("polling"), ElementsAre(4, 2, 2));
  EXPECT_THAT(of("long-polling"), ElementsAre(0, 0, 0));
}

TEST_F(CountsTest, AGapIsNoMessage) {
  options_.store.retain = 2;
  start();
  publish_some(5);
  EXPECT_EQ(Inbox({std::string(ask(get("/rooms/r/poll?after=1")).body())}).gaps.size(), 1u);
  EXPECT_THAT(of("polling"), ElementsAre(1, 0, 2));
}

TEST_F(CountsTest, AGapAloneIsEmpty) {
  start();
  EXPECT_EQ(Inbox({std::string(ask(get("/rooms/r/poll?after=9")).body())}).gaps.size(), 1u);
  EXPECT_THAT(of("polling"), ElementsAre(1, 1, 0));
}

TEST_F(CountsTest, WhatHasNoBodyDeliversNothing) {
  start();
  publish_some(1);
  const auto client = connect();
  client->send("HEAD /rooms/r/poll HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n");
  ASSERT_TRUE(run_until([&] { return client->ended(); }));
  EXPECT_THAT(of("polling"), ElementsAre(1, 1, 0));
}

TEST_F(CountsTest, ALongPollCountsWhenItIsAnswered) {
  start();
  EXPECT_EQ(ask(get("/rooms/r/long-poll?wait=0")).status(), 204);
  EXPECT_THAT(of("long-polling"), ElementsAre(1, 1, 0));
  const auto held = connect();
  const auto leaves = connect();
  held->send(get("/rooms/r/long-poll"));
  leaves->send(get("/rooms/r/long-poll"));
  ASSERT_TRUE(room_has("r", "long-polling", 2));
  leaves->stream().abort();
  ASSERT_TRUE(room_has("r", "long-polling", 1));
  EXPECT_THAT(of("long-polling"), ElementsAre(1, 1, 0));
  publish_some(2);
  EXPECT_EQ(await(*held).status(), 200);
  EXPECT_THAT(of("long-polling"), ElementsAre(2, 1, 2));
}

TEST_F(CountsTest, AnEventStreamIsOneExchangeWithAllItsDeliveries) {
  start();
  publish_some(2);
  TestEvents events(loop_, server_->address(), "/rooms/r/events?after=0", {});
  ASSERT_TRUE(run_until([&] { return events.batches.size() == 1; }));
  EXPECT_THAT(of("sse"), ElementsAre(1, 0, 2));
  publish_some(3);
  ASSERT_TRUE(run_until([&] { return events.batches.size() == 2; }));
  EXPECT_THAT(of("sse"), ElementsAre(1, 0, 5));
}

TEST_F(CountsTest, AWebSocketIsOneExchangeAndWhatItPublishesIsNone) {
  start();
  publish_some(1);
  const auto one = open_socket("/rooms/r/socket?after=0");
  const auto other = open_socket("/rooms/r/socket?after=0");
  ASSERT_TRUE(run_until([&] { return one->texts.size() == 1 && other->texts.size() == 1; }));
  EXPECT_THAT(of("websocket"), ElementsAre(2, 0, 2));
  one->send_text(kDraft);
  ASSERT_TRUE(run_until([&] { return one->texts.size() == 2 && other->texts.size() == 2; }));
  EXPECT_THAT(of("websocket"), ElementsAre(2, 0, 4));
  EXPECT_THAT(of("publish"), ElementsAre(0, -1, -1));
  EXPECT_EQ(ask(get("/rooms/r/socket")).status(), 426);
  EXPECT_THAT(of("websocket"), ElementsAre(3, 0, 4));
}

TEST_F(CountsTest, EachPublishByPostIsAnExchange) {
  start();
  EXPECT_EQ(ask(post("/rooms/r/messages", kDraft)).status(), 201);
  EXPECT_EQ(ask(post("/rooms/r/messages", kDraft)).status(), 200);
  EXPECT_EQ(ask(post("/rooms/r/messages", "no draft")).status(), 400);
  EXPECT_THAT(of("publish"), ElementsAre(3, -1, -1));
}

// What a page gets an answer to is counted; what its browser asks for itself, or hides, is not.
TEST_F(CountsTest, RefusalsCountIfThePageSeesThem) {
  options_.access.token = "correct-horse-battery-staple";
  start();
  EXPECT_EQ(ask(get("/rooms/r/poll")).status(), 401);
  EXPECT_EQ(ask(post("/rooms/r/messages", kDraft)).status(), 401);
  EXPECT_EQ(ask(get("/rooms/r/poll", "Origin: http://evil.example\r\n")).status(), 403);
  EXPECT_EQ(ask("OPTIONS /rooms/r/poll HTTP/1.1\r\nHost: test\r\n\r\n").status(), 204);
  EXPECT_EQ(ask(post("/rooms/r/poll", kDraft)).status(), 405);
  EXPECT_THAT(of("polling"), ElementsAre(2, 0, 0));
  EXPECT_THAT(of("publish"), ElementsAre(1, -1, -1));
}

// One connection may serve several transports in turn.
TEST_F(CountsTest, EachExchangeOfAConnectionCountsForItsOwnTransport) {
  start();
  publish_some(1);
  const auto client = connect();
  EXPECT_EQ(exchange(*client, get("/rooms/r/poll")).status(), 200);
  EXPECT_EQ(exchange(*client, get("/healthz")).status(), 200);
  EXPECT_EQ(exchange(*client, get("/rooms/r/long-poll?after=1&wait=0")).status(), 204);
  EXPECT_EQ(exchange(*client, post("/rooms/r/messages", kDraft)).status(), 201);
  EXPECT_THAT(of("polling"), ElementsAre(1, 0, 1));
  EXPECT_THAT(of("long-polling"), ElementsAre(1, 1, 0));
  EXPECT_THAT(of("publish"), ElementsAre(1, -1, -1));
}

}  // namespace
}  // namespace pushbench::test

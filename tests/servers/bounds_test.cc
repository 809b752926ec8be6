// What is full says so, and takes the next one when there is room again. Who says all it has to say
// and then only listens gets what it is owed.

#include "tests/servers/server_test.h"
#include "tests/servers/test_events.h"
#include "tests/support/raw_socket.h"
#include "wire/handshake.h"

namespace pushbench::test {
namespace {

using servers::Limit;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr std::string_view kDraft = R"({"from":"ann","text":"hi"})";

class BoundsTest : public ServerTest {
 protected:
  std::uint64_t hits(Limit limit) const { return server_->limit_hits().of(limit); }
};

TEST_F(BoundsTest, ARoomThatIsFullTakesTheNextOneLater) {
  options_.max_subscribers = 2;
  start();
  auto socket = open_socket("/rooms/r/socket");
  TestEvents events(loop_, server_->address(), "/rooms/r/events");
  ASSERT_TRUE(room_has("r", "sse", 1));
  const auto late = connect();
  for (const char* route : {"long-poll?wait=60", "events", "socket"}) {
    const auto answer = exchange(*late, get(fmt::format("/rooms/r/{}", route)));
    EXPECT_EQ(answer.status(), 503) << route;
    EXPECT_EQ(answer.header("retry-after"), "1") << route;
    EXPECT_EQ(answer.header("content-type"), "application/problem+json");
  }
  EXPECT_EQ(hits(Limit::max_subscribers), 3u);
  EXPECT_EQ(exchange(*late, get("/rooms/r/poll")).status(), 204);  // who polls does not wait
  EXPECT_EQ(exchange(*late, get("/rooms/other/poll")).status(), 204);
  socket.reset();
  ASSERT_TRUE(room_has("r", "websocket", 0));
  EXPECT_TRUE(open_socket("/rooms/r/socket")->open());
}

TEST_F(BoundsTest, AServerFullOfRoomsSaysSo) {
  options_.store.max_rooms = 1;
  start();
  const auto client = connect();
  EXPECT_EQ(exchange(*client, post("/rooms/a/messages", kDraft)).status(), 201);
  for (const std::string& request :
       {post("/rooms/b/messages", kDraft), get("/rooms/b/poll"), get("/rooms/b/events")}) {
    const auto answer = exchange(*client, request);
    EXPECT_EQ(answer.status(), 503);
    EXPECT_EQ(answer.header("retry-after"), "1");
  }
  EXPECT_EQ(hits(Limit::max_rooms), 3u);
}

TEST_F(BoundsTest, AFloodOfConnectionsIsTurnedAwayAndThenThereIsRoom) {
  options_.max_connections = 1;
  start();
  auto first = connect();
  EXPECT_EQ(exchange(*first, get("/healthz")).status(), 200);
  std::vector<std::unique_ptr<TestClient>> flood;
  for (int i = 0; i < 100; ++i) flood.push_back(connect());
  ASSERT_TRUE(run_until([&] {
    return std::all_of(flood.begin(), flood.end(), [](const auto& c) { return c->ended(); });
  }));
  std::size_t told = 0;
  for (const auto& client : flood) {
    if (!client->received().empty()) ++told;
    if (client->received().empty()) continue;
    EXPECT_THAT(client->received(), StartsWith("HTTP/1.1 503 Service Unavailable\r\n"));
    EXPECT_THAT(client->received(), HasSubstr("Retry-After: 1\r\n"));
  }
  EXPECT_GT(told, 0u);
  EXPECT_EQ(hits(Limit::max_connections), 100u);
  flood.clear();
  first.reset();
  ASSERT_TRUE(run_until([&] { return server_->connections() == 0; }));
  const auto next = connect();
  EXPECT_EQ(exchange(*next, get("/healthz")).status(), 200);
}

TEST_F(BoundsTest, APublishWithoutALengthIsRefused) {
  start();
  const auto client = connect();
  const auto answer = exchange(*client, "POST /rooms/r/messages HTTP/1.1\r\nHost: test\r\n\r\n");
  EXPECT_EQ(answer.status(), 411);
  EXPECT_EQ(exchange(*client, get("/healthz")).status(), 200);
}

TEST_F(BoundsTest, MetricsCountEachLimitThatWasHit) {
  options_.transports.draft.text = 4;
  options_.transports.message.message = 16;
  start();
  const auto client = connect();
  EXPECT_EQ(
      exchange(*client, post("/rooms/r/messages", R"({"from":"a","text":"too long"})")).status(),
      400);
  const auto socket = open_socket("/rooms/r/socket");
  socket->send_text(std::string(17, 'x'));
  ASSERT_TRUE(run_until([&] { return socket->close_code.has_value(); }));
  const auto metrics = exchange(*client, get("/metrics"));
  for (const char* line : {"\npushbench_limit_hits_total{limit=\"max-text\"} 1\n",
                           "\npushbench_limit_hits_total{limit=\"max-message\"} 1\n",
                           "\npushbench_limit_hits_total{limit=\"max-head\"} 0\n"}) {
    EXPECT_THAT(std::string(metrics.body()), HasSubstr(line));
  }
}

class HalfCloseTest : public ServerTest {
 protected:
  /// Says something, then that it has no more to say, and reads to the end.
  std::string last_words(const std::string& bytes) {
    const std::uint64_t before = server_->bytes().read;
    RawSocket peer = RawSocket::connected_to(server_->address());
    peer.send(bytes);
    peer.shut_write();
    std::string all;
    EXPECT_TRUE(run_until([&] {
      all += peer.take();
      return server_->connections() == 0 && server_->bytes().read == before + bytes.size();
    }));
    return all + peer.take_to_end();
  }
};

TEST_F(HalfCloseTest, AllThatWasAskedIsAnswered) {
  start();
  const std::string said =
      last_words(get("/healthz") + post("/rooms/r/messages", kDraft) + get("/rooms/r/poll"));
  EXPECT_THAT(said, HasSubstr("ok\n"));
  EXPECT_THAT(said, HasSubstr(R"({"seq":1})"));
  EXPECT_THAT(said, HasSubstr(R"("text":"hi")"));
}

TEST_F(HalfCloseTest, OneWhoWaitsForNewsGetsItsAnswerNow) {
  start();
  const std::string said = last_words(get("/rooms/r/long-poll?wait=60") + get("/healthz") +
                                      get("/rooms/r/long-poll?wait=60"));
  EXPECT_THAT(said, StartsWith("HTTP/1.1 204 No Content\r\n"));
  EXPECT_THAT(said, HasSubstr("ok\nHTTP/1.1 204 "));
}

TEST_F(HalfCloseTest, AlsoOneWhoAskedForTheConnectionToClose) {
  start();
  EXPECT_THAT(last_words("GET /rooms/r/long-poll?wait=60 HTTP/1.0\r\n\r\n"),
              StartsWith("HTTP/1.1 204 No Content\r\n"));
  EXPECT_THAT(last_words(get("/rooms/r/long-poll?wait=60", "Connection: close\r\n")),
              StartsWith("HTTP/1.1 204 No Content\r\n"));
}

TEST_F(HalfCloseTest, HalfARequestIsNone) {
  start();
  EXPECT_THAT(last_words("GET / HTT"), StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(
      last_words("POST /rooms/r/messages HTTP/1.1\r\nHost: t\r\nContent-Length: 9\r\n\r\n{"),
      StartsWith("HTTP/1.1 400 "));
  EXPECT_EQ(room("r").last(), 0u);
}

TEST_F(HalfCloseTest, AWebSocketOrStreamThatEndsIsForgotten) {
  start();
  EXPECT_THAT(last_words(wire::encode_upgrade_request("test", "/rooms/r/socket",
                                                      "AQIDBAUGBwgAAAAAAAAAAA==")),
              StartsWith("HTTP/1.1 101 "));
  EXPECT_THAT(last_words(get("/rooms/r/events")), StartsWith("HTTP/1.1 200 "));
  EXPECT_TRUE(room_has("r", "websocket", 0));
  EXPECT_TRUE(room_has("r", "sse", 0));
}

TEST_F(HalfCloseTest, ALongAnswerStillArrivesWhole) {
  start();
  const std::string text(8 * 1024 * 1024, 'x');
  publish("r", text);
  const std::string said = last_words(get("/rooms/r/poll"));
  EXPECT_GT(said.size(), text.size());
  EXPECT_THAT(said.substr(said.size() - 20), HasSubstr("\"at\":1}]"));
}

}  // namespace
}  // namespace pushbench::test

// What every route shares: requests one after the other on a connection, and their errors.

#include "tests/servers/server_test.h"

namespace pushbench::test {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr std::string_view kMessages = "/rooms/r/messages";
constexpr std::string_view kDraft = R"({"from":"ann","text":"hi"})";

class HttpTest : public ServerTest {
 protected:
  /// What the server says to `bytes` before it closes the connection.
  std::string last_words(std::string bytes) {
    const auto client = connect();
    client->send(std::move(bytes));
    EXPECT_TRUE(run_until([&] { return client->ended(); })) << client->received();
    return client->received();
  }

  void expect_problem(const wire::HttpMessage& answer, int status, std::string_view what) {
    EXPECT_EQ(answer.status(), status) << what;
    EXPECT_EQ(answer.header("content-type"), "application/problem+json") << what;
    EXPECT_THAT(std::string(answer.body()), StartsWith(fmt::format(R"({{"status":{},)", status)));
    EXPECT_THAT(std::string(answer.body()), HasSubstr(what));
  }
};

TEST_F(HttpTest, PublishSaysWhere) {
  start();
  const auto client = connect();
  for (int seq = 1; seq <= 3; ++seq) {
    const auto answer = exchange(*client, post(kMessages, kDraft));
    EXPECT_EQ(answer.status(), 201);
    EXPECT_EQ(answer.header("content-type"), "application/json");
    EXPECT_EQ(answer.body(), fmt::format(R"({{"seq":{}}})", seq));
  }
  constexpr std::string_view with_id = R"({"from":"ann","text":"hi","id":"a1"})";
  EXPECT_EQ(exchange(*client, post(kMessages, with_id)).status(), 201);
  const auto again = exchange(*client, post(kMessages, with_id));
  EXPECT_EQ(again.status(), 200);
  EXPECT_EQ(again.body(), R"({"seq":4})");
  EXPECT_EQ(server_->connections(), 1u);
}

TEST_F(HttpTest, DescribesARoom) {
  options_.store.retain = 2;
  start();
  const auto client = connect();
  const std::string nobody =
      R"("subscribers":{"polling":0,"long-polling":0,"sse":0,"websocket":0}})";
  EXPECT_EQ(
      exchange(*client, get("/rooms/r")).body(),
      fmt::format(R"({{"room":"r","epoch":"{}","oldest":1,"last":0,)", server_->store().epoch()) +
          nobody);
  for (int i = 0; i < 3; ++i) publish("r", "x");
  EXPECT_EQ(
      exchange(*client, get("/rooms/r")).body(),
      fmt::format(R"({{"room":"r","epoch":"{}","oldest":2,"last":3,)", server_->store().epoch()) +
          nobody);
}

TEST_F(HttpTest, AnswersPipelinedRequestsInOrder) {
  start();
  const auto client = connect();
  client->send(post(kMessages, kDraft) + get("/healthz") + post(kMessages, kDraft) +
               get("/rooms/r/poll?after=1") + get("/nowhere"));
  EXPECT_EQ(await(*client).body(), R"({"seq":1})");
  EXPECT_EQ(await(*client).body(), "ok\n");
  EXPECT_EQ(await(*client).body(), R"({"seq":2})");
  EXPECT_EQ(Inbox({std::string(await(*client).body())}).seqs, seqs_up_to(2, 2));
  EXPECT_EQ(await(*client).status(), 404);
  EXPECT_EQ(client->received(), "");
}

TEST_F(HttpTest, AnswersPipelinedRequestsInOrderBehindAHeldOne) {
  start();
  const auto client = connect();
  client->send(get("/rooms/r/long-poll?wait=60") + get("/healthz") + get("/rooms/r"));
  EXPECT_TRUE(room_has("r", "long-polling", 1));
  client->send(get("/nowhere"));
  EXPECT_TRUE(room_has("r", "long-polling", 1));
  EXPECT_EQ(client->received(), "");
  publish("r", "x");
  EXPECT_EQ(Inbox({std::string(await(*client).body())}).seqs, seqs_up_to(1));
  EXPECT_EQ(await(*client).body(), "ok\n");
  EXPECT_THAT(std::string(await(*client).body()), StartsWith(R"({"room":"r")"));
  EXPECT_EQ(await(*client).status(), 404);
}

TEST_F(HttpTest, ManyRequestsBehindAHeldOneAreAllAnswered) {
  start();
  const auto client = connect();
  client->send(get("/rooms/r/long-poll?wait=60"));
  constexpr int kMany = 3000;  // more bytes than the server keeps: it stops reading meanwhile
  for (int i = 0; i < kMany; ++i) client->send(get("/healthz"));
  EXPECT_TRUE(room_has("r", "long-polling", 1));
  publish("r", "x");
  EXPECT_EQ(await(*client).status(), 200);
  for (int i = 0; i < kMany; ++i) ASSERT_EQ(await(*client).body(), "ok\n") << i;
  EXPECT_EQ(client->received(), "");
}

TEST_F(HttpTest, TakesARequestInPiecesOfOneByte) {
  start();
  const std::string request = post(kMessages, kDraft);
  const auto client = connect();
  for (const char byte : request) {
    const std::uint64_t before = server_->bytes().read;
    client->send(std::string(1, byte));
    ASSERT_TRUE(run_until([&] { return server_->bytes().read == before + 1; }));
  }
  EXPECT_EQ(await(*client).body(), R"({"seq":1})");
}

TEST_F(HttpTest, TakesTwoRequestsCutAtAnyByte) {
  start();
  const std::string requests = post(kMessages, kDraft) + get("/healthz");
  const auto client = connect();
  for (std::size_t cut = 1; cut < requests.size(); ++cut) {
    const std::uint64_t before = server_->bytes().read;
    client->send(requests.substr(0, cut));
    ASSERT_TRUE(run_until([&] { return server_->bytes().read == before + cut; }));
    client->send(requests.substr(cut));
    ASSERT_EQ(await(*client).body(), fmt::format(R"({{"seq":{}}})", cut));
    ASSERT_EQ(await(*client).body(), "ok\n");
  }
}

TEST_F(HttpTest, AHeadHasTheHeadersOfAGetAndNoBody) {
  start();
  const auto client = connect();
  client->send("HEAD /healthz HTTP/1.1\r\nHost: test\r\n\r\n" + get("/healthz"));
  ASSERT_TRUE(run_until([&] { return client->received().ends_with("ok\n"); }));
  const std::string& both = client->received();
  const std::size_t second = both.find("HTTP/1.1", 1);
  ASSERT_NE(second, std::string::npos);
  EXPECT_EQ(both.substr(0, second) + "ok\n", both.substr(second));
  EXPECT_THAT(both.substr(0, second), HasSubstr("Content-Length: 3\r\n"));
}

TEST_F(HttpTest, AnErrorAfterAHeadHasItsBody) {
  start();
  const std::string said = last_words("HEAD /healthz HTTP/1.1\r\nHost: test\r\n\r\n!\r\n\r\n");
  EXPECT_THAT(said, HasSubstr("HTTP/1.1 400 Bad Request\r\n"));
  EXPECT_THAT(said, EndsWith("}"));
}

TEST_F(HttpTest, SaysWhatIsNotHere) {
  start();
  const auto client = connect();
  for (const std::string_view path : {"/nowhere", "/rooms", "/rooms/r/", "/rooms/r/nothing",
                                      "/rooms/r/poll/x", "/healthz/", "http://test/health"}) {
    expect_problem(exchange(*client, get(path)), 404, "no such path");
  }
  for (const std::string_view name : {"", "a%20b", "a+b", "a,b"}) {
    expect_problem(exchange(*client, get(fmt::format("/rooms/{}", name))), 400, "room: ");
  }
  expect_problem(exchange(*client, get(fmt::format("/rooms/{:r<65}", ""))), 400, "room: ");
  EXPECT_EQ(exchange(*client, get(fmt::format("/rooms/{:r<64}", ""))).status(), 200);
  EXPECT_EQ(exchange(*client, get("/rooms/Az09._-")).status(), 200);
  EXPECT_EQ(exchange(*client, get("http://test/healthz")).status(), 200);
}

TEST_F(HttpTest, SaysWhatIsAllowed) {
  options_.echo = true;
  start();
  const auto client = connect();
  for (const std::string_view path :
       {"/", "/healthz", "/metrics", "/echo", "/rooms/r", "/rooms/r/poll", "/rooms/r/long-poll",
        "/rooms/r/events", "/rooms/r/socket"}) {
    const auto answer = exchange(*client, post(path, "x"));
    expect_problem(answer, 405, "GET");
    EXPECT_EQ(answer.header("allow"), "GET, HEAD, OPTIONS") << path;
  }
  const auto answer = exchange(*client, get(kMessages));
  expect_problem(answer, 405, "POST");
  EXPECT_EQ(answer.header("allow"), "POST, OPTIONS");
}

TEST_F(HttpTest, RefusesDraftsThatAreWrong) {
  options_.transports.draft.from = 5;
  options_.transports.draft.text = 10;
  options_.transports.draft.id = 5;
  start();
  const auto client = connect();
  const std::vector<std::pair<std::string_view, std::string_view>> cases{
      {"", "body: "},
      {"[]", "body: "},
      {R"({"text":"x"})", "from: is missing"},
      {R"({"from":"ann"})", "text: is missing"},
      {R"({"from":7,"text":"x"})", "from: must be a string"},
      {R"({"from":"","text":"x"})", "from: is empty"},
      {R"({"from":"toolong","text":"x"})", "from: is 7 bytes long; at most 5"},
      {R"({"from":"ann","text":"eleven bytes"})", "text: is 12 bytes long; at most 10"},
      {R"({"from":"ann","text":"x","id":"toolong"})", "id: is 7 bytes long; at most 5"},
      {"{\"from\":\"ann\",\"text\":\"\xFF\"}", "body: "},
  };
  for (const auto& [body, what] : cases) {
    expect_problem(exchange(*client, post(kMessages, body)), 400, what);
  }
  EXPECT_EQ(room("r").last(), 0u);
}

// The peer is still sending when it is refused, and must see why all the same.
TEST_F(HttpTest, RefusesWhatIsTooLong) {
  options_.http.head = 500;
  options_.http.body = 100;
  start();
  const std::string chunked =
      "POST /rooms/r/messages HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n";
  const std::vector<std::pair<std::string, int>> cases{
      {get(fmt::format("/{:x<600}", "")), 414},
      {get("/", fmt::format("X: {:x<600}\r\n", "")), 431},
      {get("/", fmt::format("X: {:x<8000000}\r\n", "")), 431},
      {post(kMessages, std::string(101, 'x')), 413},
      {post(kMessages, std::string(8 << 20, 'x')), 413},
      {chunked + "65\r\n" + std::string(101, 'x') + "\r\n0\r\n\r\n", 413},
  };
  for (const auto& [request, status] : cases) {
    const auto client = connect();
    client->send(request);
    const auto answer = await(*client);
    expect_problem(answer, status, "longer than the limit");
    EXPECT_EQ(answer.header("connection"), "close");
    EXPECT_TRUE(run_until([&] { return client->ended() && server_->connections() == 0; }));
  }
}

TEST_F(HttpTest, OneThatIsRefusedAndStaysIsEnded) {
  options_.http.body = 100;
  start();
  const std::string said = last_words(post(kMessages, std::string(101, 'x')) + get("/healthz"));
  EXPECT_THAT(said, StartsWith("HTTP/1.1 413 Content Too Large\r\n"));
  EXPECT_THAT(said, EndsWith("}"));  // nothing after it was answered
}

TEST_F(HttpTest, RefusesWhatIsNotHttp) {
  start();
  for (const std::string_view bytes :
       {"hello\r\n\r\n", "GET /healthz\r\n\r\n", "GET /healthz HTTP/1.1\r\nno colon\r\n\r\n",
        "GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n", "\x16\x03\x01\x02\x00"}) {
    const std::string said = last_words(std::string(bytes));
    EXPECT_THAT(said, StartsWith("HTTP/1.1 400 Bad Request\r\n"));
    EXPECT_THAT(said, HasSubstr("Content-Type: application/problem+json\r\n"));
    EXPECT_THAT(said, EndsWith("}"));
  }
  EXPECT_EQ(server_->connections(), 0u);
}

TEST_F(HttpTest, ClosesWhenAskedTo) {
  start();
  const std::string said =
      last_words(get("/healthz", "Connection: close\r\n") + get("/rooms/late"));
  EXPECT_THAT(said, HasSubstr("Connection: close\r\n"));
  EXPECT_THAT(said, EndsWith("\r\n\r\nok\n"));  // what follows is not answered
}

TEST_F(HttpTest, HttpOneZeroClosesUnlessAskedToKeep) {
  start();
  const std::string said = last_words("GET /healthz HTTP/1.0\r\n\r\n");
  EXPECT_THAT(said, HasSubstr("Connection: close\r\n"));
  EXPECT_THAT(said, EndsWith("ok\n"));
  const auto client = connect();
  for (int i = 0; i < 3; ++i) {
    const auto kept = exchange(*client, "GET /healthz HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_EQ(kept.header("connection"), "keep-alive");
    EXPECT_EQ(kept.body(), "ok\n");
  }
  // An upgrade that HTTP/1.0 cannot have leaves it a plain request, after which it expects an end.
  const std::string upgrade = last_words(
      "GET /rooms/r/socket HTTP/1.0\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
  EXPECT_THAT(upgrade, StartsWith("HTTP/1.1 426 "));
}

TEST_F(HttpTest, OneConnectionTooManyIsTold) {
  options_.max_connections = 2;
  start();
  const auto one = connect();
  auto two = connect();
  EXPECT_EQ(exchange(*one, get("/healthz")).status(), 200);
  EXPECT_EQ(exchange(*two, get("/healthz")).status(), 200);
  const auto three = connect();
  expect_problem(await(*three), 503, "this server has all the connections it may have");
  EXPECT_TRUE(run_until([&] { return three->ended(); }));
  EXPECT_EQ(exchange(*one, get("/healthz")).status(), 200);
  two.reset();
  ASSERT_TRUE(run_until([&] { return server_->connections() == 1; }));
  const auto four = connect();
  EXPECT_EQ(exchange(*four, get("/healthz")).status(), 200);
}

TEST_F(HttpTest, SaysWhatTheServerOffers) {
  start();
  const auto client = connect();
  const auto index = exchange(*client, get("/"));
  EXPECT_EQ(index.status(), 200);
  for (const std::string_view route : {"/messages", "/poll", "/long-poll", "/events", "/socket"}) {
    EXPECT_THAT(std::string(index.body()), HasSubstr(route));
  }
  const auto metrics = exchange(*client, get("/metrics"));
  EXPECT_EQ(metrics.header("content-type"), "text/plain; version=0.0.4");
  EXPECT_THAT(std::string(metrics.body()), HasSubstr("\npushbench_connections 1\n"));
  EXPECT_THAT(std::string(metrics.body()), HasSubstr("\npushbench_requests_total 2\n"));
}

}  // namespace
}  // namespace pushbench::test

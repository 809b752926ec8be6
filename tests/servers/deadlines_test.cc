// Peers that are slow on purpose. Deadlines are short here and asked of the server's own counters,
// so that a busy machine makes the tests slower and not wrong.

#include "tests/servers/server_test.h"
#include "tests/servers/test_events.h"

namespace pushbench::test {
namespace {

using servers::Limit;
using std::chrono::milliseconds;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class DeadlinesTest : public ServerTest {
 protected:
  void on_pause() {}  // its only use is that there is one
  net::Timer pause_{loop_, net::Callback::to<&DeadlinesTest::on_pause>(this)};

  std::uint64_t hits(Limit limit) const { return server_->limit_hits().of(limit); }

  /// Sends the bytes one at a time, each when the one before has arrived, until the server ends it.
  /// `endless` bytes follow after the last.
  std::string trickle(const std::string& bytes, char endless) {
    const auto client = connect();
    std::size_t sent = 0;
    std::uint64_t seen = 0;
    EXPECT_TRUE(run_until([&] {
      if (server_->bytes().read != seen || sent == 0) {
        seen = server_->bytes().read;
        client->send(std::string(1, sent < bytes.size() ? bytes[sent] : endless));
        ++sent;
      }
      return client->received().ends_with("}");
    })) << "after "
        << sent << " bytes";
    EXPECT_GT(sent, 3u);
    return client->received();
  }
};

TEST_F(DeadlinesTest, AHeadThatTricklesInIsLate) {
  options_.deadlines.header = milliseconds{50};
  options_.http.head = 1 << 20;
  start();
  const std::string said = trickle("GET / HTTP/1.1\r\nHost: test\r\nX: ", 'x');
  EXPECT_THAT(said, StartsWith("HTTP/1.1 408 Request Timeout\r\n"));
  EXPECT_THAT(said, HasSubstr("Connection: close\r\n"));
  EXPECT_EQ(hits(Limit::header_time), 1u);
}

TEST_F(DeadlinesTest, ALaterHeadToo) {
  options_.deadlines.header = milliseconds{50};
  start();
  const auto client = connect();
  EXPECT_EQ(exchange(*client, get("/healthz")).status(), 200);
  client->send("GET /");
  EXPECT_EQ(await(*client).status(), 408);
  EXPECT_TRUE(run_until([&] { return client->ended(); }));
}

TEST_F(DeadlinesTest, ABodyThatTricklesInIsLate) {
  options_.deadlines.body = milliseconds{50};
  start();
  const std::string said = trickle(
      "POST /rooms/r/messages HTTP/1.1\r\nHost: test\r\nContent-Length: 60000\r\n\r\n", ' ');
  EXPECT_THAT(said, StartsWith("HTTP/1.1 408 Request Timeout\r\n"));
  EXPECT_EQ(hits(Limit::body_time), 1u);
}

TEST_F(DeadlinesTest, AChunkedBodyToo) {
  options_.deadlines.body = milliseconds{50};
  start();
  const auto client = connect();
  client->send(
      "POST /rooms/r/messages HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n"
      "1\r\n \r\n");
  EXPECT_EQ(await(*client).status(), 408);
}

TEST_F(DeadlinesTest, AnIdleConnectionIsClosedWithoutAWord) {
  options_.deadlines.idle = milliseconds{50};
  start();
  const auto silent = connect();
  const auto used = connect();
  EXPECT_EQ(exchange(*used, get("/healthz")).status(), 200);
  ASSERT_TRUE(run_until([&] { return silent->ended() && used->ended(); }));
  EXPECT_EQ(silent->received(), "");
  EXPECT_EQ(used->received(), "");
  EXPECT_EQ(hits(Limit::idle_time), 2u);
}

TEST_F(DeadlinesTest, AHeldRequestIsNotIdle) {
  options_.deadlines.idle = options_.deadlines.header = milliseconds{20};
  start();
  const auto client = connect();
  client->send(get("/rooms/r/long-poll?wait=0.2"));
  EXPECT_EQ(await(*client).status(), 204);
}

TEST_F(DeadlinesTest, WhoDoesNotReadItsAnswerIsLetGo) {
  options_.deadlines.idle = milliseconds{50};
  start();
  publish("r", std::string(32 * 1024 * 1024, 'x'));  // more than the sockets' buffers hold
  const auto client = connect();
  client->stream().pause_reading();
  client->send(get("/rooms/r/poll"));
  ASSERT_TRUE(run_until([&] { return server_->bytes().written > 0; }));
  EXPECT_TRUE(run_until([&] { return server_->connections() == 0; }));
  EXPECT_EQ(hits(Limit::idle_time), 1u);
}

TEST_F(DeadlinesTest, ALastAnswerMayBeReadSlowly) {
  options_.deadlines.close = milliseconds{20};
  start();
  const std::string text(32 * 1024 * 1024, 'x');  // more than the sockets' buffers hold
  publish("r", text);
  const auto client = connect();
  client->send(get("/rooms/r/poll", "Connection: close\r\n"));
  ASSERT_TRUE(run_until([&] { return server_->bytes().written > 0; }));
  client->stream().pause_reading();
  pause_.start_in(milliseconds{100});  // longer than a goodbye may take
  ASSERT_TRUE(run_until([&] { return !pause_.active(); }));
  client->stream().resume_reading();
  ASSERT_TRUE(run_until([&] { return client->ended(); }));
  EXPECT_GT(client->received().size(), text.size());
  EXPECT_THAT(client->received(), EndsWith("\"at\":1}]"));
}

TEST_F(DeadlinesTest, BlankLinesDoNotKeepAConnectionOpen) {
  options_.deadlines.idle = milliseconds{100};
  options_.http.head = std::size_t{1} << 30;  // blank lines before a head belong to it
  start();
  const auto client = connect();
  std::uint64_t seen = 0;
  ASSERT_TRUE(run_until([&] {
    if (server_->bytes().read == seen && !client->ended()) {
      client->send("\r\n");
      seen += 2;
    }
    return client->ended();
  }));
  EXPECT_EQ(hits(Limit::idle_time), 1u);
}

TEST_F(DeadlinesTest, ASubscriberStuckInItsBacklogIsCut) {
  options_.deadlines.keep_alive = options_.deadlines.ping = milliseconds{50};
  options_.deadlines.close = milliseconds{50};
  start();
  publish("r", std::string(32 * 1024 * 1024, 'x'));
  const auto socket = open_socket("/rooms/r/socket");
  socket->stream().pause_reading();
  EXPECT_TRUE(room_has("r", "websocket", 1));  // it counts, although it has yet to catch up
  ASSERT_TRUE(run_until([&] {
    if (server_->connections() > 0 && socket->stream().queued() == 0) {
      socket->send(TestSocket::frame(Opcode::pong, ""));  // it is not silent
    }
    return server_->connections() == 0;
  }));
  EXPECT_EQ(hits(Limit::max_queue), 1u);
}

TEST_F(DeadlinesTest, AnEventStreamThatIsReadSlowlyIsNotCut) {
  options_.deadlines.keep_alive = milliseconds{200};
  start();
  const std::string text(32 * 1024 * 1024, 'x');
  publish("r", text);
  TestEvents events(loop_, server_->address(), "/rooms/r/events");
  ASSERT_TRUE(run_until([&] { return events.open(); }));
  while (events.batches.empty() && !events.ended()) {
    // A stretch of reading, then a pause: in each keep-alive interval a little leaves, even where
    // the machine is slow.
    const std::size_t before = events.body.size();
    events.stream().resume_reading();
    ASSERT_TRUE(run_until([&] {
      return events.body.size() > before + (8 << 20) || !events.batches.empty() || events.ended();
    }));
    events.stream().pause_reading();
    pause_.start_in(milliseconds{100});
    ASSERT_TRUE(run_until([&] { return !pause_.active(); }));
  }
  EXPECT_EQ(events.batches.size(), 1u);
  EXPECT_EQ(hits(Limit::ping_time), 0u);
}

TEST_F(DeadlinesTest, ASilentWebSocketIsPingedAndLetGo) {
  options_.deadlines.keep_alive = options_.deadlines.ping = milliseconds{30};
  options_.deadlines.close = milliseconds{30};
  start();
  const auto socket = open_socket("/rooms/r/socket");
  ASSERT_TRUE(run_until([&] { return socket->close_code.has_value(); }));
  EXPECT_EQ(socket->pings, 1);
  EXPECT_EQ(socket->close_code, CloseCode::going_away);
  EXPECT_TRUE(run_until([&] { return server_->connections() == 0; }));
  EXPECT_EQ(hits(Limit::ping_time), 1u);
  EXPECT_TRUE(room_has("r", "websocket", 0));
}

TEST_F(DeadlinesTest, AWebSocketThatAnswersPingsStays) {
  options_.deadlines.keep_alive = options_.deadlines.ping = milliseconds{30};
  start();
  const auto socket = open_socket("/rooms/r/socket");
  socket->answers_pings = true;
  ASSERT_TRUE(run_until([&] { return socket->pings == 5; }));
  EXPECT_EQ(socket->close_code, std::nullopt);
  EXPECT_EQ(hits(Limit::ping_time), 0u);
}

TEST_F(DeadlinesTest, ACloseThatIsNeverAnsweredHasItsEnd) {
  options_.deadlines.close = milliseconds{50};
  start();
  const auto socket = open_socket("/rooms/r/socket");
  socket->send(TestSocket::frame(Opcode::text, "?").append("\x8F\x80"));  // a reserved opcode
  ASSERT_TRUE(run_until([&] { return socket->close_code.has_value(); }));
  EXPECT_EQ(socket->close_code, CloseCode::protocol_error);
  EXPECT_EQ(socket->texts.size(), 1u);  // the answer that was owed before it
  socket->stream().pause_reading();     // so that it does not see the server's end either
  EXPECT_TRUE(run_until([&] { return server_->connections() == 0; }));
}

TEST_F(DeadlinesTest, AnEventStreamThatTakesNothingIsLetGo) {
  options_.deadlines.keep_alive = milliseconds{50};
  options_.transports.max_queue = 1 << 30;
  start();
  TestEvents events(loop_, server_->address(), "/rooms/r/events");
  ASSERT_TRUE(run_until([&] { return events.open(); }));
  events.stream().pause_reading();
  publish("r", std::string(32 * 1024 * 1024, 'x'));
  EXPECT_TRUE(run_until([&] { return server_->connections() == 0; }));
  EXPECT_EQ(hits(Limit::ping_time), 1u);
}

TEST_F(DeadlinesTest, WhoAsksFirstIsToldToContinue) {
  start();
  const auto client = connect();
  constexpr std::string_view body = R"({"from":"ann","text":"hi"})";
  client->send(
      fmt::format("POST /rooms/r/messages HTTP/1.1\r\nHost: test\r\nExpect: 100-continue\r\n"
                  "Content-Length: {}\r\n\r\n",
                  body.size()));
  ASSERT_TRUE(run_until([&] { return client->received() == "HTTP/1.1 100 Continue\r\n\r\n"; }));
  client->send(std::string(body));
  EXPECT_EQ(await(*client).status(), 100);
  EXPECT_EQ(await(*client).status(), 201);
}

TEST_F(DeadlinesTest, WhoIsToldToContinueGetsEachHeaderOnce) {
  options_.access.origins = {"https://chat.example"};
  start();
  const auto client = connect();
  constexpr std::string_view body = R"({"from":"ann","text":"hi"})";
  client->send(
      fmt::format("POST /rooms/r/messages HTTP/1.1\r\nHost: test\r\nExpect: 100-continue\r\n"
                  "Origin: https://chat.example\r\nContent-Length: {}\r\n\r\n",
                  body.size()));
  EXPECT_EQ(await(*client).status(), 100);
  client->send(std::string(body));
  const auto answer = await(*client);
  EXPECT_EQ(answer.status(), 201);
  EXPECT_EQ(answer.count("access-control-allow-origin"), 1u);
}

TEST_F(DeadlinesTest, OrThatItIsInVain) {
  options_.http.body = 100;
  start();
  for (
      const auto& [request, status] : std::vector<std::pair<std::string, int>>{
          {"POST /nowhere HTTP/1.1\r\nHost: t\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n",
           404},
          {"POST /healthz HTTP/1.1\r\nHost: t\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n",
           405},
          {"POST /rooms/r/messages HTTP/1.1\r\nHost: t\r\nExpect: 100-continue\r\n"
           "Content-Length: 500\r\n\r\n",
           413},
          {"POST /rooms/r/messages HTTP/1.1\r\nHost: t\r\nExpect: the-moon\r\n"
           "Content-Length: 5\r\n\r\n",
           417}}) {
    const auto client = connect();
    client->send(request);
    ASSERT_TRUE(run_until([&] { return client->ended(); })) << client->received();
    EXPECT_THAT(client->received(), StartsWith(fmt::format("HTTP/1.1 {} ", status)));
    EXPECT_THAT(client->received(), HasSubstr("Connection: close\r\n"));
    EXPECT_THAT(client->received(), EndsWith("}"));
  }
}

}  // namespace
}  // namespace pushbench::test

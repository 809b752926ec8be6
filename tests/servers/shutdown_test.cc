#include "tests/servers/server_test.h"
#include "tests/support/raw_socket.h"

namespace pushbench::test {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class ShutdownTest : public ServerTest {
 protected:
  /// Shuts the server down and waits until it has no connection left.
  [[nodiscard]] bool shut_down() {
    server_->shut_down();
    return run_until([&] { return server_->connections() == 0; });
  }
};

TEST_F(ShutdownTest, AnswersHeldRequestsWith204) {
  start();
  const auto held = connect();
  held->send(get("/rooms/r/long-poll?wait=60"));
  ASSERT_TRUE(room_has("r", "long-polling", 1));
  ASSERT_TRUE(shut_down());
  const auto answer = await(*held);
  EXPECT_EQ(answer.status(), 204);
  EXPECT_EQ(answer.header("connection"), "close");
  EXPECT_TRUE(run_until([&] { return held->ended(); }));
}

TEST_F(ShutdownTest, ClosesWebSocketsWith1001) {
  options_.echo = true;
  start();
  const auto one = open_socket("/rooms/r/socket");
  const auto two = open_socket("/rooms/r/socket");
  const auto echo = open_socket("/echo");
  server_->shut_down();
  for (const auto* socket : {&one, &two, &echo}) {
    TestSocket& peer = **socket;
    ASSERT_TRUE(run_until([&] { return peer.close_code.has_value(); }));
    EXPECT_EQ(peer.close_code, CloseCode::going_away);
    EXPECT_FALSE(peer.ended());  // the server waits for the answer
    peer.send_close(CloseCode::going_away);
  }
  const net::Time answered = net::now();
  ASSERT_TRUE(run_until([&] { return server_->connections() == 0; }));
  EXPECT_LT(net::now() - answered, std::chrono::milliseconds{1500});  // not by its time limit
}

TEST_F(ShutdownTest, EndsIdleConnections) {
  start();
  const auto fresh = connect();
  const auto used = connect();
  const auto half = connect();
  EXPECT_EQ(exchange(*used, get("/healthz")).status(), 200);
  half->send("GET /healthz HT");
  ASSERT_TRUE(run_until([&] { return server_->connections() == 3; }));
  ASSERT_TRUE(shut_down());
  EXPECT_TRUE(run_until([&] { return fresh->ended() && used->ended() && half->ended(); }));
  EXPECT_EQ(half->received(), "");
}

TEST_F(ShutdownTest, WhatWasAcceptedIsStillDelivered) {
  start();
  const auto socket = open_socket("/rooms/r/socket");
  const auto held = connect();
  held->send(get("/rooms/r/long-poll?wait=60"));
  ASSERT_TRUE(room_has("r", "long-polling", 1));
  publish("r", "the last word");
  server_->shut_down();
  ASSERT_TRUE(run_until([&] { return socket->close_code.has_value(); }));
  EXPECT_EQ(Inbox(socket->texts).texts, (std::vector<std::string>{"the last word"}));
  EXPECT_EQ(await(*held).status(), 200);
  socket->send_close(CloseCode::going_away);
  EXPECT_TRUE(run_until([&] { return server_->connections() == 0; }));
}

TEST_F(ShutdownTest, TakesNoFurtherConnection) {
  start();
  const net::Address address = server_->address();
  ASSERT_TRUE(shut_down());
  TestClient late(loop_, address);
  late.send(get("/healthz"));
  EXPECT_TRUE(run_until([&] { return late.ended(); }));
  EXPECT_EQ(late.received(), "");
}

TEST_F(ShutdownTest, GivesUpOnAPeerThatNeverAnswers) {
  start();
  const RawSocket stubborn = RawSocket::connected_to(server_->address());
  stubborn.send(kRawUpgrade);
  ASSERT_TRUE(room_has("r", "websocket", 1));
  const net::Time begun = net::now();
  server_->shut_down();
  ASSERT_TRUE(run_until([&] { return server_->connections() == 0; }));
  EXPECT_GE(net::now() - begun, std::chrono::milliseconds{1900});  // it had its chance
  EXPECT_LT(net::now() - begun, std::chrono::seconds{8});
  char buffer[1000];
  const std::string received(stubborn.receive(buffer));
  EXPECT_THAT(received, StartsWith("HTTP/1.1 101 "));
  EXPECT_THAT(received, HasSubstr("the server is stopping"));
}

TEST_F(ShutdownTest, GivesUpOnAPeerThatNeverReads) {
  start();
  publish("r", std::string(16 * 1024 * 1024, 'x'));  // more than the sockets' buffers hold
  const RawSocket deaf = RawSocket::connected_to(server_->address());
  deaf.send(get("/rooms/r/poll"));
  ASSERT_TRUE(run_until([&] { return server_->bytes().written > 0; }));
  server_->shut_down();
  EXPECT_TRUE(run_until([&] { return server_->connections() == 0; }));
}

// Nothing of the server's may keep the loop turning, or a process could not end by itself.
TEST(ShutdownLoop, RunsOutOfWork) {
  net::Loop loop;
  ServerOptions options;
  options.port = 0;
  auto server = servers::Server::start(loop, options);
  ASSERT_TRUE(server.has_value());
  const RawSocket idle = RawSocket::connected_to((*server)->address());
  (*server)->shut_down();
  loop.run();  // returns, or CTest's time limit says that it did not
  EXPECT_EQ((*server)->connections(), 0u);
  (*server)->shut_down();  // once more does no harm
  loop.run();
}

TEST(ShutdownLoop, AServerMayBeDestroyedWithEverythingOpen) {
  net::Loop loop;
  ServerOptions options;
  options.port = 0;
  auto server = servers::Server::start(loop, options);
  ASSERT_TRUE(server.has_value());
  const RawSocket held = RawSocket::connected_to((*server)->address());
  const RawSocket socket = RawSocket::connected_to((*server)->address());
  held.send(get("/rooms/r/long-poll?wait=60"));
  socket.send(kRawUpgrade);
  net::Timer stop(loop, net::Callback::to<&net::Loop::stop>(&loop));
  const std::size_t requests = get("/rooms/r/long-poll?wait=60").size() + kRawUpgrade.size();
  while ((*server)->bytes().read < requests) {
    stop.start_in(std::chrono::milliseconds{1});
    loop.run();
  }
  server->reset();  // the loop's own end then checks that no handle is left
}

}  // namespace
}  // namespace pushbench::test

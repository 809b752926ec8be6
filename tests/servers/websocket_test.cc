#include "tests/servers/server_test.h"
#include "wire/handshake.h"

namespace pushbench::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::string_view kSocket = "/rooms/r/socket";

class WebSocketTest : public ServerTest {
 protected:
  /// Waits for the server's close frame and returns its code.
  CloseCode await_close(TestSocket& socket) {
    EXPECT_TRUE(run_until([&] { return socket.close_code.has_value(); })) << socket.problem;
    return socket.close_code.value_or(CloseCode::no_status);
  }
  bool await_end(TestSocket& socket) {
    return run_until([&] { return socket.ended() && server_->connections() == 0; });
  }
};

TEST_F(WebSocketTest, BringsTheBacklogThenWhatIsNew) {
  start();
  publish("r", "a");
  publish("r", "b");
  publish("r", "c");
  const auto socket = open_socket("/rooms/r/socket?after=1");
  ASSERT_TRUE(run_until([&] { return socket->texts.size() == 1; }));
  EXPECT_EQ(socket->texts[0], R"([{"seq":2,"from":"host","text":"b","at":1},)"
                              R"({"seq":3,"from":"host","text":"c","at":1}])");
  publish("r", "d");
  publish("r", "e");
  ASSERT_TRUE(run_until([&] { return socket->texts.size() == 2; }));
  publish("r", "f");
  ASSERT_TRUE(run_until([&] { return socket->texts.size() == 3; }));
  EXPECT_EQ(Inbox(socket->texts).seqs, seqs_up_to(6, 2));
  EXPECT_TRUE(room_has("r", "websocket", 1));
}

TEST_F(WebSocketTest, OneWhoJoinsInTheTurnOfAPublishGetsItOnce) {
  start();
  const auto there = open_socket(kSocket);
  const auto joins = connect();
  joins->send(post("/rooms/r/messages", R"({"from":"ann","text":"one"})") +
              wire::encode_upgrade_request("test", kSocket, "AQIDBAUGBwgAAAAAAAAAAA=="));
  EXPECT_EQ(await(*joins).status(), 201);
  EXPECT_EQ(await(*joins).status(), 101);
  publish("r", "two");
  ASSERT_TRUE(run_until([&] { return there->texts.size() == 2; }));
  const std::string both = wire::encode_frame(Opcode::text, there->texts[0], {}) +
                           wire::encode_frame(Opcode::text, there->texts[1], {});
  ASSERT_TRUE(run_until([&] { return joins->received().size() >= both.size(); }));
  EXPECT_EQ(joins->received(), both);
  EXPECT_EQ(Inbox(there->texts).seqs, seqs_up_to(2));
}

TEST_F(WebSocketTest, ALongBacklogComesInSeveralFramesWithoutOverlap) {
  options_.store.max_batch = 500;
  start();
  for (int i = 0; i < 200; ++i) publish("r", "some text");
  const auto socket = open_socket(kSocket);
  publish("r", "the last");
  ASSERT_TRUE(run_until([&] { return Inbox(socket->texts).seqs.size() >= 201; }));
  EXPECT_EQ(Inbox(socket->texts).seqs, seqs_up_to(201));
  EXPECT_GT(socket->texts.size(), 10u);
}

TEST_F(WebSocketTest, LeadsWithAGap) {
  options_.store.retain = 2;
  start();
  for (int i = 0; i < 5; ++i) publish("r", "x");
  const auto expired = open_socket("/rooms/r/socket?after=1");
  ASSERT_TRUE(run_until([&] { return !expired->texts.empty(); }));
  EXPECT_THAT(Inbox(expired->texts).gaps, ElementsAre("expired"));
  EXPECT_EQ(Inbox(expired->texts).seqs, seqs_up_to(5, 4));
  const auto restarted = open_socket("/rooms/r/socket?after=zzzz.5");
  ASSERT_TRUE(run_until([&] { return !restarted->texts.empty(); }));
  EXPECT_THAT(Inbox(restarted->texts).gaps, ElementsAre("restarted"));
}

TEST_F(WebSocketTest, ItsOwnMessageIsTheAcknowledgement) {
  start();
  const auto socket = open_socket(kSocket);
  socket->send_text(R"({"from":"ann","text":"hi","id":"a1"})");
  ASSERT_TRUE(run_until([&] { return !socket->texts.empty(); }));
  EXPECT_THAT(socket->texts[0],
              ::testing::StartsWith(R"([{"seq":1,"from":"ann","text":"hi","id":"a1","at":)"));
}

TEST_F(WebSocketTest, TakesDraftsInTheHandshakesPacket) {
  start();
  const auto socket =
      open_socket(kSocket, TestSocket::frame(Opcode::text, R"({"from":"ann","text":"one"})") +
                               TestSocket::frame(Opcode::text, R"({"from":"ann","text":"two"})"));
  ASSERT_TRUE(run_until([&] { return Inbox(socket->texts).seqs.size() >= 2; }));
  EXPECT_THAT(Inbox(socket->texts).texts, ElementsAre("one", "two"));
}

TEST_F(WebSocketTest, AProblemLeavesTheConnectionOpen) {
  options_.transports.draft.text = 10;
  start();
  const auto socket = open_socket(kSocket);
  socket->send_text("{");
  socket->send_text(R"({"from":"ann"})");
  socket->send_text(R"({"from":"ann","text":"eleven bytes"})");
  ASSERT_TRUE(run_until([&] { return socket->texts.size() == 3; }));
  const Inbox inbox(socket->texts);
  ASSERT_EQ(inbox.problems.size(), 3u);
  EXPECT_THAT(inbox.problems[0], HasSubstr("is not a JSON object"));
  EXPECT_THAT(inbox.problems[1], HasSubstr("text: is missing"));
  EXPECT_THAT(inbox.problems[2], HasSubstr("text: is 12 bytes long; at most 10 are taken"));
  EXPECT_THAT(socket->texts[0], ::testing::StartsWith(R"({"problem":{"status":400,)"));
  socket->send_text(R"({"from":"ann","text":"hi"})");
  ASSERT_TRUE(run_until([&] { return socket->texts.size() == 4; }));
  EXPECT_EQ(Inbox(socket->texts).seqs, seqs_up_to(1));
}

TEST_F(WebSocketTest, ABinaryMessageIsNotADraft) {
  start();
  const auto socket = open_socket(kSocket);
  socket->send(TestSocket::frame(Opcode::binary, R"({"from":"ann","text":"hi"})"));
  ASSERT_TRUE(run_until([&] { return socket->texts.size() == 1; }));
  EXPECT_THAT(socket->texts[0], HasSubstr("send drafts as text frames"));
  EXPECT_TRUE(room_has("r", "websocket", 1));
  EXPECT_EQ(room("r").last(), 0u);
}

TEST_F(WebSocketTest, AProtocolErrorIsClosedWithItsCode) {
  start();
  const auto raw_frame = [](std::initializer_list<int> bytes) {
    std::string frame;
    for (const int byte : bytes) frame += static_cast<char>(byte);
    return frame;
  };
  const std::vector<std::pair<std::string, CloseCode>> cases{
      {wire::encode_frame(Opcode::text, "unmasked", {}), CloseCode::protocol_error},
      {raw_frame({0xC1, 0x80, 0, 0, 0, 0}), CloseCode::protocol_error},     // a reserved bit
      {raw_frame({0x83, 0x80, 0, 0, 0, 0}), CloseCode::protocol_error},     // a reserved opcode
      {raw_frame({0x80, 0x80, 0, 0, 0, 0}), CloseCode::protocol_error},     // continues nothing
      {raw_frame({0x09, 0x80, 0, 0, 0, 0}), CloseCode::protocol_error},     // a ping in fragments
      {raw_frame({0x88, 0x81, 0, 0, 0, 0, 3}), CloseCode::protocol_error},  // half a close code
      {TestSocket::frame(Opcode::text, "\xFF\xFE"), CloseCode::invalid_payload},
  };
  for (const auto& [frame, code] : cases) {
    const auto socket = open_socket(kSocket);
    socket->send(frame);
    EXPECT_EQ(await_close(*socket), code);
    EXPECT_TRUE(await_end(*socket));  // without waiting for this end's close frame
  }
}

// The peer is still sending when it is refused, and must see why all the same.
TEST_F(WebSocketTest, AMessageThatIsTooBigIsClosedWithItsCode) {
  options_.transports.message.message = 100;
  start();
  for (const std::size_t size : {101u, 8u << 20}) {
    auto socket = open_socket(kSocket);
    socket->send(TestSocket::frame(Opcode::text, std::string(size, 'x')));
    EXPECT_EQ(await_close(*socket), CloseCode::too_big);
    EXPECT_TRUE(await_end(*socket));
  }
}

TEST_F(WebSocketTest, AnswersPings) {
  start();
  const auto socket = open_socket(kSocket);
  socket->send(TestSocket::frame(Opcode::ping, "are you there?"));
  socket->send(TestSocket::frame(Opcode::ping, ""));
  socket->send(TestSocket::frame(Opcode::pong, "unasked"));
  ASSERT_TRUE(run_until([&] { return socket->pongs.size() == 2; }));
  EXPECT_THAT(socket->pongs, ElementsAre("are you there?", ""));
}

TEST_F(WebSocketTest, TheClientMayClose) {
  start();
  for (const CloseCode code : {CloseCode::normal, CloseCode::going_away}) {
    const auto socket = open_socket(kSocket);
    socket->send_close(code);
    EXPECT_EQ(await_close(*socket), code);
    EXPECT_TRUE(await_end(*socket));
  }
  const auto silent = open_socket(kSocket);
  silent->send(TestSocket::frame(Opcode::close, ""));
  EXPECT_EQ(await_close(*silent), CloseCode::normal);
  EXPECT_TRUE(await_end(*silent));
}

TEST_F(WebSocketTest, NothingFollowsACloseFrame) {
  start();
  const auto socket = open_socket(kSocket);
  socket->send(TestSocket::frame(Opcode::close, "") +
               TestSocket::frame(Opcode::text, R"({"from":"ann","text":"late"})"));
  publish("r", "in the same turn or later");
  EXPECT_EQ(await_close(*socket), CloseCode::normal);
  EXPECT_TRUE(await_end(*socket));
  EXPECT_EQ(room("r").last(), 1u);
}

TEST_F(WebSocketTest, AConnectionThatJustEndsLeavesTheRoom) {
  start();
  auto socket = open_socket(kSocket);
  EXPECT_TRUE(room_has("r", "websocket", 1));
  socket.reset();
  ASSERT_TRUE(run_until([&] { return server_->connections() == 0; }));
  EXPECT_TRUE(room_has("r", "websocket", 0));
  publish("r", "to nobody");
  EXPECT_TRUE(room_has("r", "websocket", 0));
}

TEST_F(WebSocketTest, RefusesWhatIsNoHandshake) {
  start();
  const auto client = connect();
  const auto plain = exchange(*client, get(kSocket));
  EXPECT_EQ(plain.status(), 426);
  EXPECT_EQ(plain.header("upgrade"), "websocket");
  EXPECT_EQ(plain.header("sec-websocket-version"), "13");
  const std::string upgrade = "Upgrade: websocket\r\nConnection: Upgrade\r\n";
  EXPECT_EQ(exchange(*client, get(kSocket, upgrade + "Sec-WebSocket-Version: 8\r\n")).status(),
            426);
  EXPECT_EQ(exchange(*client, get(kSocket, upgrade + "Sec-WebSocket-Version: 13\r\n"
                                                     "Sec-WebSocket-Key: short\r\n"))
                .status(),
            400);
  EXPECT_EQ(exchange(*client, get("/healthz")).status(), 200);  // HTTP goes on
}

TEST_F(WebSocketTest, EchoKeepsTheType) {
  options_.echo = true;
  start();
  const auto socket = open_socket("/echo");
  const std::string bytes("\x00\xFF\x7F", 3);
  socket->send_text("gr\u00fc\u00df dich");
  socket->send(TestSocket::frame(Opcode::binary, bytes));
  socket->send_text("");
  ASSERT_TRUE(run_until([&] { return socket->texts.size() == 2 && socket->binaries.size() == 1; }));
  EXPECT_THAT(socket->texts, ElementsAre("gr\u00fc\u00df dich", ""));
  EXPECT_THAT(socket->binaries, ElementsAre(bytes));
  const auto client = connect();
  const auto plain = exchange(*client, get("/echo"));
  EXPECT_EQ(plain.status(), 426);
  EXPECT_EQ(plain.header("upgrade"), "websocket");  // RFC 9110 §15.5.22 asks for it
}

TEST_F(WebSocketTest, EchoIsThereOnlyWhereAskedFor) {
  start();
  const auto client = connect();
  EXPECT_EQ(exchange(*client, get("/echo")).status(), 404);
}

}  // namespace
}  // namespace pushbench::test

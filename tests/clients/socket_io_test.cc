// The dialect of Socket.IO 4. What the server says was taken down from socket.io 4.8.
#include "wire/socket_io.h"

#include <gmock/gmock.h>

#include "tests/clients/client_test.h"

namespace pushbench::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

const std::string kConnected = R"(40{"sid":"wZX3oN0bSVIhsaknAAAI"})";
const std::string kJoin = R"(420["join","r"])";
const std::string kJoined = "430[]";
const std::string kSeparator(1, wire::kPacketSeparator);

std::string open_packet(int interval_ms = 25000, int timeout_ms = 20000, int max = 1000000) {
  return fmt::format(
      R"(0{{"sid":"lv_VI97HAXpY6yYWAAAC","upgrades":["websocket"],"pingInterval":{},)"
      R"("pingTimeout":{},"maxPayload":{}}})",
      interval_ms, timeout_ms, max);
}

std::string message_packet(std::string_view text) {
  return fmt::format(R"(42["message",{}])", draft(text));
}

std::string say_packet(std::string_view text) {
  return fmt::format(R"(42["say","r",{}])", draft(text));
}

std::string body_of(const std::string& request) {
  return request.substr(request.find("\r\n\r\n") + 4);
}

class SocketIoLongPollingClient : public ClientTest {
 protected:
  void ask(const clients::ClientOptions& options = {}) {
    start("long-polling", options, "socketio");
  }
  /// In the room: polls come on one connection, and POSTs on the next one.
  void join(const std::string& open = open_packet(), std::size_t polls = 0) {
    request(polls);
    send(polls, http("200 OK", open));
    EXPECT_EQ(posted(polls + 1), "40");
    request(polls);
    send(polls, http("200 OK", kConnected));
    EXPECT_EQ(posted(polls + 1), kJoin);
    request(polls);
    send(polls, http("200 OK", kJoined));
    asked_ = request(polls);
  }
  /// The payload of the next POST, which is answered.
  std::string posted(std::size_t number) {
    const std::string body = body_of(request(number));
    send(number, http("200 OK", "ok", "Content-Type: text/html\r\n"));
    return body;
  }
  std::string failure() {
    await("failure");
    return log_.back();
  }
  std::string asked_;  // the poll that waits
};

TEST_F(SocketIoLongPollingClient, BeginsASessionAndJoinsItsRoom) {
  ask();
  EXPECT_THAT(request(0), StartsWith("GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\n"));
  send(0, http("200 OK", open_packet()));
  const std::string post = request(1);
  const std::string target = "/socket.io/?EIO=4&transport=polling&sid=lv_VI97HAXpY6yYWAAAC";
  EXPECT_THAT(post, StartsWith("POST " + target + " HTTP/1.1\r\n"));
  EXPECT_EQ(body_of(post), "40");
  EXPECT_THAT(request(0), StartsWith("GET " + target + " HTTP/1.1\r\n"));
  send(1, http("200 OK", "ok"));
  send(0, http("200 OK", kConnected));
  EXPECT_EQ(posted(1), kJoin);
  EXPECT_EQ(logged("joined"), 0);
  send(0, http("200 OK", kJoined));
  await("joined");
  EXPECT_EQ(connections(), 2U);
  EXPECT_EQ(told_connections(), 2U);
}

TEST_F(SocketIoLongPollingClient, TellsWhatItsExchangesWereFor) {
  ask();
  join();
  // Three polls and two POSTs.
  ASSERT_TRUE(run_until(loop_, [this] { return exchanges(clients::Ended::opened) == 5; }));
  EXPECT_EQ(exchanges(clients::Ended::empty), 0);
  send(0, http("200 OK", "6"));
  ASSERT_TRUE(run_until(loop_, [this] { return exchanges(clients::Ended::empty) == 1; }));
  request(0);
  send(0, http("200 OK", message_packet("one")));
  ASSERT_TRUE(run_until(loop_, [this] { return exchanges(clients::Ended::delivered) == 1; }));
  EXPECT_EQ(exchanges(clients::Ended::opened), 5);
}

TEST_F(SocketIoLongPollingClient, GoesWhereThePathSays) {
  clients::ClientOptions options;
  options.path = "/live/";
  ask(options);
  EXPECT_THAT(request(0), StartsWith("GET /live/?EIO=4&transport=polling HTTP/1.1\r\n"));
}

TEST_F(SocketIoLongPollingClient, TakesAllMessagesOfAnAnswerAndOtherEventsForNothing) {
  ask();
  join();
  send(0, http("200 OK", message_packet("one") + kSeparator + R"(42["typing","bob"])" + kSeparator +
                             "6" + kSeparator + message_packet("two")));
  await("message 2");
  request(0);
  send(0, http("200 OK", message_packet("three")));
  await("message 3");
  EXPECT_EQ(said(), "one two three");
  EXPECT_EQ(messages(), "1 2 3");
}

TEST_F(SocketIoLongPollingClient, PostsOneRequestAtATimeAndWhatWaitsTogether) {
  ask();
  join();
  for (const char* text : {"one", "two", "three"}) client_->publish({"ann", text, text});
  EXPECT_EQ(body_of(request(1)), say_packet("one"));
  for (int turn = 0; turn < 20; ++turn) run_one_turn(loop_);
  EXPECT_EQ(connection(1).received, "");
  send(1, http("200 OK", "ok"));
  EXPECT_EQ(posted(1), say_packet("two") + kSeparator + say_packet("three"));
  ASSERT_TRUE(run_until(loop_, [this] { return logged("published") == 2; }));
  EXPECT_THAT(client_->drafts_under_way(), ElementsAre("one", "two", "three"));
  send(0, http("200 OK", message_packet("one")));
  await("message 1");
  EXPECT_THAT(client_->drafts_under_way(), ElementsAre("two", "three"));
}

TEST_F(SocketIoLongPollingClient, PostsNoMoreThanTheServerTakesButOnePacket) {
  const std::string two = say_packet("two") + kSeparator + say_packet("six");
  ask();
  join(open_packet(25000, 20000, static_cast<int>(two.size())));
  for (const char* text : {"one", "two", "six", "ten"}) client_->publish({"ann", text, text});
  client_->publish({"ann", std::string(100, 'x'), "x"});
  EXPECT_EQ(posted(1), say_packet("one"));
  EXPECT_EQ(posted(1), two);
  EXPECT_EQ(posted(1), say_packet("ten"));
  EXPECT_THAT(posted(1), HasSubstr(std::string(100, 'x')));
}

TEST_F(SocketIoLongPollingClient, AnswersAPing) {
  ask();
  join();
  send(0, http("200 OK", "2"));
  EXPECT_EQ(posted(1), "3");
  EXPECT_EQ(request(0), asked_);
}

TEST_F(SocketIoLongPollingClient, BeginsANewSessionWhereTheServerKnowsItNoMore) {
  ask();
  join();
  client_->publish({"ann", "sent", "sent"});
  request(1);
  send(0, http("400 Bad Request", R"({"code":1,"message":"Session ID unknown"})"));
  await("disconnected: the session has ended: {\"code\":1,\"message\":\"Session ID unknown\"}");
  client_->publish({"ann", "kept", "kept"});
  join(open_packet(), 2);
  EXPECT_EQ(posted(3), say_packet("kept"));
  EXPECT_THAT(client_->drafts_under_way(), ElementsAre("kept"));
  EXPECT_EQ(logged("rejoined"), 1);
  EXPECT_EQ(logged("failure"), 0);
}

TEST_F(SocketIoLongPollingClient, ComesBackWhereAPostIsLost) {
  ask();
  join();
  client_->publish({"ann", "sent", "sent"});
  request(1);
  send(1, "HTTP/1.1 200 O");
  drop(1);
  join(open_packet(), 2);
  EXPECT_EQ(logged("rejoined"), 1);
  EXPECT_TRUE(client_->drafts_under_way().empty());
}

TEST_F(SocketIoLongPollingClient, APostThatIsTooLargeIsAFailure) {
  ask();
  join();
  client_->publish({"ann", "one", "one"});
  request(1);
  send(1, http("413 Payload Too Large", ""));
  EXPECT_THAT(failure(), HasSubstr("a POST was answered 413"));
  expect_no_further_connection();
}

TEST_F(SocketIoLongPollingClient, ACompressedAnswerIsAFailure) {
  ask();
  request(0);
  send(0, http("200 OK", "xxxx", "Content-Encoding: gzip\r\n"));
  EXPECT_THAT(failure(), HasSubstr("set the server's httpCompression to false"));
}

TEST_F(SocketIoLongPollingClient, AnAnswerThatIsNoPacketIsAFailure) {
  for (const char* body : {"", "<html>", "hello"}) {
    start_over();
    ask();
    request(0);
    send(0, http("200 OK", body));
    EXPECT_THAT(failure(), HasSubstr("packet: ")) << body;
    EXPECT_EQ(logged("failure"), 1);
  }
}

class SocketIoWebSocketClient : public ClientTest {
 protected:
  void ask(const clients::ClientOptions& options = {}) { start("websocket", options, "socketio"); }
  void accept(std::size_t number, const std::string& open = open_packet()) {
    const std::string asked = request(number);
    send(number, upgrade_answer(asked) + text_frame(open));
  }
  void join(std::size_t number = 0, const std::string& open = open_packet()) {
    accept(number, open);
    frames(number, 1);
    send(number, text_frame(kConnected) + text_frame(kJoined));
  }
};

TEST_F(SocketIoWebSocketClient, BeginsASessionAndJoinsItsRoom) {
  ask();
  const std::string asked = request(0);
  EXPECT_THAT(asked, StartsWith("GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\n"));
  send(0, upgrade_answer(asked) + text_frame(open_packet()));
  EXPECT_THAT(frames(0, 1), ElementsAre("text 40"));
  send(0, text_frame(kConnected));
  EXPECT_THAT(frames(0, 2), ElementsAre("text 40", "text " + kJoin));
  EXPECT_EQ(logged("joined"), 0);
  client_->publish({"ann", "early", "early"});
  send(0, text_frame(kJoined));
  EXPECT_EQ(frames(0, 3).back(), "text " + say_packet("early"));
  await("joined");
}

TEST_F(SocketIoWebSocketClient, TakesMessagesAndAnswersPingsWithPackets) {
  ask();
  join();
  send(0, text_frame(message_packet("one")) + text_frame("2") + text_frame(message_packet("two")));
  await("message 2");
  EXPECT_EQ(frames(0, 3).back(), "text 3");
  EXPECT_EQ(said(), "one two");
}

TEST_F(SocketIoWebSocketClient, GoesOnAfterALossWithWhatComesThenAndSendsNothingTwice) {
  ask();
  join();
  await("joined");
  client_->publish({"ann", "sent", "sent"});
  frames(0, 3);
  drop(0);
  await("disconnected");
  client_->publish({"ann", "kept", "kept"});
  join(1);
  EXPECT_EQ(frames(1, 3).back(), "text " + say_packet("kept"));
  EXPECT_THAT(client_->drafts_under_way(), ElementsAre("kept"));
  EXPECT_EQ(logged("rejoined"), 1);
}

TEST_F(SocketIoWebSocketClient, SendsNoPingsOfItsOwn) {
  clients::ClientOptions options;
  options.ping = 1ms;
  ask(options);
  join(0, open_packet(10, 10));
  await("disconnected: no ping came in time");
  EXPECT_THAT(frames(0, 2), ElementsAre("text 40", "text " + kJoin));
}

/// For both of its transports: what the server says in a session, once it has begun.
class EverySocketIoClient : public ClientTest, public testing::WithParamInterface<std::string> {
 protected:
  bool polls() const { return GetParam() == "long-polling"; }
  void begin(const std::string& open = open_packet(), const clients::ClientOptions& options = {}) {
    start(GetParam(), options, "socketio");
    const std::string asked = request(0);
    send(0, polls() ? http("200 OK", open) : upgrade_answer(asked) + text_frame(open));
  }
  void say(const std::string& packet) {
    if (polls()) request(0);
    send(0, polls() ? http("200 OK", packet) : text_frame(packet));
  }
  std::string failure() {
    await("failure");
    EXPECT_EQ(logged("failure"), 1);
    return log_.back();
  }
};

TEST_P(EverySocketIoClient, AServerThatDoesNotPingIsGone) {
  begin(open_packet(1, 1));
  say(kConnected);
  say(kJoined);
  await("disconnected: no ping came in time");
  EXPECT_EQ(logged("failure"), 0);
}

TEST_P(EverySocketIoClient, ARoomThatIsNotJoinedInTimeIsAFailure) {
  clients::ClientOptions options;
  options.set_up = 50ms;
  begin(open_packet(), options);
  say(kConnected);
  EXPECT_THAT(failure(), HasSubstr("no acknowledgement of the join came"));
}

TEST_P(EverySocketIoClient, ASessionThatIsClosedIsBegunAnew) {
  begin();
  say(kConnected);
  say(kJoined);
  await("joined");
  say("1");
  await("disconnected: the server closed the session");
  EXPECT_THAT(request(polls() ? 2 : 1), HasSubstr("?EIO=4&transport="));
  EXPECT_EQ(logged("failure"), 0);
}

TEST_P(EverySocketIoClient, StaysAwayWhereItIsDisconnected) {
  begin();
  say(kConnected);
  say(kJoined);
  say("41");
  EXPECT_THAT(failure(), HasSubstr("the server disconnected this client"));
  expect_no_further_connection();
}

TEST_P(EverySocketIoClient, ARefusedNamespaceIsAFailure) {
  begin();
  say(R"(44{"message":"Invalid namespace"})");
  EXPECT_THAT(failure(), HasSubstr(R"(the server refused its namespace: {"message":"Invalid)"));
  expect_no_further_connection();
}

TEST_P(EverySocketIoClient, WhatIsNoPacketIsAFailure) {
  for (const char* packet : {"9", "welcome", "42", "42[", R"(42["message",{"from":"ann"}])",
                             R"(451-["message",{"_placeholder":true,"num":0}])", "42/x,[]"}) {
    SCOPED_TRACE(packet);
    start_over();
    begin();
    say(packet);
    failure();
    EXPECT_EQ(said(), "");
  }
}

TEST_P(EverySocketIoClient, ASessionWithoutATimeForItsPingsIsAFailure) {
  begin(R"(0{"sid":"x"})");
  EXPECT_THAT(failure(), HasSubstr("open packet: lacks its sid, pingInterval or pingTimeout"));
}

TEST_P(EverySocketIoClient, WhatBeginsOtherwiseIsAFailure) {
  begin(kConnected);
  EXPECT_THAT(failure(), HasSubstr("the server began without an open packet"));
}

TEST_P(EverySocketIoClient, ARefusalIsAFailure) {
  start(GetParam(), {}, "socketio");
  request(0);
  send(0, http("400 Bad Request", R"({"code":0,"message":"Transport unknown"})"));
  EXPECT_THAT(failure(), HasSubstr(R"(answered 400 {"code":0,"message":"Transport unknown"})"));
  expect_no_further_connection();
}

TEST_P(EverySocketIoClient, ComesBackWhereverTheSessionIsCut) {
  const std::string message =
      polls() ? http("200 OK", message_packet("one")) : text_frame(message_packet("one"));
  for (std::size_t cut = 0; cut <= message.size(); ++cut) {
    SCOPED_TRACE(fmt::format("cut after {} bytes", cut));
    start_over();
    begin();
    say(kConnected);
    say(kJoined);
    await("joined");
    if (polls()) request(0);
    const std::uint64_t before = client_->traffic().read;
    send(0, message.substr(0, cut));
    ASSERT_TRUE(run_until(loop_, [&] { return client_->traffic().read >= before + cut; }));
    drop(0);
    await("disconnected");
    EXPECT_EQ(said(), cut == message.size() ? "one" : "");
    EXPECT_EQ(logged("failure"), 0);
  }
}

INSTANTIATE_TEST_SUITE_P(Transports, EverySocketIoClient,
                         testing::Values("long-polling", "websocket"), test_name);

}  // namespace
}  // namespace pushbench::test

// The dialect of servers that pass each text message on to everybody in a room.
#include <gmock/gmock.h>

#include "tests/clients/client_test.h"

namespace pushbench::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using wire::Opcode;

class WsClient : public ClientTest {
 protected:
  void ask(const std::string& path = {}) {
    clients::ClientOptions options;
    options.path = path;
    start("websocket", options, "ws");
  }
  void accept(std::size_t number, std::string_view frames = {}) {
    const std::string asked = request(number);
    send(number, upgrade_answer(asked).append(frames));
  }
  std::string failure() {
    await("failure");
    return log_.back();
  }
};

TEST_F(WsClient, AsksForItsRoom) {
  ask();
  EXPECT_THAT(request(0), testing::StartsWith("GET /r HTTP/1.1\r\n"));
}

TEST_F(WsClient, AsksForItsRoomWhereThePathHasIt) {
  const auto asked = [this](const std::string& path) {
    start_over();
    ask(path);
    const std::string line = request(0);
    return line.substr(0, line.find(" HTTP"));
  };
  EXPECT_EQ(asked("/"), "GET /r");
  EXPECT_EQ(asked("/chat/{room}/socket?name={room}&v=1"), "GET /chat/r/socket?name=r&v=1");
  EXPECT_EQ(asked("/one-room"), "GET /one-room");
}

TEST_F(WsClient, CountsTheMessagesThatCome) {
  ask();
  accept(0, text_frame(draft("one")) + text_frame(draft("two")));
  send(0, wire::encode_frame(Opcode::binary, draft("three"), {}));  // some echo as bytes
  await("message 3");
  EXPECT_EQ(messages(), "1 2 3");
  EXPECT_EQ(said(), "one two three");
  EXPECT_EQ(log_.front(), "joined");
}

TEST_F(WsClient, SendsDraftsAsTheyAreAndTakesTheirEchoForTheAcknowledgement) {
  ask();
  accept(0);
  await("joined");
  client_->publish({"ann", "one", "one"});
  client_->publish({"ann", "two", "two"});
  EXPECT_THAT(frames(0, 2), ElementsAre("text " + draft("one"), "text " + draft("two")));
  EXPECT_THAT(client_->drafts_under_way(), ElementsAre("one", "two"));
  send(0, text_frame(draft("two")));
  await("message 1");
  EXPECT_THAT(client_->drafts_under_way(), ElementsAre("one"));
}

TEST_F(WsClient, GoesOnAfterALossWithWhatComesThenAndSendsNothingTwice) {
  ask();
  accept(0, text_frame(draft("one")));
  await("message 1");
  client_->publish({"ann", "sent", "sent"});
  frames(0, 1);
  drop(0);
  await("disconnected");
  client_->publish({"ann", "kept", "kept"});
  EXPECT_THAT(client_->drafts_under_way(), testing::Contains("kept"));
  accept(1, text_frame(draft("two")));
  await("rejoined");
  EXPECT_THAT(frames(1, 1), ElementsAre("text " + draft("kept")));
  EXPECT_THAT(client_->drafts_under_way(), ElementsAre("kept"));
  await("message 2");
  EXPECT_EQ(said(), "one two");
  EXPECT_EQ(logged("failure") + logged("gap"), 0);
}

TEST_F(WsClient, AMessageThatIsCutInTwoDoesNotCome) {
  const std::string frame = text_frame(draft("one"));
  for (std::size_t cut = 0; cut < frame.size(); ++cut) {
    SCOPED_TRACE(fmt::format("cut after {} bytes", cut));
    start_over();
    ask();
    accept(0);
    await("joined");
    const std::uint64_t before = client_->traffic().read;
    send(0, frame.substr(0, cut));
    ASSERT_TRUE(run_until(loop_, [&] { return client_->traffic().read >= before + cut; }));
    drop(0);
    accept(1, text_frame(draft("two")));
    await("message 1");
    EXPECT_EQ(said(), "two");
    EXPECT_EQ(logged("failure"), 0);
  }
}

TEST_F(WsClient, WhatIsNoDraftIsAFailure) {
  const auto told = [this](std::string_view payload) {
    start_over();
    ask();
    accept(0, text_frame(payload) + text_frame(draft("after")));
    const std::string line = failure();
    EXPECT_EQ(said(), "");
    EXPECT_EQ(logged("failure"), 1);
    return line;
  };
  for (const char* payload :
       {"welcome", "", "[]", "7", R"({"from":"ann"})", R"({"from":"ann","text":7})",
        R"({"from":"ann","text":"hi","id":7})"}) {
    EXPECT_THAT(told(payload), HasSubstr("message: is no draft, such as {")) << payload;
  }
}

TEST_F(WsClient, ARefusalIsAFailure) {
  ask();
  request(0);
  send(0, http("404 Not Found", "no room"));
  EXPECT_THAT(failure(), HasSubstr("answered 404 no room"));
  expect_no_further_connection();
}

TEST_F(WsClient, AMessageOverTheLimitIsAFailure) {
  ask();
  accept(0, bytes({0x81, 127, 0, 0, 0, 1, 0, 0, 0, 0}));  // it announces 4 GiB
  EXPECT_THAT(frames(0, 1), ElementsAre("close 1009 "));
  drop(0);
  failure();
  expect_no_further_connection();
}

TEST(Registry, KnowsTheTransportsOfEachDialect) {
  EXPECT_THAT(clients::dialect_names(), testing::Contains("ws"));
  EXPECT_THAT(clients::transport_names("ws"), ElementsAre("websocket"));
  EXPECT_EQ(clients::connections_of("websocket", "ws").posting, 0U);
}

}  // namespace
}  // namespace pushbench::test

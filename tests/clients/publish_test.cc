// A draft reaches the server once, whatever becomes of its connection.
#include <gmock/gmock.h>

#include "tests/clients/client_test.h"

namespace pushbench::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string body_of(const std::string& request) {
  return request.substr(request.find("\r\n\r\n") + 4);
}

const std::string kHello = R"({"from":"ann","text":"hello","id":"a1"})";
const std::string kAgain = R"({"from":"ann","text":"again","id":"a2"})";

/// A long-polling client, whose connection 0 waits for messages; the next ones publish.
class HttpPublisherTest : public ClientTest {
 protected:
  void SetUp() override {
    start("long-polling");
    request(0);
  }
};

TEST_F(HttpPublisherTest, SendsOneDraftAfterTheOtherOnOneConnection) {
  client_->publish({"ann", "hello", "a1"});
  client_->publish({"ann", "again", "a2"});
  EXPECT_EQ(body_of(request(1)), kHello);
  EXPECT_EQ(connection(1).received, "");
  send(1, http("201 Created", R"({"seq":1})"));
  EXPECT_EQ(body_of(request(1)), kAgain);
  send(1, http("201 Created", R"({"seq":2})"));
  ASSERT_TRUE(run_until(loop_, [this] { return logged("published") == 2; }));
  EXPECT_EQ(connections(), 2U);
}

TEST_F(HttpPublisherTest, SendsWhatHasNoAnswerAgainAndTheRestBehindIt) {
  client_->publish({"ann", "hello", "a1"});
  client_->publish({"ann", "again", "a2"});
  request(1);
  drop(1);
  EXPECT_EQ(body_of(request(2)), kHello);
  send(2, "HTTP/1.1 201 Crea");
  drop(2);
  EXPECT_EQ(body_of(request(3)), kHello);
  send(3, http("200 OK", R"({"seq":1})"));  // it was stored at the first or second attempt
  EXPECT_EQ(body_of(request(3)), kAgain);
  send(3, http("201 Created", R"({"seq":2})"));
  ASSERT_TRUE(run_until(loop_, [this] { return logged("published") == 2; }));
  EXPECT_EQ(logged("failure"), 0);
  EXPECT_EQ(logged("disconnected"), 1);  // once for what did not work until it did
}

TEST_F(HttpPublisherTest, SendsAfterACutWhatWasUnderWay) {
  client_->publish({"ann", "hello", "a1"});
  request(1);
  client_->cut();
  std::vector<std::string> requests{request(2), request(3)};  // the poll and the draft again
  std::sort(requests.begin(), requests.end());
  EXPECT_THAT(requests[0], HasSubstr("GET /rooms/r/long-poll"));
  EXPECT_EQ(body_of(requests[1]), kHello);
  EXPECT_EQ(logged("disconnected"), 0);
}

TEST_F(HttpPublisherTest, KnowsWhichDraftsTheServerHasNotYetSaidItHas) {
  client_->publish({"ann", "hello", "a1"});
  client_->publish({"ann", "again", "a2"});
  EXPECT_THAT(client_->drafts_under_way(), ElementsAre("a1", "a2"));
  request(1);
  send(1, http("201 Created", R"({"seq":1})"));
  request(1);
  EXPECT_THAT(client_->drafts_under_way(), ElementsAre("a2"));
  send(1, http("201 Created", R"({"seq":2})"));
  ASSERT_TRUE(run_until(loop_, [this] { return logged("published") == 2; }));
  EXPECT_TRUE(client_->drafts_under_way().empty());
}

// Users who come back are counted by their subscriptions, so the cuts are too.
TEST_F(HttpPublisherTest, IsCutAlsoWhereTheSubscriptionIsDownWhichIsNoCut) {
  send(0, http("503 Service Unavailable", "", "Retry-After: 3600\r\n"));
  await("disconnected");
  client_->publish({"ann", "hello", "a1"});
  request(1);
  EXPECT_FALSE(client_->cut());
  EXPECT_EQ(body_of(request(2)), kHello);
}

TEST_F(HttpPublisherTest, AnIdleConnectionThatTheServerClosesIsNoLoss) {
  client_->publish({"ann", "hello", "a1"});
  request(1);
  send(1, http("201 Created", R"({"seq":1})"));
  await("published");
  drop(1);
  client_->publish({"ann", "again", "a2"});  // on the connection that is gone, or on a new one
  EXPECT_EQ(body_of(request(2)), kAgain);
  EXPECT_EQ(logged("disconnected"), 0);
}

TEST_F(HttpPublisherTest, TriesLaterWhereTheServerSaysSo) {
  client_->publish({"ann", "hello", "a1"});
  request(1);
  send(1, http("503 Service Unavailable", "", "Retry-After: 0\r\n"));
  EXPECT_EQ(body_of(request(1)), kHello);
  send(1, http("429 Too Many Requests", "", "Connection: close\r\n"));
  EXPECT_EQ(body_of(request(2)), kHello);
  EXPECT_EQ(logged("failure"), 0);
}

TEST_F(HttpPublisherTest, ARefusedDraftIsAFailureAndDoesNotHoldUpTheNext) {
  client_->publish({"ann", "hello", "a1"});
  client_->publish({"ann", "again", "a2"});
  request(1);
  send(1, http("413 Content Too Large", "too long"));
  EXPECT_EQ(body_of(request(1)), kAgain);
  EXPECT_EQ(logged("failure"), 1);
}

TEST_F(HttpPublisherTest, AnInterimAnswerIsNotTheDrafts) {
  client_->publish({"ann", "hello", "a1"});
  client_->publish({"ann", "again", "a2"});
  request(1);
  send(1, "HTTP/1.1 100 Continue\r\n\r\n" + http("201 Created", R"({"seq":1})"));
  EXPECT_EQ(body_of(request(1)), kAgain);
  EXPECT_EQ(logged("published"), 1);
  EXPECT_EQ(logged("failure"), 0);

  send(1, http("201 Created", R"({"seq":2})"));
  ASSERT_TRUE(run_until(loop_, [this] { return logged("published") == 2; }));
  client_->publish({"ann", "third", "a3"});
  const std::string third = body_of(request(1));  // on a connection that stood idle
  const std::uint64_t before = client_->traffic().read;
  send(1, "HTTP/1.1 102 Processing\r\n\r\n");
  ASSERT_TRUE(run_until(loop_, [&] { return client_->traffic().read > before; }));
  drop(1);
  EXPECT_EQ(body_of(request(2)), third);
  EXPECT_EQ(logged("disconnected"), 1);  // the server had the request: a loss, and no idle close
}

TEST_F(HttpPublisherTest, GivesADraftWithoutAnIdOne) {
  client_->publish({"ann", "hello", ""});
  const std::string first = body_of(request(1));
  EXPECT_THAT(first, testing::MatchesRegex(R"(\{"from":"ann","text":"hello","id":"[0-9a-f]+"\})"));
  drop(1);
  EXPECT_EQ(body_of(request(2)), first);
}

class WebSocketDrafts : public ClientTest {
 protected:
  void accept(std::size_t number, const std::string& json) {
    const std::string asked = request(number);
    send(number, upgrade_answer(asked) + (json.empty() ? "" : text_frame(json)));
  }

  static std::string echo(wire::Seq seq, std::string_view text, std::string_view id) {
    std::string json = "[";
    wire::append_message(json, {seq, "ann", text, id, 0});
    return json + "]";
  }
};

TEST_F(WebSocketDrafts, AreSentAgainUntilTheirEchoHasCome) {
  start("websocket");
  accept(0, "");
  await("joined");
  client_->publish({"ann", "hello", "a1"});
  client_->publish({"ann", "again", "a2"});
  EXPECT_THAT(frames(0, 2), ElementsAre("text " + kHello, "text " + kAgain));
  drop(0);

  accept(1, echo(1, "hello", "a1"));  // the first was stored, the second was not
  await("message 1");
  EXPECT_THAT(client_->drafts_under_way(), ElementsAre("a2"));
  EXPECT_THAT(frames(1, 2),
              ElementsAre("text " + kHello, "text " + kAgain));  // the server knows a1
  drop(1);

  accept(2, "");
  EXPECT_THAT(frames(2, 1), ElementsAre("text " + kAgain));
  send(2, text_frame(echo(2, "again", "a2")));
  await("message 2");
  drop(2);

  accept(3, "");
  client_->publish({"ann", "last", "a3"});
  EXPECT_THAT(frames(3, 1), ElementsAre(R"(text {"from":"ann","text":"last","id":"a3"})"));
  EXPECT_EQ(logged("failure"), 0);
}

TEST_F(WebSocketDrafts, PublishedWhileItIsCutLeaveInOrderAfterwards) {
  start("websocket");
  accept(0, "");
  await("joined");
  client_->cut();
  client_->publish({"ann", "hello", "a1"});
  client_->publish({"ann", "again", "a2"});
  accept(1, "");
  EXPECT_THAT(frames(1, 2), ElementsAre("text " + kHello, "text " + kAgain));
}

TEST_F(WebSocketDrafts, OfAnotherUserAreNoAcknowledgement) {
  start("websocket");
  accept(0, "");
  await("joined");
  client_->publish({"bob", "hello", "a1"});
  frames(0, 1);
  send(0, text_frame(echo(1, "hello", "a1")));  // ann's a1
  await("message 1");
  drop(0);
  accept(1, "");
  EXPECT_THAT(frames(1, 1), ElementsAre(R"(text {"from":"bob","text":"hello","id":"a1"})"));
}

}  // namespace
}  // namespace pushbench::test

#include <gmock/gmock.h>

#include "clients/client.h"
#include "tests/clients/client_test.h"

namespace pushbench::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class SseClient : public ClientTest {
 protected:
  void SetUp() override {
    start("sse");
    request_ = request(0);
  }
  std::string request_;
};

TEST_F(SseClient, AsksForAnEventStream) {
  EXPECT_THAT(request_, HasSubstr("GET /rooms/r/events?after=0 HTTP/1.1\r\n"));
  EXPECT_THAT(request_, HasSubstr("Accept: text/event-stream\r\n"));
}

TEST_F(SseClient, TakesTheEpochFromTheHead) {
  send(0, event_stream_head() + in_chunk("retry: 0\n\n"));
  await("joined");
  client_->cut();
  EXPECT_EQ(after_in(request(1)), "k3f9.0");
}

TEST_F(SseClient, TakesTheEpochFromTheEventsIds) {
  send(0,
       "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n"
       "Transfer-Encoding: chunked\r\n\r\n" +
           in_chunk("retry: 0\n\n") + event(3, batch(3, 3), "x7"));
  await("message 3");
  drop(0);
  EXPECT_EQ(after_in(request(1)), "x7.3");
}

TEST_F(SseClient, AnIdThatIsNoCursorDoesNotMoveIt) {
  send(0,
       event_stream_head() + in_chunk("retry: 0\n\nid: seventeen\ndata: " + batch(1, 2) + "\n\n"));
  await("message 2");
  drop(0);
  EXPECT_EQ(after_in(request(1)), "k3f9.2");
}

TEST_F(SseClient, CommentsAndUnknownFieldsAreNothing) {
  send(0, event_stream_head() + in_chunk(":\n\n:keep-alive\r\nfoo: bar\r\n\r\n") +
              event(1, batch(1, 1)));
  await("message 1");
  EXPECT_EQ(logged("failure"), 0);
}

TEST_F(SseClient, AnEndedStreamIsTakenUpAgain) {
  send(0, event_stream_head() + in_chunk("retry: 0\n\n") + event(1, batch(1, 1)) +
              std::string(wire::kLastChunk));
  EXPECT_EQ(after_in(request(1)), "k3f9.1");
  EXPECT_EQ(logged("disconnected: the server ended the event stream"), 1);
}

TEST_F(SseClient, AStreamThatEndsWithItsConnectionToo) {
  send(0,
       "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\nretry: 0\n\n"
       "id: k3f9.1\ndata: " +
           batch(1, 1) + "\n\n");
  await("message 1");
  connection(0).stream->end_after_flush();
  EXPECT_EQ(after_in(request(1)), "k3f9.1");
}

TEST_F(SseClient, AnythingButAnEventStreamIsAFailure) {
  send(0, http("200 OK", "<html>", "Content-Type: text/html\r\n"));
  await("failure");
  EXPECT_THAT(log_.back(), HasSubstr("answered 200 <html>"));
  expect_no_further_connection();
}

TEST_F(SseClient, NoContentMeansDoNotComeBack) {
  send(0, "HTTP/1.1 204 No Content\r\n\r\n");
  await("failure");
  expect_no_further_connection();
  EXPECT_EQ(connections(), 1U);
}

wire::HttpMessage const& parsed(wire::HttpParser& parser, const std::string& answer) {
  const auto fed = parser.feed(answer);
  EXPECT_TRUE(fed && fed->complete);
  return parser.message();
}

TEST(RetryAfter, IsInSecondsAndAtMostAnHour) {
  const auto pause = [](const std::string& header) {
    wire::HttpParser parser(wire::HttpParser::Kind::responses, {});
    return clients::retry_after(parsed(parser, http("503 Service Unavailable", "", header)));
  };
  EXPECT_EQ(pause("Retry-After: 7\r\n"), 7s);
  EXPECT_EQ(pause("Retry-After: 86400\r\n"), 1h);
  EXPECT_EQ(pause("Retry-After: Fri, 31 Dec 1999 23:59:59 GMT\r\n"), 0s);
  EXPECT_EQ(pause("Retry-After: -1\r\n"), 0s);
  EXPECT_EQ(pause("Retry-After: 99999999999\r\n"), 0s);
  EXPECT_EQ(pause(""), 0s);
}

}  // namespace
}  // namespace pushbench::test

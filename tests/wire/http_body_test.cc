#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/http_reading.h"
#include "wire/http.h"

namespace pushbench::wire {
namespace {

using test::expect_http;
using test::Lines;

constexpr HttpParser::Kind kRequests = HttpParser::Kind::requests;
constexpr HttpParser::Kind kResponses = HttpParser::Kind::responses;

HttpParser::Fed feed(HttpParser& parser, std::string_view bytes) {
  const auto fed = parser.feed(bytes);
  EXPECT_TRUE(fed) << fed.error().what;
  return fed.value_or(HttpParser::Fed{0, false});
}

TEST(HttpHeads, CanBeReadBeforeTheBodyComes) {
  HttpParser parser(kRequests, {});
  feed(parser, "POST /m?x=y HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 5\r\n\r");
  EXPECT_FALSE(parser.head_complete());
  EXPECT_EQ(feed(parser, "\n").complete, false);
  EXPECT_TRUE(parser.head_complete());
  EXPECT_TRUE(parser.in_message());
  EXPECT_EQ(parser.message().method(), "POST");
  EXPECT_EQ(parser.message().target(), "/m?x=y");
  EXPECT_EQ(parser.message().header("host"), "a");
  EXPECT_EQ(parser.message().body_length(), 5U);
  EXPECT_FALSE(parser.message().keep_alive());
  EXPECT_FALSE(parser.message().chunked());
  EXPECT_TRUE(feed(parser, "hello").complete);
  EXPECT_TRUE(parser.head_complete());
  parser.next();
  EXPECT_FALSE(parser.head_complete());
}

TEST(HttpHeads, TellWhatBodyIsToCome) {
  const auto head_of = [](HttpParser& parser, std::string_view headers) -> const HttpMessage& {
    feed(parser, "POST / HTTP/1.1\r\nHost: a\r\n" + std::string(headers) + "\r\n");
    return parser.message();
  };
  HttpParser none(kRequests, {});
  EXPECT_FALSE(head_of(none, "").body_length());
  EXPECT_FALSE(none.message().chunked());
  HttpParser empty(kRequests, {});
  EXPECT_EQ(head_of(empty, "Content-Length: 0\r\n").body_length(), 0U);
  HttpParser chunked(kRequests, {});
  EXPECT_TRUE(head_of(chunked, "Transfer-Encoding: chunked\r\n").chunked());
  EXPECT_FALSE(chunked.message().body_length());
}

TEST(HttpHeads, NothingOfTheBodyToComeIsLeftForTheNext) {
  HttpParser parser(kRequests, {});
  feed(parser, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx");
  parser.next();
  feed(parser, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
  EXPECT_FALSE(parser.message().body_length());
  parser.next();
  feed(parser, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_FALSE(parser.message().body_length());
  EXPECT_FALSE(parser.message().chunked());
}

TEST(HttpHeads, HeadersOfOneNameAreOneList) {
  HttpParser parser(kRequests, {});
  feed(parser,
       "GET / HTTP/1.1\r\nX-Other: one, two\r\nHost: a\r\nx-other:\r\nX-OTHER: three\r\n\r\n");
  EXPECT_EQ(parser.message().header("x-other"), "one, two");
  EXPECT_EQ(parser.message().header_list("X-Other"), "one, two, , three");
  EXPECT_EQ(parser.message().count("x-other"), 3U);
  EXPECT_EQ(parser.message().header_list("host"), "a");
  EXPECT_EQ(parser.message().header_list("x-none"), "");
  EXPECT_EQ(parser.message().count("x-none"), 0U);
}

std::string expecting(std::string_view version, std::string_view expect_lines,
                      std::string_view framing = "Content-Length: 2\r\n") {
  return fmt::format("POST / HTTP/{}\r\nHost: a\r\n{}{}\r\n", version, expect_lines, framing);
}

TEST(HttpExpectations, TheClientWaitsUntilTheBodyBegins) {
  for (const char* lines : {"Expect: 100-continue\r\n", "expect: 100-Continue\r\n",
                            "Expect: 100-continue, 100-continue\r\n", "Expect: , 100-continue\r\n",
                            "Expect:\r\nExpect: 100-continue\r\n"}) {
    HttpParser parser(kRequests, {});
    const std::string head = expecting("1.1", lines);
    for (std::size_t i = 0; i < head.size(); ++i) {
      EXPECT_FALSE(parser.expects_continue());
      feed(parser, head.substr(i, 1));
    }
    EXPECT_TRUE(parser.expects_continue()) << lines;
    feed(parser, "h");
    EXPECT_FALSE(parser.expects_continue());
    EXPECT_TRUE(feed(parser, "i").complete);
    EXPECT_FALSE(parser.expects_continue());
  }
}

TEST(HttpExpectations, AClientThatDoesNotWaitIsNotWaitedFor) {
  HttpParser parser(kRequests, {});
  feed(parser, expecting("1.1", "Expect: 100-continue\r\n") + "h");
  EXPECT_FALSE(parser.expects_continue());
}

TEST(HttpExpectations, TheFirstByteOfAChunkIsTheBeginning) {
  HttpParser parser(kRequests, {});
  feed(parser, expecting("1.1", "Expect: 100-continue\r\n", "Transfer-Encoding: chunked\r\n"));
  EXPECT_TRUE(parser.expects_continue());
  feed(parser, "2");
  EXPECT_FALSE(parser.expects_continue());
}

TEST(HttpExpectations, ThereIsNothingToContinueWithoutABody) {
  for (const char* framing : {"", "Content-Length: 0\r\n"}) {
    HttpParser parser(kRequests, {});
    EXPECT_TRUE(feed(parser, expecting("1.1", "Expect: 100-continue\r\n", framing)).complete);
    EXPECT_FALSE(parser.expects_continue());
  }
}

TEST(HttpExpectations, AreForgottenWithTheirRequest) {
  HttpParser parser(kRequests, {});
  feed(parser, expecting("1.1", "Expect: 100-continue\r\n") + "hi");
  parser.next();
  feed(parser, expecting("1.1", ""));
  EXPECT_FALSE(parser.expects_continue());
}

TEST(HttpExpectations, OthersAre417) {
  for (const char* lines : {"Expect: 200-ok\r\n", "Expect: 100-continue, more\r\n",
                            "Expect: 100-continue;x=y\r\n", "Expect: 100 continue\r\n",
                            "Expect: 100-continue\r\nExpect: x\r\n", "Expect:\r\nExpect: x\r\n"}) {
    SCOPED_TRACE(lines);
    expect_http(expecting("1.1", lines), {"error 417"});
  }
  expect_http(expecting("1.1", "Expect: \r\n") + "hi", {"POST / Content-Length=2 [hi]"});
}

TEST(HttpExpectations, DoNotExistInHttp10) {
  for (const char* lines : {"Expect: 100-continue\r\n", "Expect: x\r\n"}) {
    HttpParser parser(kRequests, {});
    feed(parser, expecting("1.0", lines));
    EXPECT_TRUE(parser.head_complete());
    EXPECT_FALSE(parser.expects_continue());
    EXPECT_TRUE(feed(parser, "hi").complete);
  }
}

TEST(HttpBounds, MoreHeadersThanTheLimitAre431) {
  const test::HttpReading how{.limits = {.headers = 4}};
  std::string headers = "Host: a\r\nX-1: 1\r\nX-2: 2\r\nX-Other: 3\r\n";
  expect_http("GET / HTTP/1.1\r\n" + headers + "\r\n", {"GET / X-Other=3 []"}, how);
  expect_http("GET / HTTP/1.1\r\n" + headers + "X: 5\r\n\r\n", {"error 431"}, how);
  expect_http("GET / HTTP/1.1\r\n" + headers + "X-5", {}, how);
}

TEST(HttpBounds, TenThousandHeadersAre431) {
  std::string request = "GET / HTTP/1.1\r\nHost: a\r\n";
  for (int i = 0; i < 10'000; ++i) request += "a:\r\n";
  EXPECT_EQ(test::read_http(request), Lines{"error 431"});
  EXPECT_EQ(test::read_http(request, {.limits = {.head = 1024 * 1024}}), Lines{"error 431"});
}

std::string chunked(std::string_view body) {
  return fmt::format("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n{}", body);
}

TEST(HttpBounds, ExtensionsAndTrailersPastTheLimitAre400) {
  const test::HttpReading how{.limits = {.head = 80, .body = 10}};
  const std::string room(40, 'x');
  const std::string much(80, 'x');
  expect_http(chunked("1;" + room + "\r\nh\r\n0\r\nX: " + room + "\r\n\r\n"), {"error 400"}, how);
  expect_http(chunked("1;" + room + "\r\nh\r\n0\r\nX: y\r\n\r\n"), {"POST / [h]"}, how);
  for (const std::string& body :
       {"1;" + much, "1;a=" + much, "1;a=\"" + much, std::string(81, '0'), "0\r\n" + much,
        "0\r\nX:" + much, "0\r\nX:" + std::string(80, ' '), "0;" + much,
        "1\r\nh\r\n0\r\nX:" + much}) {
    SCOPED_TRACE(body);
    expect_http(chunked(body), {"error 400"}, how);
  }
  std::string trailers;
  for (int i = 0; i < 30; ++i) trailers += "a:\r\n";
  expect_http(chunked("0\r\n" + trailers), {"error 400"}, how);
}

TEST(HttpBounds, SmallChunksAreFine) {
  const test::HttpReading how{.limits = {.head = 80, .body = 500}};
  std::string body;
  for (int i = 0; i < 500; ++i) body += "1\r\nx\r\n";
  expect_http(chunked(body + "0\r\n\r\n"), {"POST / [" + std::string(500, 'x') + "]"}, how);
}

TEST(HttpBounds, ABodyDoesNotPayForEndlessExtensions) {
  const test::HttpReading how{.limits = {.head = 200}};
  std::string body;
  for (int i = 0; i < 20; ++i) body += "1;name=abcdefghijkl\r\nx\r\n";
  expect_http(chunked(body), {"error 400"}, how);
}

/// Writes down what it is handed; takes the bodies of answers with status 200.
class Taker final : public BodySink {
 public:
  std::string heads;
  std::string body;
  std::size_t pieces = 0;

  bool on_head(const HttpMessage& message) override {
    heads += fmt::format("{} {};", message.status(), message.header("X-Other"));
    return message.status() == 200;
  }
  void on_body(std::string_view piece) override {
    body += piece;
    ++pieces;
  }
};

void expect_taken(std::string_view bytes, std::string_view heads, std::string_view body,
                  std::string_view kept = "") {
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
    SCOPED_TRACE(cut);
    Taker taker;
    HttpParser parser(kResponses, {.head = 100, .body = 4}, &taker);
    feed(parser, bytes.substr(0, cut));
    feed(parser, bytes.substr(cut));
    EXPECT_EQ(taker.heads, heads);
    EXPECT_EQ(taker.body, body);
    EXPECT_EQ(parser.message().body(), kept);
  }
}

TEST(HttpBodySinks, TakeABodyWithoutALimit) {
  expect_taken("HTTP/1.1 200 OK\r\nX-Other: b\r\nContent-Length: 11\r\n\r\nhello world", "200 b;",
               "hello world");
  expect_taken(
      "HTTP/1.1 200 OK\r\nX-Other: b\r\nTransfer-Encoding: chunked\r\n\r\n"
      "6;x=y\r\nhello \r\n5\r\nworld\r\n0\r\nX-Other: c\r\n\r\n",
      "200 b;", "hello world");
}

TEST(HttpBodySinks, LeaveABodyThatTheyDoNotWant) {
  expect_taken("HTTP/1.1 404 No\r\nContent-Length: 2\r\n\r\nno", "404 ;", "", "no");
  Taker taker;
  HttpParser parser(kResponses, {.body = 4}, &taker);
  const auto fed = parser.feed("HTTP/1.1 404 No\r\nContent-Length: 5\r\n\r\n");
  ASSERT_FALSE(fed);
  EXPECT_EQ(fed.error().status, 413);
}

TEST(HttpBodySinks, AreNotAskedForARefusedHead) {
  for (const char* head :
       {"HTTP/1.1 200 OK\r\nX-Other: b\r\n\n", "HTTP/1.1 200 OK\nX-Other: b\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n"}) {
    Taker taker;
    HttpParser parser(kResponses, {}, &taker);
    EXPECT_FALSE(parser.feed(head)) << head;
    EXPECT_EQ(taker.heads, "") << head;
  }
}

TEST(HttpBodySinks, AreAskedForEachMessage) {
  Taker taker;
  HttpParser parser(kResponses, {}, &taker);
  const std::string_view first = "HTTP/1.1 200 OK\r\nX-Other: 1\r\nContent-Length: 3\r\n\r\none";
  const std::string_view second = "HTTP/1.1 404 No\r\nX-Other: 2\r\nContent-Length: 3\r\n\r\ntwo";
  const std::string_view third = "HTTP/1.1 204 \r\nX-Other: 3\r\n\r\n";
  for (const std::string_view message : {first, second, third}) {
    EXPECT_TRUE(feed(parser, message).complete);
    EXPECT_EQ(parser.message().body(), message == second ? "two" : "");
    parser.next();
  }
  EXPECT_EQ(taker.heads, "200 1;404 2;204 3;");
  EXPECT_EQ(taker.body, "one");
}

TEST(HttpBodySinks, TakePiecesAsTheyCome) {
  Taker taker;
  HttpParser parser(kResponses, {}, &taker);
  feed(parser, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe");
  EXPECT_EQ(taker.body, "he");
  feed(parser, "llo");
  EXPECT_EQ(taker.body, "hello");
  feed(parser, "\r\n1\r\n");
  EXPECT_EQ(taker.pieces, 2U);
  feed(parser, "!");
  EXPECT_EQ(taker.body, "hello!");
}

TEST(HttpBodySinks, TakeStreamsWithoutEnd) {
  Taker taker;
  HttpParser parser(kResponses, {.head = 100, .body = 4}, &taker);
  feed(parser, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
  for (int i = 0; i < 10'000; ++i) feed(parser, "3\r\n:\n\n\r\n");
  EXPECT_EQ(taker.body.size(), 30'000U);
  EXPECT_TRUE(parser.in_message());
}

TEST(HttpBodySinks, TakeABodyUntilTheStreamEnds) {
  Taker taker;
  HttpParser parser(kResponses, {.body = 4}, &taker);
  feed(parser, "HTTP/1.0 200 OK\r\n\r\nall of this");
  EXPECT_EQ(taker.body, "all of this");
  EXPECT_TRUE(parser.finish().value_or(false));
}

TEST(HttpChunks, AreWrittenAsTheyAreRead) {
  EXPECT_EQ(chunk_start(1), "1\r\n");
  EXPECT_EQ(chunk_start(26), "1a\r\n");
  EXPECT_EQ(chunk_start(65536), "10000\r\n");
  std::string body = chunk_start(26) + "abcdefghijklmnopqrstuvwxyz";
  body.append(kChunkEnd).append(chunk_start(1)).append("!").append(kChunkEnd).append(kLastChunk);
  expect_http(chunked(body), {"POST / [abcdefghijklmnopqrstuvwxyz!]"});
}

}  // namespace
}  // namespace pushbench::wire

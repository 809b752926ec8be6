#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "tests/support/http_reading.h"
#include "wire/http.h"

namespace pushbench::wire {
namespace {

using test::HttpReading;
using test::Lines;

constexpr HttpParser::Kind kResponses = HttpParser::Kind::responses;

void expect_responses(std::string_view bytes, const Lines& expected) {
  test::expect_http(bytes, expected, {.kind = kResponses});
}

TEST(HttpResponses, AResponseWithALengthIsRead) {
  expect_responses("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Other: x\r\n\r\nhello",
                   {"200 X-Other=x Content-Length=5 [hello]"});
}

TEST(HttpResponses, AReasonPhraseMayBeMissing) {
  expect_responses("HTTP/1.1 201 \r\nContent-Length: 0\r\n\r\n", {"201 Content-Length=0 []"});
}

TEST(HttpResponses, AChunkedResponseIsReadWithoutItsTrailers) {
  expect_responses(
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
      "3;a=b\r\nabc\r\n2\r\nde\r\n0\r\nX-Other: trailer\r\n\r\n"
      "HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno",
      {"200 [abcde]", "404 Content-Length=2 [no]"});
}

TEST(HttpResponses, A204HasNoBody) {
  expect_responses(
      "HTTP/1.1 204 No Content\r\nX-Other: a\r\n\r\n"
      "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi",
      {"204 X-Other=a []", "200 Content-Length=2 [hi]"});
}

TEST(HttpResponses, A204HasNoBodyEvenIfItStatesALength) {
  expect_responses(
      "HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\n"
      "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n"
      "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi",
      {"204 Content-Length=2 []", "204 []", "200 Content-Length=2 [hi]"});
}

TEST(HttpResponses, A304StatesTheLengthOfWhatItDoesNotSend) {
  expect_responses(
      "HTTP/1.1 304 Not Modified\r\nContent-Length: 500000\r\n\r\n"
      "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi",
      {"304 Content-Length=500000 []", "200 Content-Length=2 [hi]"});
}

TEST(HttpResponses, A100GoesBeforeTheResponse) {
  expect_responses(
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nhi",
      {"100 []", "201 Content-Length=2 [hi]"});
}

TEST(HttpResponses, A101LeavesWhatFollowsToOthers) {
  test::expect_http(
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"
      "\x81\x02hi",
      {"101 upgrade []", "rest \x81\x02hi"}, {.kind = kResponses, .take_upgrades = true});
}

TEST(HttpResponses, OnlyA101GrantsAnUpgrade) {
  test::expect_http(
      "HTTP/1.1 426 Upgrade Required\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Content-Length: 2\r\n\r\nno",
      {"426 Content-Length=2 [no]"}, {.kind = kResponses, .take_upgrades = true});
}

TEST(HttpResponses, ABodyWithoutALengthEndsWithTheStream) {
  test::expect_http("HTTP/1.1 200 OK\r\nX-Other: x\r\n\r\nall of\r\n\r\nthis",
                    {"200 X-Other=x close [all of\r\n\r\nthis]"},
                    {.kind = kResponses, .peer_ends = true});
  test::expect_http("HTTP/1.0 200 OK\r\n\r\n", {"200 1.0 close []"},
                    {.kind = kResponses, .peer_ends = true});
}

TEST(HttpResponses, ABodyWithoutALengthIsNotCompleteBeforeTheStreamEnds) {
  test::HttpLog log({.kind = kResponses, .peer_ends = true});
  log.feed("HTTP/1.1 200 OK\r\n\r\nbody");
  EXPECT_EQ(log.lines(), Lines{});
  EXPECT_TRUE(log.parser().in_message());
  EXPECT_EQ(log.finish(), Lines{"200 close [body]"});
}

TEST(HttpResponses, TheEndOfTheStreamWithinABodyOfKnownLengthIsAnError) {
  const HttpReading how{.kind = kResponses, .peer_ends = true};
  test::expect_http("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell", {"error 400"}, how);
  test::expect_http("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n",
                    {"error 400"}, how);
}

TEST(HttpResponses, ABodyUntilTheEndIsBoundedToo) {
  const HttpReading how{.kind = kResponses, .limits = {.body = 8}};
  test::expect_http("HTTP/1.1 200 OK\r\n\r\n123456789", {"error 413"}, how);
}

TEST(HttpResponses, KeepingAliveFollowsVersionAndHeader) {
  expect_responses("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
                   {"200 Content-Length=0 close []"});
  expect_responses("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n",
                   {"200 Content-Length=0 1.0 close []"});
  expect_responses("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n",
                   {"200 Content-Length=0 1.0 []"});
}

TEST(HttpResponses, TheHeadsSizeIsToldHoweverItIsCut) {
  const std::string head = "HTTP/1.1 200 OK\r\nX-Other: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  const std::string all = head + "5\r\nhello\r\n0\r\nX-Other: trailer\r\n\r\n";
  HttpParser parser(kResponses, {});
  for (std::size_t cut = 0; cut <= all.size(); ++cut) {
    EXPECT_EQ(parser.head_size(), 0U);
    ASSERT_TRUE(parser.feed(std::string_view(all).substr(0, cut)));
    EXPECT_EQ(parser.head_size(), std::min(cut, head.size())) << "cut at byte " << cut;
    ASSERT_TRUE(parser.feed(std::string_view(all).substr(cut)));
    EXPECT_EQ(parser.head_size(), head.size()) << "cut at byte " << cut;
    parser.next();
  }
}

TEST(HttpResponses, AHeadWithoutABodyHasASizeToo) {
  const std::string head = "HTTP/1.1 204 No Content\r\nX-Other: x\r\n\r\n";
  HttpParser parser(kResponses, {});
  for (const char c : head) ASSERT_TRUE(parser.feed({&c, 1}));
  EXPECT_EQ(parser.head_size(), head.size());
  EXPECT_EQ(parser.feed(head)->consumed, 0U);  // it waits for next()
}

TEST(HttpResponses, MalformedOnesAreErrors) {
  for (const char* bytes : {
           "HTTP/1.1 2x0 OK\r\n\r\n",
           "HTTP/1.1 OK\r\n\r\n",
           "HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n",
           "GET / HTTP/1.1\r\n\r\n",
           "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n",
           "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nhi!",
       }) {
    expect_responses(bytes, {"error 400"});
  }
}

}  // namespace
}  // namespace pushbench::wire

#include <gtest/gtest.h>

#include <string>

#include "tests/support/http_reading.h"
#include "wire/http.h"

namespace pushbench::wire {
namespace {

using test::expect_http;

TEST(HttpRequests, AGetIsRead) {
  expect_http("GET /rooms/a/poll?after=3 HTTP/1.1\r\nHost: here\r\nX-Other: one two\r\n\r\n",
              {"GET /rooms/a/poll?after=3 Host=here X-Other=one two []"});
}

TEST(HttpRequests, APostWithALengthIsRead) {
  expect_http("POST /m HTTP/1.1\r\nHost: here\r\nContent-Length: 11\r\n\r\nhello\r\n\r\nab",
              {"POST /m Host=here Content-Length=11 [hello\r\n\r\nab]"});
}

TEST(HttpRequests, AnEmptyBodyIsRead) {
  expect_http("POST /m HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
              {"POST /m Content-Length=0 []"});
}

TEST(HttpRequests, AChunkedPostIsReadWithoutItsExtensionsAndTrailers) {
  expect_http(
      "POST /m HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n"
      "5;name=value\r\nhello\r\n1;flag\r\n \r\n00a\r\nwide world\r\n0;last=yes\r\n"
      "X-Other: from a trailer\r\nHost: elsewhere\r\nX-Empty:\r\n\r\n",
      {"POST /m Host=here [hello wide world]"});
}

TEST(HttpRequests, WhatFollowsAChunkedPostIsTheNextRequest) {
  expect_http(
      "POST /1 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nX-Other: "
      "t\r\n\r\n"
      "GET /2 HTTP/1.1\r\nHost: a\r\nX-Other: h\r\n\r\n",
      {"POST /1 [hi]", "GET /2 X-Other=h []"});
}

TEST(HttpRequests, APipelinedPairIsReadOneAtATime) {
  expect_http(
      "POST /1 HTTP/1.1\r\nHost: a\r\nX-Other: 1\r\nContent-Length: 3\r\n\r\none"
      "GET /2 HTTP/1.1\r\nHost: b\r\n\r\n",
      {"POST /1 X-Other=1 Content-Length=3 [one]", "GET /2 Host=b []"});
}

TEST(HttpRequests, TheFirstOfAPairEndsWhereTheSecondBegins) {
  const std::string first = "GET /1 HTTP/1.1\r\nHost: a\r\n\r\n";
  HttpParser parser(HttpParser::Kind::requests, {});
  const auto fed = parser.feed(first + "GET /2 HTTP/1.1\r\nHost: a\r\n\r\n");
  ASSERT_TRUE(fed);
  EXPECT_TRUE(fed->complete);
  EXPECT_EQ(fed->consumed, first.size());
  EXPECT_EQ(parser.message().target(), "/1");
}

TEST(HttpRequests, AHeadIsRead) {
  expect_http("HEAD /healthz HTTP/1.1\r\nHost: a\r\n\r\n", {"HEAD /healthz []"});
}

TEST(HttpRequests, EmptyLinesBeforeARequestAreSkipped) {
  expect_http("\r\n\r\nGET /1 HTTP/1.1\r\nHost: a\r\n\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n",
              {"GET /1 []", "GET /2 []"});
}

TEST(HttpRequests, Http10ClosesUnlessAskedToStay) {
  expect_http("GET / HTTP/1.0\r\nHost: a\r\n\r\n", {"GET / 1.0 close []"});
  expect_http("GET /1 HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET /2 HTTP/1.0\r\n\r\n",
              {"GET /1 1.0 []", "GET /2 1.0 close []"});
}

TEST(HttpRequests, Http11StaysUnlessAskedToClose) {
  expect_http("GET / HTTP/1.1\r\nHost: a\r\n\r\n", {"GET / []"});
  expect_http("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", {"GET / close []"});
  expect_http("GET / HTTP/1.1\r\nHost: a\r\nConnection: X-Other, Close\r\n\r\n",
              {"GET / close []"});
  expect_http("GET / HTTP/1.1\r\nHost: a\r\nConnection: closed\r\n\r\n", {"GET / []"});
}

TEST(HttpRequests, KeepingAliveIsDecidedForEachRequestAnew) {
  expect_http(
      "GET /1 HTTP/1.1\r\nHost: a\r\nConnection: keep-alive\r\n\r\nGET /2 HTTP/1.1\r\nHost: "
      "a\r\n\r\n"
      "GET /3 HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET /4 HTTP/1.1\r\nHost: a\r\n\r\n"
      "GET /5 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
      {"GET /1 []", "GET /2 []", "GET /3 1.0 []", "GET /4 []", "GET /5 close []"});
}

TEST(HttpRequests, AnUpgradeLeavesWhatFollowsToOthers) {
  expect_http(
      "GET /s HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n\x81\x02hi "
      "GET / HTTP",
      {"GET /s upgrade []", "rest \x81\x02hi GET / HTTP"}, {.take_upgrades = true});
}

TEST(HttpRequests, AnUpgradeThatIsNotTakenIsAnOrdinaryRequest) {
  expect_http(
      "GET /1 HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"
      "GET /2 HTTP/1.1\r\nHost: b\r\n\r\n",
      {"GET /1 upgrade []", "GET /2 Host=b []"});
}

TEST(HttpRequests, AnUpgradeWithABodyIsAnOrdinaryRequestToo) {
  expect_http(
      "POST /1 HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: "
      "2\r\n\r\nhi"
      "POST /2 HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\nTransfer-Encoding: "
      "chunked\r\n"
      "\r\n2\r\nhi\r\n0\r\n\r\nGET /3 HTTP/1.1\r\nHost: a\r\n\r\n",
      {"POST /1 Content-Length=2 upgrade [hi]", "POST /2 upgrade [hi]", "GET /3 []"});
}

TEST(HttpRequests, AnUpgradeHeaderThatTheConnectionDoesNotNameIsNoUpgrade) {
  expect_http(
      "GET /1 HTTP/1.1\r\nHost: a\r\nUpgrade: h2c\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n",
      {"GET /1 []", "GET /2 []"}, {.take_upgrades = true});
}

TEST(HttpRequests, NothingOfARequestIsLeftInTheNext) {
  HttpParser parser(HttpParser::Kind::requests, {});
  ASSERT_TRUE(
      parser.feed("HEAD /1 HTTP/1.0\r\nX-Other: b\r\nConnection: Upgrade, keep-alive\r\n"
                  "Upgrade: x\r\n\r\n"));
  ASSERT_EQ(parser.message().method(), "HEAD");
  ASSERT_TRUE(parser.message().http_1_0());
  parser.next();
  ASSERT_FALSE(parser.feed("POST /2 HTTP/1.1\r\nHost: a\r\nbad header\r\n\r\n"));
  EXPECT_NE(parser.message().method(), "HEAD");
  EXPECT_FALSE(parser.message().http_1_0());
  EXPECT_FALSE(parser.message().upgrade());
  EXPECT_FALSE(parser.message().has_header("x-other"));
}

TEST(HttpRequests, AParserKnowsWhetherItIsWithinAMessage) {
  HttpParser parser(HttpParser::Kind::requests, {});
  EXPECT_FALSE(parser.in_message());
  ASSERT_TRUE(parser.feed("GET"));
  EXPECT_TRUE(parser.in_message());
  ASSERT_TRUE(parser.feed(" / HTTP/1.1\r\nHost: a\r\n\r\n"));
  EXPECT_FALSE(parser.in_message());
  parser.next();
  EXPECT_FALSE(parser.in_message());
  ASSERT_TRUE(parser.feed("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nh"));
  EXPECT_TRUE(parser.in_message());
}

TEST(HttpRequests, TheEndOfTheStreamBetweenRequestsIsNoError) {
  expect_http("GET / HTTP/1.1\r\nHost: a\r\n\r\n", {"GET / []"}, {.peer_ends = true});
  HttpParser parser(HttpParser::Kind::requests, {});
  const auto finished = parser.finish();
  ASSERT_TRUE(finished);
  EXPECT_FALSE(*finished);
}

TEST(HttpRequests, TheEndOfTheStreamWithinARequestIsAnError) {
  expect_http("GET / HTTP/1.1\r\nHost", {"error 400"}, {.peer_ends = true});
  expect_http("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nhi", {"error 400"},
              {.peer_ends = true});
}

}  // namespace
}  // namespace pushbench::wire

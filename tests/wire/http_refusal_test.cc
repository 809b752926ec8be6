#include <gtest/gtest.h>

#include <random>
#include <string>

#include "tests/support/http_reading.h"
#include "wire/http.h"

namespace pushbench::wire {
namespace {

using test::expect_http;
using test::HttpReading;
using test::read_http;

constexpr HttpReading kSmall{.limits = {.head = 100, .body = 10}};

void expect_bad(std::string_view bytes) { expect_http(bytes, {"error 400"}); }

std::string get(const std::string& headers) {
  return "GET / HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n";
}

std::string chunked(const std::string& body) {
  return "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + body;
}

TEST(HttpLimitsHold, ATargetOverTheLimitOnHeadsIs414) {
  expect_http("GET /" + std::string(100, 'x') + " HTTP/1.1\r\nHost: a\r\n\r\n", {"error 414"},
              kSmall);
}

TEST(HttpLimitsHold, ATargetThatNeverEndsIs414) {
  test::HttpLog log(kSmall);
  log.feed("GET /");
  for (int i = 0; i < 10 && log.lines().empty(); ++i) log.feed(std::string(20, 'x'));
  EXPECT_EQ(log.lines(), test::Lines{"error 414"});
}

TEST(HttpLimitsHold, AHeadAtTheLimitIsTaken) {
  const std::string target = "/" + std::string(100 - 27, 'x');
  const std::string head = "GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n";
  ASSERT_EQ(head.size(), 100U);
  expect_http(head + head, {"GET " + target + " []", "GET " + target + " []"}, kSmall);
  expect_http("GET " + target + " HTTP/1.1\r\nHost: ab\r\n\r\n", {"error 431"}, kSmall);
}

TEST(HttpLimitsHold, EmptyLinesWithoutEndAre400) {
  std::string lines;
  for (int i = 0; i < 60; ++i) lines += "\r\n";
  expect_http(lines, {"error 400"}, kSmall);
}

TEST(HttpLimitsHold, HeadersOverTheLimitAre431) {
  expect_http(get("X-Other: " + std::string(100, 'x') + "\r\n"), {"error 431"}, kSmall);
  expect_http(get(std::string(100, 'N') + ": x\r\n"), {"error 431"}, kSmall);
}

TEST(HttpLimitsHold, ManySmallHeadersOverTheLimitAre431) {
  std::string headers;
  for (int i = 0; i < 30; ++i) headers += "X-H: v\r\n";
  expect_http(get(headers), {"error 431"}, kSmall);
}

TEST(HttpLimitsHold, HeadersThatNeverEndAre431) {
  test::HttpLog log(kSmall);
  log.feed("GET / HTTP/1.1\r\nHost: a\r\nX-Other: ");
  for (int i = 0; i < 10 && log.lines().empty(); ++i) log.feed(std::string(20, 'x'));
  EXPECT_EQ(log.lines(), test::Lines{"error 431"});
}

TEST(HttpLimitsHold, ALengthOverTheLimitIs413BeforeTheBodyComes) {
  expect_http("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n", {"error 413"}, kSmall);
}

TEST(HttpLimitsHold, ChunksOverTheLimitAre413) {
  expect_http(chunked("6\r\n123456\r\n5\r\n78901\r\n"), {"error 413"}, kSmall);
  expect_http(chunked("b\r\n12345678901"), {"error 413"}, kSmall);
}

TEST(HttpLimitsHold, ABodyAtTheLimitIsTaken) {
  expect_http("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n1234567890",
              {"POST / Content-Length=10 [1234567890]"}, kSmall);
  expect_http(chunked("6\r\n123456\r\n4\r\n7890\r\n0\r\n\r\n"), {"POST / [1234567890]"}, kSmall);
}

TEST(HttpLimitsHold, EachRequestHasTheWholeLimit) {
  const std::string target = "/" + std::string(45, 'x');
  const std::string one =
      "POST " + target + " HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n1234567890";
  const std::string line = "POST " + target + " Content-Length=10 [1234567890]";
  expect_http(one + one + one, {line, line, line}, kSmall);
}

TEST(MalformedHttp, ConflictingLengthsAreRefused) {
  expect_bad("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nhi!");
  expect_bad("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2, 3\r\n\r\nhi!");
}

TEST(MalformedHttp, ALengthBesideATransferEncodingIsRefused) {
  expect_bad(
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n");
  expect_bad(
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n");
}

TEST(MalformedHttp, ALengthThatIsNoNumberIsRefused) {
  for (const char* length : {"", "-2", "+2", "0x2", "2 2", "two", "18446744073709551618"}) {
    expect_bad("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::string(length) +
               "\r\n\r\nhi");
  }
}

TEST(MalformedHttp, ATransferEncodingThatDoesNotEndInChunksIsRefused) {
  for (const char* coding : {"gzip", "chunked, gzip", "xchunked", "chunkedx", "identity"}) {
    expect_bad("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: " + std::string(coding) +
               "\r\n\r\n");
  }
  expect_bad(
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: "
      "identity\r\n\r\n");
}

TEST(MalformedHttp, BareLineEndsAreRefused) {
  expect_bad("GET / HTTP/1.1\nHost: a\n\n");
  expect_bad(get("X-One: a\nX-Other: b\r\n"));
  expect_bad(get("X-One: a\rX-Other: b\r\n"));
  expect_bad(get("X-Other: a\rb\r\n"));
  expect_bad(get("X-One: a\r\rX-Other: b\r\n"));
}

TEST(MalformedHttp, ControlCharactersInAHeaderAreRefused) {
  expect_bad(get(std::string("X-Other: a\0b\r\n", 14)));
  expect_bad(get("X-Other: a\x01\r\n"));
  expect_bad(get("X-\x7fOther: a\r\n"));
}

TEST(MalformedHttp, ABlankInOrAfterAHeaderNameIsRefused) {
  expect_bad(get("X-Other : a\r\n"));
  expect_bad("POST / HTTP/1.1\r\nHost: a\r\nContent-Length : 2\r\n\r\nhi");
  expect_bad("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n");
  expect_bad(get("X-Ot her: a\r\n"));
  expect_bad(get("X-Other\t: a\r\n"));
  expect_bad("GET / HTTP/1.1\r\n X-Other: a\r\nHost: a\r\n\r\n");
}

TEST(MalformedHttp, AFoldedHeaderIsRefused) {
  expect_bad(get("X-Other: a\r\n b\r\n"));
  expect_bad(get("X-Other: a\r\n\tb\r\n"));
  expect_bad(get("X-Other:\r\n b\r\n"));
  expect_bad(get("X-Other: a\r\n \r\n"));
  expect_bad("GET / HTTP/1.1\r\nHost:\r\n a\r\n\r\n");
}

TEST(MalformedHttp, AHeaderWithoutANameOrAColonIsRefused) {
  expect_bad(get(": a\r\n"));
  expect_bad(get("X-Other: a\r\n: b\r\n"));
  expect_bad(get(":\r\n"));
  expect_bad(get("X-Other\r\n"));
}

TEST(MalformedHttp, OtherVersionsAreRefused) {
  for (const char* version : {"HTTP/9.9", "HTTP/1.2", "HTTP/2.0", "HTTP/0.9", "HTTP/1", "HTTP/11",
                              "HTTP/1.1x", "http/1.1", "HTTQ/1.1", "1.1"}) {
    expect_bad("GET / " + std::string(version) + "\r\nHost: a\r\n\r\n");
  }
  expect_bad("GET /\r\n\r\n");
  expect_bad("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
}

TEST(MalformedHttp, MethodsThatAreNoneAreRefused) {
  for (const char* start :
       {"hello\r\n\r\n", "get / HTTP/1.1\r\nHost: a\r\n", "BREW / HTTP/1.1\r\nHost: a\r\n",
        "GETX / HTTP/1.1\r\nHost: a\r\n", "\x16\x03\x01\x02"}) {
    expect_bad(start);
  }
}

TEST(MalformedHttp, TargetsThatAreNoneAreRefused) {
  expect_bad("GET /a\tb HTTP/1.1\r\nHost: a\r\n\r\n");
  expect_bad("GET /\xc3\xa4 HTTP/1.1\r\nHost: a\r\n\r\n");
  expect_bad("GET a b HTTP/1.1\r\nHost: a\r\n\r\n");
}

TEST(MalformedHttp, ChunksOutOfShapeAreRefused) {
  for (const char* body :
       {"zz\r\nhi\r\n", "-2\r\nhi\r\n", "\r\nhi\r\n", "2\nhi\r\n", "2 \r\nhi\r\n", "2\r\nhi0\r\n",
        "2\r\nhiXX0\r\n\r\n", "10000000000000002\r\nhi\r\n"}) {
    expect_bad(chunked(body));
  }
}

TEST(MalformedHttp, TheErrorSaysWhat) {
  HttpParser parser(HttpParser::Kind::requests, {});
  const auto fed = parser.feed("BREW / HTTP/1.1\r\nHost: a\r\n\r\n");
  ASSERT_FALSE(fed);
  EXPECT_EQ(fed.error().what, "not HTTP/1.1: Invalid method encountered");
}

TEST(MalformedHttp, AfterAnErrorTheParserStaysSpent) {
  HttpParser parser(HttpParser::Kind::requests, {});
  ASSERT_FALSE(parser.feed("BREW / HTTP/1.1\r\nHost: a\r\n\r\n"));
  const auto fed = parser.feed("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  ASSERT_FALSE(fed);
  EXPECT_EQ(fed.error().status, 400);
}

// Whatever comes, there is a message or an error; the sanitizers watch for anything worse.
TEST(MalformedHttp, RandomDamageNeverCrashes) {
  const std::string good =
      "POST /a?b HTTP/1.1\r\nHost: a\r\nX-Empty:\r\nTransfer-Encoding: chunked\r\n\r\n"
      "2;x=y\r\nhi\r\n0\r\nX-Other: t\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\n"
      "Upgrade: h2c\r\n\r\n";
  constexpr std::string_view kTricky("\r\n :;\0\t\x80,0", 11);
  std::mt19937 random(9112);
  int refused = 0;
  for (int round = 0; round < 5000; ++round) {
    std::string bytes = good;
    for (std::size_t n = 1 + random() % 3; n > 0; --n) {
      const std::size_t at = random() % bytes.size();
      const char c = kTricky[random() % kTricky.size()];
      if (random() % 3 == 0) {
        bytes.erase(at, 1);
      } else if (random() % 2 == 0) {
        bytes[at] = c;
      } else {
        bytes.insert(at, 1, c);
      }
    }
    const std::size_t cut = random() % bytes.size();
    test::HttpLog log(kSmall);
    const test::Lines in_two = log.feed(bytes.substr(0, cut)).feed(bytes.substr(cut)).finish();
    ASSERT_EQ(in_two, read_http(bytes, kSmall)) << "the cut at " << cut << " matters in " << bytes;
    if (!in_two.empty() && in_two.back().starts_with("error")) ++refused;
  }
  EXPECT_GT(refused, 1000);
}

}  // namespace
}  // namespace pushbench::wire

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/http_reading.h"
#include "wire/http.h"

namespace pushbench::wire {
namespace {

// What makes two readers find different ends of one message (request smuggling). Each variant is a
// change of a request that is fine, so that it is refused for what it varies.

using test::expect_http;

constexpr std::string_view kNext = "GET /next HTTP/1.1\r\nHost: a\r\n\r\n";

std::string post(const std::string& headers, const std::string& body) {
  return "POST / HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n" + body;
}

void expect_read(const std::string& headers, const std::string& body, const std::string& as) {
  SCOPED_TRACE(headers + body);
  expect_http(post(headers, body).append(kNext), {as, "GET /next []"});
}

void expect_refused(const std::string& headers, const std::string& body, int status = 400) {
  SCOPED_TRACE(headers + body);
  expect_http(post(headers, body).append(kNext), {fmt::format("error {}", status)});
}

TEST(HttpFraming, ALengthIsDigitsAndNothingElse) {
  expect_read("Content-Length: 5\r\n", "hello", "POST / Content-Length=5 [hello]");
  expect_read("Content-Length: \t 5 \r\n", "hello", "POST / Content-Length=5 [hello]");
  expect_read("Content-Length: 005\r\n", "hello", "POST / Content-Length=005 [hello]");
  for (const char* length : {"5, 5",
                             "5,",
                             ",5",
                             "+5",
                             "-5",
                             "0x5",
                             "5 5",
                             "5.0",
                             "5e0",
                             "\"5\"",
                             "5;",
                             "five",
                             "",
                             ",",
                             "\v5",
                             "5\v",
                             "5\f",
                             "\xC2\xA0"
                             "5",
                             "\xD9\xA5",
                             "18446744073709551616",
                             "18446744073709551621",
                             "99999999999999999999999"}) {
    expect_refused("Content-Length: " + std::string(length) + "\r\n", "hello");
  }
  expect_refused(std::string("Content-Length: 5\0\r\n", 20), "hello");
}

TEST(HttpFraming, TheLargestLengthIsANumberAllTheSame) {
  expect_refused("Content-Length: 18446744073709551615\r\n", "hello", 413);
  expect_refused("Content-Length: 9223372036854775808\r\n", "hello", 413);
}

TEST(HttpFraming, ALengthIsSaidOnce) {
  for (const char* other : {"5", "6", "0", "", "x"}) {
    expect_refused("Content-Length: 5\r\nContent-Length: " + std::string(other) + "\r\n", "hello");
    expect_refused("Content-Length: " + std::string(other) + "\r\nX: y\r\ncontent-length: 5\r\n",
                   "hello");
  }
}

TEST(HttpFraming, ATransferCodingIsChunkedAndNothingElse) {
  const std::string body = "5\r\nhello\r\n0\r\n\r\n";
  for (const char* coding : {"chunked", "Chunked", "CHUNKED", "\t chunked "}) {
    expect_read("Transfer-Encoding: " + std::string(coding) + "\r\n", body, "POST / [hello]");
  }
  for (const char* coding : {"xchunked",
                             "chunkedx",
                             "chunked, identity",
                             "chunked, chunked",
                             "chunked,",
                             ",chunked",
                             "chunked, gzip",
                             "chunked;q=1",
                             "chunked chunked",
                             "chun ked",
                             "\"chunked\"",
                             "'chunked'",
                             "chunked;",
                             "=chunked",
                             "\vchunked",
                             "chunked\v",
                             "\x01"
                             "chunked",
                             "\xC2\xA0"
                             "chunked",
                             "identity",
                             "gzip",
                             "identity chunked",
                             "chunked identity",
                             "x\tchunked",
                             "c\xC4\xB0hunked",
                             "",
                             ",",
                             "gzip, , chunked",
                             "chunked, gzip, chunked"}) {
    expect_refused("Transfer-Encoding: " + std::string(coding) + "\r\n", body);
  }
  expect_refused(std::string("Transfer-Encoding: chunked\0\r\n", 29), body);
}

TEST(HttpFraming, ACodingThatIsNotSpokenHereIs501) {
  const std::string body = "5\r\nhello\r\n0\r\n\r\n";
  for (const char* coding : {"gzip, chunked", "identity, chunked", "x-new,deflate ,Chunked"}) {
    expect_refused("Transfer-Encoding: " + std::string(coding) + "\r\n", body, 501);
  }
  expect_refused("Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n", body, 501);
}

TEST(HttpFraming, ATransferCodingIsSaidOnce) {
  for (const char* other : {"chunked", "identity", "gzip", "x", ""}) {
    expect_refused(
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: " + std::string(other) + "\r\n",
        "5\r\nhello\r\n0\r\n\r\n");
  }
  expect_refused("Transfer-Encoding:\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n");
}

TEST(HttpFraming, ALengthAndATransferCodingNeverGoTogether) {
  for (const char* length : {"0", "5", "4", "15", "x", ""}) {
    for (const char* coding : {"chunked", "identity", "xchunked", "gzip, chunked", ""}) {
      const std::string a = "Content-Length: " + std::string(length) + "\r\n";
      const std::string b = "Transfer-Encoding: " + std::string(coding) + "\r\n";
      expect_refused(a + b, "5\r\nhello\r\n0\r\n\r\n");
      expect_refused(b + a, "5\r\nhello\r\n0\r\n\r\n");
      expect_refused(b + "X: y\r\n" + a, "5\r\nhello\r\n0\r\n\r\n");
    }
  }
}

TEST(HttpFraming, ANameThatOnlyLooksLikeTransferEncodingIsRefusedOrAnother) {
  const std::string body = "5\r\nhello\r\n0\r\n\r\n";
  for (const char* header : {"Transfer-Encoding : chunked",
                             "Transfer-Encoding\t: chunked",
                             "Transfer-Encoding\v: chunked",
                             " Transfer-Encoding: chunked",
                             "\tTransfer-Encoding: chunked",
                             "Transfer Encoding: chunked",
                             "Transfer-Encoding\r: chunked",
                             "Transfer-Encoding\r\n: chunked",
                             "Transfer-Encoding\r\n : chunked",
                             "Transfer-Encoding",
                             "Transfer-Encoding chunked",
                             "\"Transfer-Encoding\": chunked",
                             "Transfer-Encoding:\r\n chunked",
                             "Transfer-Encoding:\n chunked",
                             "Transfer-Encoding: chu\r\n nked",
                             "X: y\nTransfer-Encoding: chunked",
                             "X: y\rTransfer-Encoding: chunked",
                             "X: y\r\rTransfer-Encoding: chunked",
                             "X: y\n\rTransfer-Encoding: chunked",
                             "X: y\r\n\rTransfer-Encoding: chunked",
                             "\xEF\xBB\xBFTransfer-Encoding: chunked"}) {
    expect_refused(std::string(header) + "\r\n", body);
    expect_refused(std::string(header) + "\r\nContent-Length: 5\r\n", body);
  }
  // Some gateways take it for the other; here it is nothing, and Content-Length alone counts.
  expect_read("Transfer_Encoding: chunked\r\nContent-Length: 15\r\n", body,
              "POST / Content-Length=15 [" + body + "]");
}

TEST(HttpFraming, Http10HasNoTransferCoding) {
  for (const char* length : {"", "Content-Length: 5\r\n"}) {
    expect_http("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n" + std::string(length) +
                    "\r\n5\r\nhello\r\n0\r\n\r\n",
                {"error 400"});
  }
  expect_http("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
              {"error 400"}, {.kind = HttpParser::Kind::responses});
}

TEST(HttpFraming, OfAResponseIsReadAsStrictly) {
  for (const char* headers :
       {"Transfer-Encoding: gzip\r\n", "Transfer-Encoding: xchunked\r\n",
        "Transfer-Encoding: chunked, identity\r\n", "Content-Length: 5, 5\r\n",
        "Content-Length: 5\r\nContent-Length: 5\r\n",
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "Content-Length : 5\r\n"}) {
    SCOPED_TRACE(headers);
    expect_http("HTTP/1.1 200 OK\r\n" + std::string(headers) + "\r\n5\r\nhello\r\n0\r\n\r\n",
                {"error 400"}, {.kind = HttpParser::Kind::responses});
  }
}

TEST(HttpFraming, ChunkSizesAreHexadecimalDigitsAndNothingElse) {
  const std::string chunked = "Transfer-Encoding: chunked\r\n";
  for (const char* size : {"5", "05", "00000000000000000000000005"}) {
    expect_read(chunked, std::string(size) + "\r\nhello\r\n0\r\n\r\n", "POST / [hello]");
  }
  for (const char* size : {"-5",
                           "+5",
                           " 5",
                           "5 ",
                           "5\t",
                           "\t5",
                           "5 5",
                           "0x5",
                           "5h",
                           "5.",
                           "#5",
                           "\"5\"",
                           "five",
                           "",
                           "5,",
                           "\v5",
                           "10000000000000000",
                           "10000000000000005",
                           "ffffffffffffffff1",
                           "fffffffffffffffff",
                           "\xD9\xA5"}) {
    expect_refused(chunked, std::string(size) + "\r\nhello\r\n0\r\n\r\n");
  }
  expect_refused(chunked, std::string("5\0\r\nhello\r\n0\r\n\r\n", 16));
}

TEST(HttpFraming, AChunkOverTheLimitIsRefusedByItsSize) {
  const std::string chunked = "Transfer-Encoding: chunked\r\n";
  for (const char* size :
       {"ffffffffffffffff", "8000000000000000", "7fffffffffffffff", "80000000", "10001"}) {
    expect_refused(chunked, "5\r\nhello\r\n" + std::string(size) + "\r\n", 413);
  }
}

TEST(HttpFraming, EveryLineAroundChunksEndsWithCrLf) {
  const std::string chunked = "Transfer-Encoding: chunked\r\n";
  expect_read(chunked, "5;a;b=\"c d\";e=f\r\nhello\r\n0;g\r\nX: y\r\n\r\n", "POST / [hello]");
  for (const char* body : {"5\nhello\r\n0\r\n\r\n",
                           "5\rhello\r\n0\r\n\r\n",
                           "5\r\nhello\n0\r\n\r\n",
                           "5\r\nhello\r0\r\n\r\n",
                           "5\r\nhello0\r\n\r\n",
                           "5\r\nhelloXX0\r\n\r\n",
                           "5\r\nhello\r\n0\n\r\n",
                           "5\r\nhello\r\n0\r\n\n",
                           "5\r\nhello\r\n0\r\n\rX",
                           "5\r\nhello\r\n0\r\r\n\r\n",
                           "5\r\nhello\r\n0\r\nX: y\n\r\n",
                           "5\r\nhello\r\n0\r\nX: y\r\r\n\r\n",
                           "5\r\nhello\r\n0\r\nX: y\r\n\n",
                           "5\r\nhello\r\n0\r\nX: y\rZ: z\r\n\r\n",
                           "5;a\nhello\r\n0\r\n\r\n",
                           "5;a\rb\r\nhello\r\n0\r\n\r\n",
                           "5;a=b\nc\r\nhello\r\n0\r\n\r\n",
                           "5;a=\"b\r\nhello\r\n0\r\n\r\n",
                           "5;\nhello\r\n0\r\n\r\n",
                           "5;a=\"\n\"\r\nhello\r\n0\r\n\r\n",
                           "\r\n5\r\nhello\r\n0\r\n\r\n",
                           "4\r\nhello\r\n0\r\n\r\n",
                           "5\r\nhello\r\n\r\n0\r\n\r\n",
                           "5\r\nhello\r\n0\r\n X: y\r\n\r\n",
                           "5\r\nhello\r\n0\r\nX : y\r\n\r\n",
                           "5\r\nhello\r\n0\r\nX: y\r\n z\r\n\r\n"}) {
    expect_refused(chunked, body);
  }
}

TEST(HttpFraming, TrailersNeitherFrameNorKeepAliveNorUpgrade) {
  const std::string chunked = "Transfer-Encoding: chunked\r\n";
  for (const char* trailer :
       {"Content-Length: 500", "Connection: close", "Connection: upgrade\r\nUpgrade: websocket",
        "Host: elsewhere", "Expect: a miracle", "X-Other: y"}) {
    expect_read(chunked, "5\r\nhello\r\n0\r\n" + std::string(trailer) + "\r\n\r\n",
                "POST / [hello]");
  }
  expect_refused(chunked, "5\r\nhello\r\n0\r\nTransfer-Encoding: chunked\r\n\r\n");
}

TEST(HttpFraming, EveryLineOfAHeadEndsWithCrLf) {
  for (const char* head :
       {"GET / HTTP/1.1\nHost: a\r\n\r\n", "GET / HTTP/1.1\rHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n\n", "GET / HTTP/1.1\r\nHost: a\r\n\rX\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n\r\r\n", "\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "\rGET / HTTP/1.1\r\nHost: a\r\n\r\n", "\r\n\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"}) {
    SCOPED_TRACE(head);
    expect_http(std::string(head).append(kNext), {"error 400"});
  }
}

}  // namespace
}  // namespace pushbench::wire

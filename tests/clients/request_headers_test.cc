// What stands in a header file, and what the clients then send, to the byte.
#include "clients/request_headers.h"

#include <gmock/gmock.h>

#include <string>
#include <utility>

#include "tests/clients/client_test.h"

namespace pushbench::test {
namespace {

using clients::parse_request_headers;
using clients::RequestHeaders;
using testing::HasSubstr;
using testing::Not;

const std::string kFolder = PUSHBENCH_SOURCE_DIR "/scenarios/headers/";

RequestHeaders shipped(const std::string& name, std::size_t cookie_bytes = 0) {
  const auto read = clients::read_request_headers(kFolder + name + ".txt", cookie_bytes);
  EXPECT_TRUE(read) << read.error().line();
  return read.value_or(RequestHeaders{});
}

RequestHeaders parsed(const std::string& text, std::size_t cookie_bytes = 0) {
  const auto read = parse_request_headers(text, "mine.txt", cookie_bytes);
  EXPECT_TRUE(read) << read.error().line();
  return read.value_or(RequestHeaders{});
}

std::string refusal(const std::string& text, std::size_t cookie_bytes = 0) {
  const auto read = parse_request_headers(text, "mine.txt", cookie_bytes);
  return read ? "it was taken" : read.error().line();
}

/// A file whose only line that is no section is the third one.
std::string with_line(const std::string& line, const std::string& section = "fetch") {
  std::string text = fmt::format("# mine\n[{}]\n{}\n", section, line);
  for (const std::string other : {"fetch", "post", "event-stream", "websocket"}) {
    if (other != section) text += fmt::format("[{}]\n", other);
  }
  return text;
}

TEST(RequestHeadersFile, MinimalIsWhatClientsSendWithoutAFile) {
  const RequestHeaders made;
  const RequestHeaders read = shipped("minimal");
  EXPECT_EQ(read.name, made.name);
  EXPECT_EQ(read.fetch, made.fetch);
  EXPECT_EQ(read.post, made.post);
  EXPECT_EQ(read.event_stream, made.event_stream);
  EXPECT_EQ(read.websocket, made.websocket);
}

TEST(RequestHeadersFile, WritesEachLineAsHttpDoes) {
  const RequestHeaders read = parsed(
      "[post]\n[event-stream]\r\n[websocket]\n\n  [fetch]\r\nB:2\r\n# no header\n  a.b:\t x: y \n"
      "Empty:\nConnection: Keep-Alive");
  EXPECT_EQ(read.fetch, "Connection: keep-alive\r\nB: 2\r\na.b: x: y\r\nEmpty: \r\n");
  EXPECT_EQ(read.post + read.event_stream + read.websocket, "");
}

TEST(RequestHeadersFile, NamesTheServerWhereItIsAskedTo) {
  const RequestHeaders read = parsed(with_line("Referer: {origin}/a{host}{x{1}{HOST}{"));
  EXPECT_EQ(read.for_server("h:1", false).fetch, "Referer: http://h:1/ah:1{x{1}{HOST}{\r\n");
  EXPECT_EQ(read.for_server("h:1", true).fetch, "Referer: https://h:1/ah:1{x{1}{HOST}{\r\n");
}

TEST(RequestHeadersFile, ACookieHasJustTheBytesThatWereAskedFor) {
  for (const char* name : {"minimal", "browser"}) {
    for (const std::size_t bytes : {1, 8, 9, 40, 4096}) {
      const RequestHeaders with = shipped(name, bytes);
      const RequestHeaders without = shipped(name);
      const std::size_t line = bytes + std::string_view("Cookie: \r\n").size();
      EXPECT_EQ(with.fetch.size(), without.fetch.size() + line);
      EXPECT_EQ(with.post.size(), without.post.size() + line);
      EXPECT_EQ(with.event_stream.size(), without.event_stream.size() + line);
      EXPECT_EQ(with.websocket.size(), without.websocket.size() + line);
      EXPECT_THAT(without.fetch, Not(HasSubstr("Cookie")));
    }
  }
  EXPECT_EQ(parsed(with_line("Cookie: {cookie}"), 12).fetch, "Cookie: session=ijkl\r\n");
  EXPECT_EQ(parsed(with_line("Cookie: theme=dark")).fetch, "Cookie: theme=dark\r\n");
}

TEST(RequestHeadersFile, WhatIsWrongIsRefusedWithItsLine) {
  const std::pair<const char*, const char*> wrong[] = {
      {"Accept */*", "is no header; write Name: value, a [section] or a # comment"},
      {": x", "\"\" is no header name; write Name: value"},
      {":authority: x", "\"\" is no header name; write Name: value"},
      {"A b: x", "\"A b\" is no header name; write Name: value"},
      {"A : x", "\"A \" is no header name; write Name: value"},
      {"Gr\xc3\xbc\xc3\x9f: x", "\"Gr\xc3\xbc\xc3\x9f\" is no header name; write Name: value"},
      {"A: x\ry", "has a control character; write the header as one line of text"},
      {"A: \x7f", "has a control character; write the header as one line of text"},
      {"A: {hots}", "{hots} stands for nothing; there are {host}, {origin} and {cookie}"},
      {"A: {cookie}", "{cookie} is the whole value of Cookie; write Cookie: {cookie}"},
      {"Cookie: a={cookie}", "{cookie} is the whole value of Cookie; write Cookie: {cookie}"},
      {"Connection: close", "Connection may only be keep-alive; leave it out otherwise"},
      {"[poll]", "[poll] is no section; there are [fetch], [post], [event-stream] and [websocket]"},
      {"[fetch", "[fetch is no section; there are [fetch], [post], [event-stream] and [websocket]"},
      {"[fetch]", "[fetch] is there already; write it once"},
  };
  for (const auto& [line, what] : wrong) {
    EXPECT_EQ(refusal(with_line(line)), fmt::format("mine.txt:3: {}", what)) << line;
  }
  EXPECT_EQ(refusal(with_line("A: 1\n\na: 2")), "mine.txt:5: a is there already in [fetch]");
  EXPECT_EQ(refusal(with_line(std::string("A: x\0y", 6))),
            "mine.txt:3: has a control character; write the header as one line of text");
}

TEST(RequestHeadersFile, TheSameNameMayStandInEachSection) {
  EXPECT_EQ(parsed("[fetch]\nA: 1\n[post]\nA: 2\n[event-stream]\n[websocket]").post, "A: 2\r\n");
}

TEST(RequestHeadersFile, WhatTheClientWritesItselfIsRefused) {
  for (const char* name :
       {"Host", "content-length", "Transfer-Encoding", "Upgrade", "Expect", "Last-Event-ID",
        "If-None-Match", "Sec-WebSocket-Key", "sec-websocket-extensions"}) {
    EXPECT_EQ(refusal(with_line(fmt::format("{}: x", name))),
              fmt::format("mine.txt:3: {} is written by the client itself; leave it out", name));
  }
  EXPECT_EQ(refusal(with_line("Connection: keep-alive", "websocket")),
            "mine.txt:3: Connection is written by the client itself; leave it out");
}

TEST(RequestHeadersFile, AFileThatLacksSomethingIsRefused) {
  EXPECT_EQ(refusal("\nA: 1\n[fetch]\n"),
            "mine.txt:2: stands above the first section; write [fetch] before it, say");
  EXPECT_EQ(refusal("[fetch]\n[post]\n[websocket]\n"),
            "mine.txt: lacks the section [event-stream]; it may be empty");
  EXPECT_EQ(refusal(""), "mine.txt: lacks the section [fetch]; it may be empty");
  EXPECT_EQ(refusal(with_line("A: 1"), 20),
            "mine.txt: has no place for a cookie of 20 bytes; write Cookie: {cookie} where one is "
            "sent");
  for (const std::string& path : {kFolder, kFolder + "none.txt"}) {
    const auto read = clients::read_request_headers(path, 0);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().line(),
              path + ": cannot be read; name a file like scenarios/headers/minimal.txt");
  }
}

class HeadersOfClients : public ClientTest {
 protected:
  /// The first request of a client, and the first draft's. The nonce is of zeros.
  std::string first(std::string_view transport) {
    start_over();
    start(transport);
    return request(0);
  }
  std::string draft() {
    start_over();
    start("sse");
    request(0);
    client_->publish({"ann", "hi", "a1"});
    return request(1);
  }
  std::string line_and_host(std::string_view line) const {
    return fmt::format("{} HTTP/1.1\r\nHost: {}\r\n", line, host());
  }
  std::string upgrade() const {
    return line_and_host("GET /rooms/r/socket?after=0") +
           "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
           "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n";
  }
};

constexpr std::string_view kDraft = R"({"from":"ann","text":"hi","id":"a1"})";

TEST_F(HeadersOfClients, MinimalOnesAreTheseBytes) {
  use_headers(shipped("minimal"));
  EXPECT_EQ(first("polling"), line_and_host("GET /rooms/r/poll?after=0") + "\r\n");
  EXPECT_EQ(first("long-polling"),
            line_and_host("GET /rooms/r/long-poll?after=0&wait=25") + "\r\n");
  EXPECT_EQ(first("sse"),
            line_and_host("GET /rooms/r/events?after=0") + "Accept: text/event-stream\r\n\r\n");
  EXPECT_EQ(first("websocket"), upgrade() + "\r\n");
  EXPECT_EQ(draft(), line_and_host("POST /rooms/r/messages") +
                         "Content-Type: application/json\r\nContent-Length: 36\r\n\r\n" +
                         std::string(kDraft));
}

/// As Chromium sent them to a server at `host`, but for its word Headless and the order of what a
/// client writes by itself.
std::string chromes(std::string_view before, std::string_view middle, std::string_view behind,
                    const std::string& host) {
  return fmt::format(
      "{}sec-ch-ua-platform: \"Linux\"\r\n"
      "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
      "Chrome/156.0.0.0 Safari/537.36\r\n"
      "{}{}Sec-Fetch-Site: same-origin\r\nSec-Fetch-Mode: cors\r\nSec-Fetch-Dest: empty\r\n"
      "Referer: http://{}/\r\nAccept-Encoding: gzip, deflate, br, zstd\r\n"
      "Accept-Language: en-US,en;q=0.9\r\nCookie: session=ijk\r\n",
      before, middle, behind, host);
}

TEST_F(HeadersOfClients, ABrowsersAreThoseThatChromiumSent) {
  use_headers(shipped("browser", 11));
  const std::string brands = "sec-ch-ua: \"Not:A-Brand\";v=\"8\", \"Chromium\";v=\"156\"\r\n";
  const std::string mobile = "sec-ch-ua-mobile: ?0\r\n";
  const std::string keep = "Connection: keep-alive\r\n";
  const std::string no_cache = "Pragma: no-cache\r\nCache-Control: no-cache\r\n";
  const std::string fetch = chromes(keep, brands + mobile, "Accept: */*\r\n", host());
  EXPECT_EQ(first("polling"), line_and_host("GET /rooms/r/poll?after=0") + fetch + "\r\n");
  EXPECT_EQ(first("long-polling"),
            line_and_host("GET /rooms/r/long-poll?after=0&wait=25") + fetch + "\r\n");
  EXPECT_EQ(first("sse"),
            line_and_host("GET /rooms/r/events?after=0") +
                chromes(keep + no_cache, "Accept: text/event-stream\r\n", brands + mobile, host()) +
                "\r\n");
  EXPECT_EQ(draft(),
            line_and_host("POST /rooms/r/messages") +
                chromes(keep, brands + "Content-Type: application/json\r\n" + mobile,
                        fmt::format("Accept: */*\r\nOrigin: http://{}\r\n", host()), host()) +
                "Content-Length: 36\r\n\r\n" + std::string(kDraft));
  EXPECT_EQ(first("websocket"),
            upgrade() + no_cache +
                "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like "
                "Gecko) Chrome/156.0.0.0 Safari/537.36\r\nOrigin: http://" +
                host() +
                "\r\nAccept-Encoding: gzip, deflate, br, zstd\r\nAccept-Language: "
                "en-US,en;q=0.9\r\nCookie: session=ijk\r\n\r\n");
}

TEST_F(HeadersOfClients, ANewConnectionForEachExchangeIsSaidOnce) {
  clients::ClientOptions options;
  options.close_each = true;
  for (const char* name : {"minimal", "browser"}) {
    const RequestHeaders headers = shipped(name);
    use_headers(headers);
    std::string fetch = headers.for_server(host(), false).fetch;
    if (fetch.starts_with(clients::kKeepAliveLine)) fetch.erase(0, clients::kKeepAliveLine.size());
    start_over();
    start("polling", options);
    EXPECT_EQ(request(0), line_and_host("GET /rooms/r/poll?after=0") + "Connection: close\r\n" +
                              fetch + "\r\n");
  }
}

}  // namespace
}  // namespace pushbench::test

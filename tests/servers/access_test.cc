// Who may talk to the server: pages of which origins, and who holds its token.

#include "tests/servers/server_test.h"
#include "wire/handshake.h"

namespace pushbench::test {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr std::string_view kDraft = R"({"from":"ann","text":"hi"})";
constexpr std::string_view kToken = "correct-horse-battery-staple";

class AccessTest : public ServerTest {
 protected:
  wire::HttpMessage ask(std::string_view target, std::string_view headers) {
    const auto client = connect();
    return exchange(*client, get(target, headers));
  }
  wire::HttpMessage ask_to_upgrade(std::string_view target, std::string_view headers) {
    const std::string plain = wire::encode_upgrade_request("test", target, kKey);
    const std::string request = plain.substr(0, plain.size() - 2).append(headers).append("\r\n");
    const auto client = connect();
    return exchange(*client, request);
  }
  static constexpr std::string_view kKey = "AQIDBAUGBwgAAAAAAAAAAA==";
};

TEST_F(AccessTest, ForeignPagesMayNotComeInByDefault) {
  start();
  for (const char* origin : {"http://evil.example", "https://test", "http://test:1", "null", ""}) {
    const std::string header = fmt::format("Origin: {}\r\n", origin);
    EXPECT_EQ(ask("/rooms/r/poll", header).status(), 403) << origin;
    EXPECT_EQ(ask_to_upgrade("/rooms/r/socket", header).status(), 403) << origin;
    EXPECT_EQ(ask("/rooms/r/poll", header).header("access-control-allow-origin"), "") << origin;
  }
  EXPECT_EQ(server_->limit_hits().of(servers::Limit::allow_origin), 15u);
  const auto client = connect();
  const auto answer =
      exchange(*client, fmt::format("POST /rooms/r/messages HTTP/1.1\r\nHost: test\r\nOrigin: "
                                    "http://evil.example\r\nContent-Length: {}\r\n\r\n{}",
                                    kDraft.size(), kDraft));
  EXPECT_EQ(answer.status(), 403);
  EXPECT_EQ(answer.header("content-type"), "application/problem+json");
  EXPECT_EQ(room("r").last(), 0u);
}

TEST_F(AccessTest, OwnPagesAndProgramsMay) {
  start();
  for (const char* header : {"", "Origin: http://test\r\n", "Origin: HTTP://TEST\r\n"}) {
    EXPECT_EQ(ask("/rooms/r/poll", header).status(), 204) << header;
    EXPECT_EQ(ask_to_upgrade("/rooms/r/socket", header).status(), 101) << header;
  }
}

TEST_F(AccessTest, ListedPagesMayAndBrowsersAreTold) {
  options_.access.origins = {"https://chat.example", "http://other.example:81"};
  start();
  for (const char* origin : {"https://chat.example", "http://other.example:81"}) {
    const auto answer = ask("/rooms/r/poll", fmt::format("Origin: {}\r\n", origin));
    EXPECT_EQ(answer.status(), 204);
    EXPECT_EQ(answer.header("access-control-allow-origin"), origin);
    EXPECT_EQ(answer.header("vary"), "Origin");
    EXPECT_THAT(std::string(answer.header("access-control-expose-headers")),
                HasSubstr("Room-Epoch"));
    EXPECT_EQ(ask_to_upgrade("/rooms/r/socket", fmt::format("Origin: {}\r\n", origin)).status(),
              101);
  }
  EXPECT_EQ(ask("/rooms/r/poll", "Origin: https://chat.example:444\r\n").status(), 403);
  // A page must be able to read what went wrong, too.
  const auto wrong = ask("/rooms/r/poll?after=x", "Origin: https://chat.example\r\n");
  EXPECT_EQ(wrong.status(), 400);
  EXPECT_EQ(wrong.header("access-control-allow-origin"), "https://chat.example");
  // Without an Origin nothing of this is said.
  EXPECT_EQ(ask("/rooms/r/poll", "").header("access-control-allow-origin"), "");
}

TEST_F(AccessTest, AllPagesMayIfSo) {
  options_.access.origins = {"*"};
  start();
  const auto answer = ask("/rooms/r/poll", "Origin: https://any.example\r\n");
  EXPECT_EQ(answer.status(), 204);
  EXPECT_EQ(answer.header("access-control-allow-origin"), "https://any.example");
}

TEST_F(AccessTest, APreflightSaysWhatMayBeSent) {
  options_.access.origins = {"https://chat.example"};
  options_.access.token = kToken;
  start();
  const auto client = connect();
  const auto answer = exchange(
      *client,
      "OPTIONS /rooms/r/messages HTTP/1.1\r\nHost: test\r\nOrigin: https://chat.example\r\n"
      "Access-Control-Request-Method: POST\r\n"
      "Access-Control-Request-Headers: authorization,content-type\r\n\r\n");
  EXPECT_EQ(answer.status(), 204);
  EXPECT_EQ(answer.header("access-control-allow-origin"), "https://chat.example");
  EXPECT_THAT(std::string(answer.header("access-control-allow-methods")), HasSubstr("POST"));
  EXPECT_THAT(std::string(answer.header("access-control-allow-headers")),
              HasSubstr("Authorization, Content-Type"));
  EXPECT_EQ(answer.header("allow"), "POST, OPTIONS");
}

TEST_F(AccessTest, OptionsSaysWhatAPathTakes) {
  start();
  const auto client = connect();
  for (const auto& [path, methods] : std::vector<std::pair<std::string_view, std::string_view>>{
           {"/", "GET, HEAD, OPTIONS"},
           {"/rooms/r", "GET, HEAD, OPTIONS"},
           {"/rooms/r/messages", "POST, OPTIONS"},
           {"/rooms/r/events", "GET, HEAD, OPTIONS"},
           {"*", "GET, HEAD, POST, OPTIONS"}}) {
    const auto answer =
        exchange(*client, fmt::format("OPTIONS {} HTTP/1.1\r\nHost: test\r\n\r\n", path));
    EXPECT_EQ(answer.status(), 204) << path;
    EXPECT_EQ(answer.header("allow"), methods) << path;
  }
  EXPECT_EQ(exchange(*client, "OPTIONS /nowhere HTTP/1.1\r\nHost: test\r\n\r\n").status(), 404);
}

TEST_F(AccessTest, WithoutTheTokenNobodyPublishesOrSubscribes) {
  options_.access.token = kToken;
  start();
  const std::vector<std::string> wrong{
      "",
      "Authorization: Bearer\r\n",
      "Authorization: Bearer \r\n",
      "Authorization: Bearer wrong-horse-battery-staple\r\n",
      fmt::format("Authorization: Basic {}\r\n", kToken),
      fmt::format("Authorization: Bearer {}x\r\n", kToken),
      fmt::format("Authorization: Bearer {}\r\n", kToken.substr(0, kToken.size() - 1)),
      "Sec-WebSocket-Protocol: pushbench, bearer.wrong\r\n"};
  for (const std::string& headers : wrong) {
    for (const char* route : {"poll", "long-poll?wait=0", "events", "socket"}) {
      const auto answer = ask(fmt::format("/rooms/r/{}", route), headers);
      EXPECT_EQ(answer.status(), 401) << route << ' ' << headers;
      EXPECT_EQ(answer.header("www-authenticate"), "Bearer");
    }
  }
  const auto client = connect();
  EXPECT_EQ(exchange(*client, post("/rooms/r/messages", kDraft)).status(), 401);
  EXPECT_EQ(room("r").last(), 0u);
  EXPECT_EQ(server_->limit_hits().of(servers::Limit::token_file), wrong.size() * 4 + 1);
  EXPECT_EQ(ask("/healthz", "").status(), 200);  // what says nothing of a room stays open
}

TEST_F(AccessTest, TheTokenOpensInEachOfItsPlaces) {
  options_.access.token = kToken;
  start();
  const std::string header = fmt::format("Authorization: Bearer {}\r\n", kToken);
  EXPECT_EQ(ask("/rooms/r/poll", header).status(), 204);
  EXPECT_EQ(ask("/rooms/r/poll", fmt::format("authorization: bearer {}\r\n", kToken)).status(),
            204);
  EXPECT_EQ(ask(fmt::format("/rooms/r/poll?after=0&access_token={}", kToken), "").status(), 204);
  EXPECT_EQ(ask_to_upgrade("/rooms/r/socket", header).status(), 101);
  EXPECT_EQ(ask_to_upgrade(fmt::format("/rooms/r/socket?access_token={}", kToken), "").status(),
            101);
  const auto by_protocol = ask_to_upgrade(
      "/rooms/r/socket", fmt::format("Sec-WebSocket-Protocol: pushbench, bearer.{}\r\n", kToken));
  EXPECT_EQ(by_protocol.status(), 101);
  EXPECT_EQ(by_protocol.header("sec-websocket-protocol"), "pushbench");  // the token stays unsaid
  const auto client = connect();
  client->send(
      fmt::format("POST /rooms/r/messages HTTP/1.1\r\nHost: test\r\n{}Content-Length: "
                  "{}\r\n\r\n{}",
                  header, kDraft.size(), kDraft));
  EXPECT_EQ(await(*client).status(), 201);
}

TEST(Tokens, AFileHoldsOneLine) {
  const std::string path = testing::TempDir() + "token";
  const auto read = [&](std::string_view content) {
    std::FILE* file = std::fopen(path.c_str(), "wb");
    std::fwrite(content.data(), 1, content.size(), file);
    std::fclose(file);
    return servers::read_token(path);
  };
  EXPECT_EQ(read("correct-horse-battery-staple\n").value(), kToken);
  EXPECT_EQ(read("correct-horse-battery-staple\r\nmore\n").value(), kToken);
  for (const char* wrong : {"", "\n", "short", "with a space in it", "quote\"quote\"quote\""}) {
    ASSERT_FALSE(read(wrong)) << wrong;
    EXPECT_THAT(read(wrong).error().line(), StartsWith(path + ": a token is"));
  }
  EXPECT_FALSE(servers::read_token(path + ".none"));
}

TEST(Origins, AreSchemeHostAndPort) {
  for (const char* fine :
       {"*", "https://chat.example", "http://127.0.0.1:8080", "http://[::1]:1"}) {
    EXPECT_TRUE(servers::check_origin(fine)) << fine;
  }
  for (const char* wrong : {"", "chat.example", "https://", "https://chat.example/", "ftp://x",
                            "https://a,https://b", "https://u@h"}) {
    EXPECT_FALSE(servers::check_origin(wrong)) << wrong;
  }
}

}  // namespace
}  // namespace pushbench::test

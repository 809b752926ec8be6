// Pages for browsers: who gets them, under which policy, and when they are not sent again.

#include "tests/servers/server_test.h"

namespace pushbench::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kChat = "<!doctype html><p>chat";
constexpr std::string_view kPolicy = "default-src 'none'; script-src 'sha256-abc='";
constexpr std::string_view kHtml = "text/html; charset=utf-8";
constexpr std::string_view kBrowser =
    "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8\r\n";

class PagesTest : public ServerTest {
 protected:
  void start_with_pages() {
    options_.pages = {
        {"/", std::string(kHtml), net::make_bytes(std::string(kChat)), "c1", std::string(kPolicy)},
        {"/race", std::string(kHtml), net::make_bytes("<p>race"), "r1", "img-src"}};
    start();
  }
  wire::HttpMessage ask(std::string_view target, std::string_view headers) {
    const auto client = connect();
    return exchange(*client, get(target, headers));
  }
  static std::string accept(std::string_view value) { return fmt::format("Accept: {}\r\n", value); }
};

TEST_F(PagesTest, ABrowserGetsThePageUnderItsPolicy) {
  start_with_pages();
  const auto answer = ask("/", kBrowser);
  EXPECT_EQ(answer.status(), 200);
  EXPECT_EQ(answer.body(), kChat);
  EXPECT_EQ(answer.header("content-type"), kHtml);
  EXPECT_EQ(answer.header("content-security-policy"), kPolicy);
  EXPECT_EQ(answer.header("x-content-type-options"), "nosniff");
  EXPECT_EQ(answer.header("referrer-policy"), "no-referrer");
  EXPECT_EQ(answer.header("cache-control"), "no-cache");
  EXPECT_EQ(answer.count("cache-control"), 1u);
  EXPECT_EQ(answer.header("etag"), "\"c1\"");
  EXPECT_EQ(answer.header("vary"), "Accept");
  EXPECT_TRUE(answer.has_header("date"));
}

TEST_F(PagesTest, AnyWayToNameHtmlWillDo) {
  start_with_pages();
  for (const char* value : {"text/html", "TEXT/Html", "a/b;x=\"text, y\", text/html;q=0.1",
                            "text/html; q=1", " text/html ; level=1", "text/html;q=0.001"}) {
    EXPECT_EQ(ask("/", accept(value)).header("content-type"), kHtml) << value;
  }
  EXPECT_EQ(ask("/", accept("a/b") + accept("text/html")).body(), kChat);
}

TEST_F(PagesTest, AProgramGetsTheText) {
  start_with_pages();
  for (const char* value : {"*/*", "text/*", "application/json", "text/htmlx", "xtext/html", "",
                            "text/html;q=0", "text/html; q=0.000", "a/b;x=\"y, text/html, z\""}) {
    const auto answer = ask("/", accept(value));
    EXPECT_EQ(answer.status(), 200) << value;
    EXPECT_EQ(answer.header("content-type"), "text/plain; charset=utf-8") << value;
    EXPECT_EQ(answer.header("vary"), "Accept") << value;
    EXPECT_THAT(std::string(answer.body()), HasSubstr("GET  /race")) << value;
  }
  EXPECT_EQ(ask("/", "").header("content-type"), "text/plain; charset=utf-8");
}

TEST_F(PagesTest, TheOthersHaveTheirPlaceForThemselves) {
  start_with_pages();
  const auto answer = ask("/race", accept("*/*"));
  EXPECT_EQ(answer.body(), "<p>race");
  EXPECT_EQ(answer.header("etag"), "\"r1\"");
  EXPECT_FALSE(answer.has_header("vary"));
  EXPECT_EQ(ask("/races", kBrowser).status(), 404);
  EXPECT_EQ(ask("/race/", kBrowser).status(), 404);
}

TEST_F(PagesTest, HeadHasTheSameHeadAndNoBody) {
  start_with_pages();
  const auto client = connect();
  client->send(
      fmt::format("HEAD / HTTP/1.1\r\nHost: test\r\nConnection: close\r\n{}\r\n", kBrowser));
  ASSERT_TRUE(run_until([&] { return client->ended(); }));
  EXPECT_THAT(client->received(), HasSubstr(fmt::format("Content-Length: {}\r\n", kChat.size())));
  EXPECT_THAT(client->received(), HasSubstr("ETag: \"c1\"\r\n"));
  EXPECT_TRUE(client->received().ends_with("\r\n\r\n"));
}

TEST_F(PagesTest, WhoHasThisVersionIsToldSoAndNoMore) {
  start_with_pages();
  const auto client = connect();
  for (const char* tags : {"\"c1\"", "W/\"c1\"", "\"old\", \"c1\"", "\"a,b\",W/\"c1\"", "*"}) {
    const auto answer =
        exchange(*client, get("/", fmt::format("{}If-None-Match: {}\r\n", kBrowser, tags)));
    EXPECT_EQ(answer.status(), 304) << tags;
    EXPECT_EQ(answer.header("etag"), "\"c1\"") << tags;
    EXPECT_EQ(answer.header("vary"), "Accept") << tags;
    EXPECT_FALSE(answer.has_header("content-length")) << tags;
    EXPECT_EQ(client->received(), "") << tags;
  }
  for (const char* tags : {"\"c2\"", "c1", "\"c1", "\"c11\"", "\"r1\"", "\"*\"", "\"a, c1\""}) {
    const auto answer =
        exchange(*client, get("/", fmt::format("{}If-None-Match: {}\r\n", kBrowser, tags)));
    EXPECT_EQ(answer.status(), 200) << tags;
    EXPECT_EQ(answer.body(), kChat) << tags;
  }
}

TEST_F(PagesTest, TheyTakeNothingButGetAndHead) {
  start_with_pages();
  const auto client = connect();
  const auto answer = exchange(*client, post("/race", "x"));
  EXPECT_EQ(answer.status(), 405);
  EXPECT_EQ(answer.header("allow"), "GET, HEAD, OPTIONS");
}

TEST_F(PagesTest, AServerWithoutThemHasTheTextForAll) {
  start();
  const auto answer = ask("/", kBrowser);
  EXPECT_EQ(answer.header("content-type"), "text/plain; charset=utf-8");
  EXPECT_FALSE(answer.has_header("vary"));
  EXPECT_THAT(std::string(answer.body()), Not(HasSubstr("page")));
  EXPECT_EQ(ask("/race", kBrowser).status(), 404);
}

}  // namespace
}  // namespace pushbench::test

// The emulated link of a server's connections: shown, changed, and by whom.

#include "tests/servers/server_test.h"

namespace pushbench::test {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;

constexpr milliseconds kDelay{20};
constexpr std::string_view kToken = "correct-horse-battery-staple";

/// A link whose delay is a number of milliseconds, up to 100.
class Milliseconds final : public servers::LinkSetting {
 public:
  const net::LinkProfile& profile() const override { return profile_; }
  std::string json() const override {
    return fmt::format("{}", std::chrono::duration_cast<milliseconds>(profile_.delay).count());
  }
  Result<void> change(std::string_view json) override {
    int delay = 0;
    for (const char digit : json) delay = 10 * delay + (digit - '0');
    if (delay > 100) return failure("delay", "write 0 to 100");
    profile_.delay = milliseconds(delay);
    return {};
  }

 private:
  net::LinkProfile profile_;
};

class LinkSettingTest : public ServerTest {
 protected:
  void start_with_link() {
    options_.link = &link_;
    start();
  }
  static std::string put(std::string_view body, std::string_view headers = {}) {
    return fmt::format("PUT /link HTTP/1.1\r\nHost: test\r\n{}Content-Length: {}\r\n\r\n{}",
                       headers, body.size(), body);
  }
  wire::HttpMessage ask(std::string request) {
    const auto client = connect();
    return exchange(*client, std::move(request));
  }

  Milliseconds link_;
};

TEST_F(LinkSettingTest, WithoutOneThePathSaysHowToHaveIt) {
  start();
  for (const std::string& request : {get("/link"), put("20")}) {
    const auto answer = ask(request);
    EXPECT_EQ(answer.status(), 404);
    EXPECT_EQ(answer.header("content-type"), "application/problem+json");
    EXPECT_THAT(std::string(answer.body()), HasSubstr("--link"));
  }
}

TEST_F(LinkSettingTest, IsShownAndListed) {
  start_with_link();
  const auto answer = ask(get("/link"));
  EXPECT_EQ(answer.status(), 200);
  EXPECT_EQ(answer.header("content-type"), "application/json");
  EXPECT_EQ(answer.body(), "0");
  EXPECT_EQ(ask("OPTIONS /link HTTP/1.1\r\nHost: test\r\n\r\n").header("allow"),
            "GET, HEAD, PUT, OPTIONS");
  EXPECT_THAT(std::string(ask(get("/")).body()), HasSubstr("GET  /link"));
}

TEST_F(LinkSettingTest, AChangeIsForTheConnectionsThatComeThen) {
  start_with_link();
  const auto before = connect();
  EXPECT_TRUE(exchange(*before, get("/healthz")).keep_alive());
  const auto changes = connect();
  const auto changed = exchange(*changes, put("20"));
  EXPECT_EQ(changed.status(), 200);
  EXPECT_EQ(changed.body(), "20");
  EXPECT_FALSE(changed.keep_alive());
  const net::Time start = net::now();
  const auto after = connect();
  EXPECT_TRUE(exchange(*after, get("/link")).keep_alive());
  EXPECT_GE(net::now() - start, 4 * kDelay) << "the handshake's round trip, and the exchange's";
  EXPECT_TRUE(run_until([&] { return before->ended() && changes->ended(); }))
      << "whoever goes on asking does so over the link as it is now";
}

TEST_F(LinkSettingTest, ARequestThatHasBegunStillGetsItsAnswer) {
  start_with_link();
  const auto fresh = connect();
  const auto half = connect();
  half->send("GET /healthz HTTP/1.1\r\n");
  ASSERT_TRUE(run_until([&] { return server_->connections() == 2 && server_->bytes().read > 0; }));
  EXPECT_EQ(ask(put("1")).status(), 200);
  half->send("Host: test\r\n\r\n");
  EXPECT_FALSE(await(*half).keep_alive());
  const auto answer = exchange(*fresh, get("/healthz"));
  EXPECT_EQ(answer.status(), 200);
  EXPECT_FALSE(answer.keep_alive());
  EXPECT_TRUE(run_until([&] { return half->ended() && fresh->ended(); }));
}

TEST_F(LinkSettingTest, AChangeLosesNothingThatIsHeldOrOpen) {
  start_with_link();
  const auto socket = open_socket("/rooms/r/socket");
  const auto held = connect();
  held->send(get("/rooms/r/long-poll?wait=25"));
  ASSERT_TRUE(room_has("r", "long-polling", 1));
  EXPECT_EQ(ask(put("1")).status(), 200);
  publish("r", "one");
  const auto answer = await(*held);
  EXPECT_EQ(answer.status(), 200);
  EXPECT_FALSE(answer.keep_alive());
  ASSERT_TRUE(run_until([&] { return socket->texts.size() == 1; }));
  publish("r", "two");
  ASSERT_TRUE(run_until([&] { return socket->texts.size() == 2; }));
}

TEST_F(LinkSettingTest, BadValuesChangeNothing) {
  start_with_link();
  const auto client = connect();
  const auto answer = exchange(*client, put("101"));
  EXPECT_EQ(answer.status(), 400);
  EXPECT_EQ(answer.header("content-type"), "application/problem+json");
  EXPECT_THAT(std::string(answer.body()), HasSubstr("delay: write 0 to 100"));
  EXPECT_TRUE(answer.keep_alive());
  EXPECT_EQ(exchange(*client, get("/link")).body(), "0");
  EXPECT_EQ(exchange(*client, "PUT /link HTTP/1.1\r\nHost: test\r\n\r\n").status(), 411);
  EXPECT_EQ(ask(post("/link", "1")).status(), 405);
}

TEST_F(LinkSettingTest, WhoMayNotPublishMayNotChangeIt) {
  options_.access.token = kToken;
  options_.access.origins = {"https://chat.example"};
  start_with_link();
  const std::string token = fmt::format("Authorization: Bearer {}\r\n", kToken);
  EXPECT_EQ(ask(put("20")).status(), 401);
  EXPECT_EQ(ask(put("20", token + "Origin: https://evil.example\r\n")).status(), 403);
  EXPECT_EQ(ask(get("/link")).body(), "0");
  EXPECT_EQ(ask(put("1", token + "Origin: https://chat.example\r\n")).status(), 200);
  const auto preflight =
      ask("OPTIONS /link HTTP/1.1\r\nHost: test\r\nOrigin: https://chat.example\r\n"
          "Access-Control-Request-Method: PUT\r\n\r\n");
  EXPECT_THAT(std::string(preflight.header("access-control-allow-methods")), HasSubstr("PUT"));
}

}  // namespace
}  // namespace pushbench::test

// A server or a link that is gone without a word: no FIN, no reset, no answer.
#include <gmock/gmock.h>

#include "tests/clients/client_test.h"

namespace pushbench::test {
namespace {

using namespace std::chrono_literals;

constexpr net::Duration kPatience = 100ms;

clients::ClientOptions impatient() {
  clients::ClientOptions options;
  options.hold = 0ms;
  options.answer = options.set_up = options.overdue = options.silence = options.ping = kPatience;
  return options;
}

class SilentServer : public ClientTest, public testing::WithParamInterface<std::string> {
 protected:
  /// The client has message 1, on connection 0.
  void join() {
    start(GetParam(), impatient());
    send(0, delivery(GetParam(), request(0), 1, batch(1, 1)));
    await("message 1");
  }

  /// The next thing that a server with no messages says.
  std::string sign_of_life() {
    if (GetParam() == "sse") return in_chunk(std::string(wire::kKeepAlive));
    if (GetParam() == "websocket") return wire::encode_frame(wire::Opcode::pong, "", {});
    request(0);
    return "HTTP/1.1 204 No Content\r\n\r\n";
  }
};

TEST_P(SilentServer, IsGivenUpForLost) {
  join();
  await("disconnected: no");  // … answer, or nothing at all
  const std::string again = request(1);
  EXPECT_EQ(after_in(again), "k3f9.1");
  send(1, delivery(GetParam(), again, 2, batch(2, 2)));
  await("message 2");
  EXPECT_EQ(logged("failure"), 0);
}

TEST_P(SilentServer, IsGivenUpAlsoBeforeItsFirstAnswer) {
  join();
  client_->cut();
  request(1);
  send(2, delivery(GetParam(), request(2), 2, batch(2, 2)));
  await("message 2");
  EXPECT_EQ(logged("failure"), 0);
}

TEST_P(SilentServer, IsNotGivenUpWhileItGivesSignsOfLife) {
  join();
  const net::Time end = net::now() + 4 * kPatience;
  while (net::now() < end && logged("disconnected") == 0) {
    const std::uint64_t before = client_->traffic().read;
    send(0, sign_of_life());
    ASSERT_TRUE(run_until(loop_, [&] { return client_->traffic().read > before; }));
  }
  EXPECT_EQ(logged("disconnected"), 0);
  EXPECT_EQ(connections(), 1U);
}

INSTANTIATE_TEST_SUITE_P(Transports, SilentServer,
                         testing::Values("polling", "long-polling", "sse", "websocket"), test_name);

using SilentPublishing = ClientTest;

TEST_F(SilentPublishing, ADraftWithoutAnAnswerIsSentAgain) {
  clients::ClientOptions options;
  options.answer = kPatience;
  start("long-polling", options);
  request(0);
  client_->publish({"ann", "hello", "a1"});
  const std::string first = request(1);
  await("disconnected: no answer came in time");
  EXPECT_EQ(request(2), first);
  send(2, http("200 OK", R"({"seq":1})"));
  await("published");
  EXPECT_EQ(logged("failure"), 0);
}

TEST(ClientOptions, GiveUpASilentServerInARunToo) {
  const clients::ClientOptions defaults;
  EXPECT_EQ(defaults.answer, 30s);
  EXPECT_EQ(defaults.set_up, 9s);
  EXPECT_EQ(defaults.overdue, 10s);
  EXPECT_EQ(defaults.silence, 75s);
  EXPECT_EQ(defaults.ping, 25s);
}

}  // namespace
}  // namespace pushbench::test

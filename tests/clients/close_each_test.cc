// A new connection for each exchange: what it is for the server, and that it is no loss.
#include <gmock/gmock.h>

#include "tests/clients/client_test.h"

namespace pushbench::test {
namespace {

using testing::HasSubstr;
using testing::Not;

clients::ClientOptions close_each() {
  clients::ClientOptions options;
  options.close_each = true;
  return options;
}

std::string last_answer(std::string_view status, std::string_view body) {
  return http(status, body, epoch_header() + "Connection: close\r\n");
}

class EveryPoll : public ClientTest, public testing::WithParamInterface<std::string> {};

TEST_P(EveryPoll, HasAConnectionOfItsOwnWhichTheServerCloses) {
  start(GetParam(), close_each());
  for (std::size_t number = 0; number < 5; ++number) {
    const std::string asked = request(number);
    EXPECT_THAT(asked, HasSubstr("\r\nConnection: close\r\n"));
    EXPECT_EQ(after_in(asked), number == 0 ? "0" : fmt::format("k3f9.{}", number));
    send(number, last_answer("200 OK", batch(number + 1, number + 1)));
    connection(number).stream->end_after_flush();
    await(fmt::format("message {}", number + 1));
  }
  request(5);
  EXPECT_EQ(connections(), 6U);
  EXPECT_EQ(told_connections(), 6U);
  EXPECT_EQ(messages(), "1 2 3 4 5");
  EXPECT_EQ(logged("disconnected"), 0);
  EXPECT_EQ(logged("rejoined"), 0);
  EXPECT_EQ(logged("failure"), 0);
}

// It closes first only if the server does not: the one who does keeps the port for a minute.
TEST_P(EveryPoll, LeavesTheClosingToTheServer) {
  auto options = close_each();
  options.hold = std::chrono::seconds(1);
  start(GetParam(), options);
  request(0);
  send(0, last_answer("200 OK", batch(1, 1)));
  request(1);  // the next exchange does not wait for that
  Peer& first = connection(0);
  EXPECT_EQ(first.peer_dones + first.ends, 0);
  first.stream->end_after_flush();
  ASSERT_TRUE(run_until(loop_, [&] { return first.ends > 0; }));
  EXPECT_EQ(first.reason, "");
  EXPECT_EQ(logged("disconnected"), 0);
}

TEST_P(EveryPoll, DoesNotKeepConnectionsThatTheServerNeverCloses) {
  start(GetParam(), close_each());
  for (std::size_t number = 0; number < 4; ++number) {
    request(number);
    send(number, last_answer("200 OK", batch(number + 1, number + 1)));
  }
  const Peer& third = connection(2);
  ASSERT_TRUE(run_until(loop_, [&] { return third.ends > 0; }));
  EXPECT_EQ(connection(0).ends + connection(1).ends, 2);
}

TEST_P(EveryPoll, AnAnswerThatIsCutShortIsALossStill) {
  start(GetParam(), close_each());
  request(0);
  send(0, last_answer("200 OK", batch(1, 1)));
  request(1);
  send(1, "HTTP/1.1 200 OK\r\nContent-Le");
  connection(1).stream->end_after_flush();
  await("disconnected");
  EXPECT_EQ(after_in(request(2)), "k3f9.1");
  EXPECT_EQ(logged("disconnected"), 1);
}

TEST_P(EveryPoll, LeavingLeavesNothingOpen) {
  start(GetParam(), close_each());
  request(0);
  send(0, last_answer("200 OK", batch(1, 1)));
  request(1);
  client_->leave();
  expect_no_further_connection();
  EXPECT_EQ(connections(), 2U);
}

TEST_P(EveryPoll, GoesOnOverTls) {
  use_tls();
  start(GetParam(), close_each());
  for (std::size_t number = 0; number < 3; ++number) {
    request(number);
    EXPECT_EQ(connection(number).stream->session_resumed(), number > 0);
    send(number, last_answer("200 OK", batch(number + 1, number + 1)));
    connection(number).stream->end_after_flush();
  }
  await("message 3");
  EXPECT_EQ(logged("disconnected"), 0);
}

INSTANTIATE_TEST_SUITE_P(Transports, EveryPoll, testing::Values("polling", "long-polling"),
                         test_name);

class EachExchange : public ClientTest {};

TEST_F(EachExchange, OfAPublisherHasItsConnectionToo) {
  start("long-polling", close_each());
  request(0);
  for (std::size_t number = 1; number <= 3; ++number) {
    client_->publish({"ann", "hello", fmt::to_string(number)});
    EXPECT_THAT(request(number), HasSubstr("\r\nConnection: close\r\n"));
    send(number, last_answer("201 Created", R"({"seq":1})"));
    connection(number).stream->end_after_flush();
    ASSERT_TRUE(run_until(
        loop_, [&] { return logged("published") == static_cast<std::ptrdiff_t>(number); }));
  }
  EXPECT_EQ(connections(), 4U);
  EXPECT_EQ(told_connections(), 4U);
  EXPECT_EQ(logged("disconnected"), 0);
}

TEST_F(EachExchange, OfWhatStaysOpenIsAsBefore) {
  for (const char* transport : {"sse", "websocket"}) {
    start_over();
    start(transport, close_each());
    const std::string asked = request(0);
    EXPECT_THAT(asked, Not(HasSubstr("close")));
    send(0, delivery(transport, asked, 1, batch(1, 1)));
    await("message 1");
    EXPECT_EQ(connection(0).ends, 0);
    EXPECT_EQ(connections(), 1U);
  }
}

}  // namespace
}  // namespace pushbench::test

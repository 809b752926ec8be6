// All that a user's connections carry goes over the user's link.
#include <gmock/gmock.h>

#include "tests/clients/client_test.h"

namespace pushbench::test {
namespace {

using namespace std::chrono_literals;

constexpr net::LinkProfile kDelayed{.delay = 20ms};

class EveryLinkedClient : public ClientTest, public testing::WithParamInterface<std::string> {
 protected:
  static net::Duration since(net::Time begun) { return net::now() - begun; }
};

TEST_P(EveryLinkedClient, AsksAndIsAnsweredOverIt) {
  use_link(kDelayed);
  const net::Time begun = net::now();
  start(GetParam());
  const std::string asked = request(0);
  EXPECT_GE(since(begun), 60ms);  // the connection's round trip, and the way there
  send(0, delivery(GetParam(), asked, 1, batch(1, 1)));
  await("message 1");
  EXPECT_GE(since(begun), 80ms);
  EXPECT_EQ(logged("joined"), 1);
}

TEST_P(EveryLinkedClient, PublishesOverIt) {
  use_link(kDelayed);
  start(GetParam());
  const std::string asked = request(0);
  if (GetParam() == "websocket") send(0, upgrade_answer(asked));
  if (GetParam() == "sse") send(0, event_stream_head());
  await("joined");
  const net::Time begun = net::now();
  client_->publish({"ann", "hi", "a1"});
  if (GetParam() == "websocket") {
    frames(0, 1);
    EXPECT_GE(since(begun), 20ms);
  } else {
    request(1);
    EXPECT_GE(since(begun), 60ms);  // on a connection of its own
  }
}

TEST_P(EveryLinkedClient, ComesBackOverIt) {
  use_link(kDelayed);
  start(GetParam());
  send(0, delivery(GetParam(), request(0), 1, batch(1, 1)));
  await("message 1");
  const net::Time begun = net::now();
  client_->cut();
  const std::string asked = request(1);
  EXPECT_GE(since(begun), 60ms);
  send(1, delivery(GetParam(), asked, 2, batch(2, 2)));
  await("message 2");
  EXPECT_EQ(messages(), "1 2");
  EXPECT_EQ(logged("disconnected"), 0);
}

INSTANTIATE_TEST_SUITE_P(Transports, EveryLinkedClient,
                         testing::Values("polling", "long-polling", "sse", "websocket"), test_name);

using LinkedClient = ClientTest;

TEST_F(LinkedClient, WaitsNoLongerThanElseForAnAnswer) {
  use_link({.delay = 1h});
  clients::ClientOptions options;
  options.answer = 50ms;
  start("polling", options);
  await("failure");
  EXPECT_THAT(log_.back(), testing::HasSubstr("no answer came in time"));
}

}  // namespace
}  // namespace pushbench::test

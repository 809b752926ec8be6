// A lost connection at every moment that the protocol knows: nothing is missed, nothing comes
// twice.
#include <gmock/gmock.h>

#include "tests/clients/client_test.h"

namespace pushbench::test {
namespace {

using namespace std::chrono_literals;
using testing::AnyOf;
using testing::Eq;
using testing::HasSubstr;

class EveryClient : public ClientTest, public testing::WithParamInterface<std::string> {
 protected:
  /// The client has message 1, and then loses its connection.
  void join_and_lose() {
    start(GetParam());
    send(0, delivery(GetParam(), request(0), 1, batch(1, 1)));
    await("message 1");
    drop(0);
  }

  /// A second connection brings the first `cut` bytes of messages 2 and 3 before `lose` ends it. On
  /// the third the client must get what it does not have.
  template <class Lose>
  void expect_no_message_missed_or_repeated(std::size_t cut, Lose lose) {
    SCOPED_TRACE(fmt::format("cut after {} bytes", cut));
    join_and_lose();
    const std::string second = request(1);
    ASSERT_EQ(after_in(second), "k3f9.1");
    const std::string whole = delivery(GetParam(), second, 3, batch(2, 3));
    const std::uint64_t before = client_->traffic().read;
    send(1, whole.substr(0, cut));
    ASSERT_TRUE(run_until(loop_, [&] { return client_->traffic().read >= before + cut; }));
    lose();

    const std::string third = request(2);
    const std::string after = after_in(third);
    ASSERT_THAT(after, AnyOf(Eq("k3f9.1"), Eq("k3f9.3")));
    // The CRLF behind an event stream's last chunk brings nothing.
    EXPECT_TRUE(after == "k3f9.1" || cut + 2 >= whole.size());
    EXPECT_TRUE(after == "k3f9.3" || cut < whole.size());
    send(2, delivery(GetParam(), third, 4, batch(after == "k3f9.3" ? 4 : 2, 4)));
    await("message 4");
    EXPECT_EQ(messages(), "1 2 3 4");
    EXPECT_EQ(logged("failure"), 0);
    EXPECT_EQ(logged("joined"), 1);
  }

  std::size_t size_of_delivery() {
    start(GetParam());
    return delivery(GetParam(), request(0), 3, batch(2, 3)).size();
  }
};

TEST_P(EveryClient, GoesOnWhereTheServerCutIt) {
  const std::size_t size = size_of_delivery();
  for (std::size_t cut = 0; cut <= size; ++cut) {
    start_over();
    expect_no_message_missed_or_repeated(cut, [this] { drop(1); });
    if (HasFatalFailure()) return;
  }
}

TEST_P(EveryClient, GoesOnWhereItsLinkWasCut) {
  const std::size_t size = size_of_delivery();
  for (std::size_t cut = 0; cut <= size; ++cut) {
    start_over();
    expect_no_message_missed_or_repeated(cut, [this] { client_->cut(); });
    if (HasFatalFailure()) return;
  }
}

TEST_P(EveryClient, SaysThatItWasLostAndIsBack) {
  join_and_lose();
  request(1);
  drop(1);  // polling takes the first for an idle connection that the server has closed
  send(2, delivery(GetParam(), request(2), 2, batch(2, 2)));
  await("message 2");
  EXPECT_GE(logged("disconnected"), 1);
  EXPECT_EQ(logged("rejoined"), logged("disconnected"));
}

TEST_P(EveryClient, SaysNothingOfACutButThatItIsBack) {
  start(GetParam());
  send(0, delivery(GetParam(), request(0), 1, batch(1, 1)));
  await("message 1");
  client_->cut();
  send(1, delivery(GetParam(), request(1), 2, batch(2, 2)));
  await("message 2");
  EXPECT_EQ(logged("disconnected"), 0);
  EXPECT_EQ(logged("rejoined"), 1);
}

TEST_P(EveryClient, HasNothingToCutWhileItWaitsToConnectAgain) {
  start(GetParam());
  send(0, delivery(GetParam(), request(0), 1, batch(1, 1)));
  await("message 1");
  EXPECT_TRUE(client_->cut());
  EXPECT_FALSE(client_->cut());
  send(1, delivery(GetParam(), request(1), 2, batch(2, 2)));
  await("message 2");
  EXPECT_TRUE(client_->cut());
}

TEST_P(EveryClient, LearnsTheEpochFromAGapAndGoesOnWithWhatIsRetained) {
  join_and_lose();
  std::string gap;
  wire::append_gap(gap, {"restarted", 1, 5, 6, "m2p4"});
  const std::string second = request(1);
  std::string answer = delivery(GetParam(), second, 6, batch(5, 6, gap));
  if (GetParam() == "sse") answer = event_stream_head() + event(6, batch(5, 6, gap), "m2p4");
  send(1, answer);
  await("message 6");
  drop(1);
  EXPECT_EQ(logged("gap restarted 1 to 5"), 1);
  EXPECT_EQ(after_in(request(2)), "m2p4.6");
  EXPECT_EQ(messages(), "1 5 6");
}

TEST_P(EveryClient, AGapWithNothingRetainedIsNotToldTwice) {
  join_and_lose();
  std::string gap;
  wire::append_gap(gap, {"restarted", 1, 1, 0, "m2p4"});
  std::string answer = delivery(GetParam(), request(1), 0, "[" + gap + "]");
  if (GetParam() == "sse") answer = event_stream_head() + event(0, "[" + gap + "]", "m2p4");
  send(1, answer);
  await("gap");
  drop(1);
  EXPECT_EQ(after_in(request(2)), "m2p4.0");
}

TEST_P(EveryClient, TriesAgainUntilTheServerIsBack) {
  join_and_lose();
  for (std::size_t attempt = 1; attempt <= 20; ++attempt) {
    request(attempt);
    drop(attempt);
  }
  send(21, delivery(GetParam(), request(21), 2, batch(2, 2)));
  await("message 2");
  EXPECT_EQ(messages(), "1 2");
  EXPECT_EQ(logged("failure"), 0);
}

TEST_P(EveryClient, WhatAnswersLaterIsAskedAgain) {
  join_and_lose();
  std::size_t attempt = 1;
  for (const char* status : {"503 Service Unavailable", "429 Too Many Requests",
                             "408 Request Timeout", "503 Service Unavailable"}) {
    request(attempt);
    send(attempt++, http(status, "", "Retry-After: 0\r\nConnection: close\r\n"));
  }
  const std::string last = request(attempt);
  EXPECT_EQ(after_in(last), "k3f9.1");
  send(attempt, delivery(GetParam(), last, 2, batch(2, 2)));
  await("message 2");
  EXPECT_EQ(logged("failure"), 0);
}

// RFC 9110 §15.2, wherever the bytes are cut.
TEST_P(EveryClient, InterimAnswersAreNoAnswer) {
  const std::string interim =
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>; rel=preload\r\n\r\n";
  for (std::size_t cut = 0; cut <= interim.size(); ++cut) {
    SCOPED_TRACE(fmt::format("cut after {} bytes", cut));
    start_over();
    start(GetParam());
    const std::string answer = interim + delivery(GetParam(), request(0), 2, batch(1, 2));
    send(0, answer.substr(0, cut));
    ASSERT_TRUE(run_until(loop_, [&] { return client_->traffic().read >= cut; }));
    send(0, answer.substr(cut));
    await("message 2");
    EXPECT_EQ(messages(), "1 2");
    EXPECT_EQ(logged("failure") + logged("disconnected"), 0);
  }
}

TEST_P(EveryClient, WhatIsRefusedIsNotAskedAgain) {
  join_and_lose();
  request(1);
  send(1, http("404 Not Found", "no such room"));
  await("failure");
  EXPECT_EQ(logged("failure"), 1);
  EXPECT_THAT(log_.back(), HasSubstr("answered 404 no such room"));
  expect_no_further_connection();
  EXPECT_EQ(connections(), 2U);
}

TEST_P(EveryClient, GarbageIsAFailureAndIsNotAskedForAgain) {
  join_and_lose();
  request(1);
  send(1, "220 mail.example.org ESMTP\r\n\r\n");
  await("failure");
  EXPECT_EQ(logged("failure"), 1);
  expect_no_further_connection();
  EXPECT_EQ(connections(), 2U);
}

TEST_P(EveryClient, ABatchThatIsNoBatchIsAFailure) {
  join_and_lose();
  send(1, delivery(GetParam(), request(1), 2, R"([{"seq":"two"}])"));
  await("failure");
  EXPECT_EQ(logged("failure"), 1);
  EXPECT_EQ(messages(), "1");
}

TEST_P(EveryClient, LeavesForGoodWhileItWaitsToTryAgain) {
  start(GetParam());
  send(0, delivery(GetParam(), request(0), 1, batch(1, 1)));
  await("message 1");
  client_->cut();
  client_->leave();
  expect_no_further_connection();
  EXPECT_EQ(connections(), 1U);
  EXPECT_EQ(logged("failure"), 0);
}

TEST_P(EveryClient, AServerThatIsNotThereAtFirstIsAFailure) {
  stop_listening();
  start(GetParam());
  await("failure");
  expect_no_further_connection();
  EXPECT_EQ(logged("failure"), 1);
  EXPECT_EQ(logged("disconnected"), 0);
}

INSTANTIATE_TEST_SUITE_P(Transports, EveryClient,
                         testing::Values("polling", "long-polling", "sse", "websocket"), test_name);

}  // namespace
}  // namespace pushbench::test

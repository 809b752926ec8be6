#include <gmock/gmock.h>

#include <set>

#include "tests/clients/client_test.h"

namespace pushbench::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using wire::CloseCode;
using wire::Opcode;
using Role = wire::WebSocketDecoder::Role;

class WebSocketClient : public ClientTest {
 protected:
  void join() {
    start("websocket");
    send(0, upgrade_answer(request(0)));
    await("joined");
  }
};

TEST_F(WebSocketClient, ComesBackWhereTheServerClosesForNow) {
  join();
  std::size_t number = 0;
  for (const int code : {1001, 1013, 1000, 1011, 1012}) {
    send(number, wire::encode_close(static_cast<CloseCode>(code), "for now", {}));
    EXPECT_EQ(frames(number, 1), Events{fmt::format("close {} ", code)});  // the handshake's answer
    connection(number).stream->abort();
    const std::string again = request(++number);
    EXPECT_EQ(after_in(again), "k3f9.0");
    send(number, upgrade_answer(again));
  }
  await("disconnected: the server closed the WebSocket with 1013 for now");
  EXPECT_EQ(logged("failure"), 0);
}

TEST_F(WebSocketClient, StaysAwayWhereTheServerBlamesIt) {
  join();
  send(0, wire::encode_close(CloseCode::policy_violation, "no", {}));
  EXPECT_EQ(frames(0, 1), Events{"close 1008 "});
  connection(0).stream->abort();
  await("failure");
  EXPECT_THAT(log_.back(), HasSubstr("1008 no"));
  expect_no_further_connection();
  EXPECT_EQ(connections(), 1U);
}

TEST_F(WebSocketClient, ComesBackEvenIfTheServerDoesNotEndTheConnectionItHasClosed) {
  join();
  send(0, wire::encode_close(CloseCode::try_again_later, "", {}));
  connection(0).stream->pause_reading();  // it does not even hear the answer
  EXPECT_EQ(after_in(request(1)), "k3f9.0");
}

// So that TIME_WAIT is on the server's side (RFC 6455 §7.1.1).
TEST_F(WebSocketClient, LetsTheServerEndTheConnectionThatIsClosed) {
  join();
  send(0, wire::encode_close(CloseCode::going_away, "", {}));
  EXPECT_EQ(frames(0, 1), Events{"close 1001 "});
  client_->publish({"ann", "kept for later", "a1"});
  for (int turn = 0; turn < 20; ++turn) run_one_turn(loop_);
  EXPECT_EQ(connection(0).peer_dones, 0);
  EXPECT_EQ(logged("disconnected"), 0);
  EXPECT_EQ(frames(0, 1), Events{"close 1001 "});  // no data behind it (§5.5.1)
  connection(0).stream->end_after_flush();
  await("disconnected");
  send(1, upgrade_answer(request(1)));
  EXPECT_EQ(frames(1, 1).front(), R"(text {"from":"ann","text":"kept for later","id":"a1"})");
}

TEST_F(WebSocketClient, ClosesWithTheCodeOfWhatTheServerDidWrong) {
  join();
  send(0, bytes({0x81, 0x02, 0xC3, 0x28}));  // not UTF-8
  EXPECT_EQ(frames(0, 1), Events{"close 1007 "});
  connection(0).stream->abort();
  await("failure");
  expect_no_further_connection();
  EXPECT_EQ(connections(), 1U);
}

TEST_F(WebSocketClient, RefusesAnAnswerWithAWrongAcceptKey) {
  start("websocket");
  std::string answer = upgrade_answer(request(0));
  answer[answer.find("Sec-WebSocket-Accept: ") + 22] ^= 1;
  send(0, answer);
  await("failure");
  expect_no_further_connection();
  EXPECT_EQ(connections(), 1U);
}

TEST_F(WebSocketClient, SaysNothingBeforeTheServersHandshake) {
  start("websocket");
  const std::string asked = request(0);
  client_->publish({"ann", "early", "a1"});
  for (int turn = 0; turn < 20; ++turn) run_one_turn(loop_);
  EXPECT_EQ(connection(0).received, "");
  send(0, upgrade_answer(asked));
  EXPECT_EQ(frames(0, 1).front(), R"(text {"from":"ann","text":"early","id":"a1"})");
}

// RFC 6455 §5.3: here they are foreseen, else they come from the kernel.
TEST_F(WebSocketClient, MasksEachFrameWithFreshBytes) {
  join();
  use_random([](std::span<std::uint8_t> out) {
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<std::uint8_t>(i + 1);
  });
  send(0, wire::encode_frame(Opcode::ping, "", {}) + wire::encode_frame(Opcode::ping, "!", {}));
  frames(0, 2);
  client_->publish({"ann", "hi", "a1"});
  frames(0, 3);
  const wire::Mask third{9, 10, 11, 12};
  EXPECT_EQ(connection(0).received,
            bytes({0x8A, 0x80, 1, 2, 3, 4, 0x8A, 0x81, 5, 6, 7, 8, '!' ^ 5}) +
                wire::encode_frame(Opcode::text, R"({"from":"ann","text":"hi","id":"a1"})", third));
}

// §4.1, item 7.
TEST_F(WebSocketClient, ChoosesAKeyAtRandomForEachConnection) {
  start("websocket");
  const auto key_in = [](std::string_view asked) {
    const std::size_t at = asked.find("Sec-WebSocket-Key: ") + 19;
    return std::string(asked.substr(at, asked.find('\r', at) - at));
  };
  use_random(net::Random::operating_system);
  std::set<std::string> keys;
  for (std::size_t number = 0; number < 3; ++number) {
    const std::string asked = request(number);
    EXPECT_TRUE(wire::is_websocket_key(key_in(asked))) << asked;
    keys.insert(key_in(asked));
    send(number, upgrade_answer(asked));
    await("joined");
    drop(number);
  }
  EXPECT_EQ(keys.size(), 3U);
}

TEST_F(WebSocketClient, AnswersPings) {
  join();
  send(0, wire::encode_frame(Opcode::ping, "are you there?", {}));
  EXPECT_EQ(frames(0, 1), Events{"pong are you there?"});
}

TEST_F(WebSocketClient, TakesMessagesInFragmentsWithPingsBetween) {
  join();
  const std::string json = batch(1, 2);
  send(0, fragment(Opcode::text, false, json.substr(0, 7), {}) +
              wire::encode_frame(Opcode::ping, "", {}) +
              fragment(Opcode::continuation, true, json.substr(7), {}));
  await("message 2");
  EXPECT_EQ(messages(), "1 2");
}

TEST_F(WebSocketClient, AServerThatAnswersNoPingIsGone) {
  clients::ClientOptions options;
  options.ping = 5ms;
  start("websocket", options);
  send(0, upgrade_answer(request(0)));
  EXPECT_EQ(frames(0, 1), Events{"ping "});
  await("disconnected: no answer to a ping");
  request(1);
}

TEST_F(WebSocketClient, AServerThatAnswersPingsIsNot) {
  clients::ClientOptions options;
  options.ping = 5ms;
  start("websocket", options);
  send(0, upgrade_answer(request(0)));
  for (std::size_t pings = 1; pings < 10; ++pings) {
    frames(0, pings);
    send(0, wire::encode_frame(Opcode::pong, "", {}));
  }
  EXPECT_EQ(logged("disconnected"), 0);
}

TEST_F(WebSocketClient, CompressesWhereTheServerAgrees) {
  clients::ClientOptions options;
  options.compression = true;
  start("websocket", options);
  const std::string asked = request(0);
  EXPECT_THAT(asked, HasSubstr("Sec-WebSocket-Extensions: permessage-deflate"));
  wire::UpgradeOptions agreed;
  agreed.compression.emplace();
  send(0, upgrade_answer(asked, agreed));
  await("joined");

  const std::string text(1000, 'x');
  client_->publish({"ann", text, "a1"});
  wire::WebSocketDecoder decoder(Role::server, {});
  decoder.set_compression({});
  FrameLog log;
  Peer& peer = connection(0);
  ASSERT_TRUE(run_until(loop_, [&] {
    std::string received = std::exchange(peer.received, {});
    EXPECT_LT(received.size(), 200U);
    EXPECT_FALSE(decoder.feed(received, log));
    return !log.events.empty();
  }));
  EXPECT_EQ(log.events.front(),
            fmt::format(R"(text {{"from":"ann","text":"{}","id":"a1"}})", text));

  wire::Deflater deflater(15, true);
  send(0, wire::encode_compressed_frame(deflater, Opcode::text, batch(1, 3), {}));
  send(0, wire::encode_compressed_frame(deflater, Opcode::text, batch(4, 6), {}));
  await("message 6");
  EXPECT_EQ(messages(), "1 2 3 4 5 6");
}

TEST_F(WebSocketClient, DoesWithoutCompressionWhereTheServerDoes) {
  clients::ClientOptions options;
  options.compression = true;
  start("websocket", options);
  send(0, upgrade_answer(request(0)) + text_frame(batch(1, 1)));
  await("message 1");
  client_->publish({"ann", "hello", "a1"});
  EXPECT_EQ(frames(0, 1).front(), R"(text {"from":"ann","text":"hello","id":"a1"})");
}

TEST_F(WebSocketClient, AProblemIsAFailureOfTheDraftAndNotOfTheConnection) {
  join();
  send(0,
       text_frame(R"({"problem":{"status":400,"title":"Bad Request","detail":"text: is empty"}})") +
           text_frame(batch(1, 1)));
  await("message 1");
  EXPECT_EQ(logged("failure: the server refused a draft"), 1);
}

class EverySecureClient : public ClientTest, public testing::WithParamInterface<std::string> {};

TEST_P(EverySecureClient, JoinsAndComesBackOverTls) {
  use_tls();
  start(GetParam());
  send(0, delivery(GetParam(), request(0), 1, batch(1, 1)));
  await("message 1");
  EXPECT_TRUE(connection(0).stream->secure());
  EXPECT_GT(client_->traffic().tls_read, 0U);
  EXPECT_GT(client_->traffic().tls_written, 0U);
  client_->cut();
  const std::string again = request(1);
  EXPECT_EQ(after_in(again), "k3f9.1");
  EXPECT_TRUE(connection(1).stream->session_resumed());
  send(1, delivery(GetParam(), again, 2, batch(2, 2)));
  await("message 2");
  EXPECT_EQ(messages(), "1 2");
}

INSTANTIATE_TEST_SUITE_P(Transports, EverySecureClient,
                         testing::Values("polling", "long-polling", "sse", "websocket"), test_name);

}  // namespace
}  // namespace pushbench::test

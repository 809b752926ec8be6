#include "tests/conformance/websocket_cases.h"

namespace pushbench::test {
namespace {

class Closing : public Cases {};

TEST_P(Closing, EveryCodeThatMayBeSentIsEchoed) {
  for (const int code : {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014,
                         3000, 3001, 3999, 4000, 4001, 4999}) {
    expect_however_cut({close(code)}, {fmt::format("close {} ", code)});
    expect({text("before"), close(code, "because")},
           {"text before", fmt::format("close {} because", code)});
  }
}

TEST_P(Closing, NoOtherCodeIsTaken) {
  std::vector<int> codes = {0, 1, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535};
  for (int code = 2; code < 999; code += 97) codes.push_back(code);
  for (int code = 1017; code < 2999; code += is_server() ? 61 : 1) codes.push_back(code);
  for (int code = 5001; code < 65535; code += is_server() ? 997 : 7) codes.push_back(code);
  for (const int code : codes) {
    expect({close(code)}, {"error 1002"});
    expect({ping("before"), close(code, "because")}, {"ping before", "error 1002"});
  }
}

TEST_P(Closing, WithoutACode) { expect_however_cut({close("")}, {"close 1005 "}); }

TEST_P(Closing, HalfACodeFails) { expect_however_cut({close("\x03")}, {"error 1002"}); }

TEST_P(Closing, AReasonOfUpTo123Bytes) {
  for (const std::size_t size : {0u, 1u, 122u, 123u}) {
    const std::string reason(size, 'r');
    expect_however_cut({close(1000, reason)}, {"close 1000 " + reason});
  }
}

TEST_P(Closing, AReasonOf124BytesFails) {
  expect_however_cut({close(1000, std::string(124, 'r'))}, {"error 1002"});
}

TEST_P(Closing, AReasonIsUtf8) {
  expect_however_cut({close(1000, "gr\xC3\xBC\xC3\x9F dich \xF0\x9F\x98\x80")},
                     {"close 1000 gr\xC3\xBC\xC3\x9F dich \xF0\x9F\x98\x80"});
  for (const char* bad : {"\xFF", "good \xC3", "\xED\xA0\x80", "\xCE\xBA\xF4\x90\x80\x80"}) {
    expect_however_cut({close(1000, bad)}, {"error 1007"});
  }
}

TEST_P(Closing, NothingAfterACloseCounts) {
  expect_however_cut({close(1000), text("late")}, {"close 1000 "});
  expect_however_cut({close(1000), ping("late"), close(1001), text("late")}, {"close 1000 "});
  expect_however_cut({close(3000), {0xFF, "not even an error"}}, {"close 3000 "});
  expect_however_cut({close(1000), first_of_text("late")}, {"close 1000 "});
}

TEST_P(Closing, AMessageMayStayUnfinished) {
  expect_however_cut({first_of_text("begun"), close(1000)}, {"close 1000 "});
  expect({first_of_text("begun"), next("more"), ping("p"), close(1001), last("late")},
         {"ping p", "close 1001 "});
}

TEST_P(Closing, WhatCameBeforeIsAnswered) {
  const std::string large(300'000, 'x');
  expect({text("one"), binary(large), ping("p"), close(1000)},
         {"text one", "binary " + large, "ping p", "close 1000 "});
}

PUSHBENCH_BOTH_SIDES(Closing);

class ServerClosing : public ServerCases {};

TEST_F(ServerClosing, SendsOneCloseFrameAndEndsTheConnection) {
  const auto peer = open_peer();
  peer->send(on_the_wire({text("a"), close(1000), close(1000)}, true));
  EXPECT_TRUE(run_until([&] { return peer->ended() && server_->connections() == 0; }));
  EXPECT_EQ(peer->events(), (Events{"text a", "close 1000"}));
}

TEST_F(ServerClosing, AnswersWith1000WhereThereWasNoCode) {
  const auto peer = open_peer();
  peer->send(on_the_wire({close("")}, true));
  EXPECT_TRUE(run_until([&] { return peer->ended(); }));
  EXPECT_EQ(peer->events(), Events{"close 1000"});
}

TEST_F(ServerClosing, IsFinishedWithAPeerThatNeitherAnswersNorEnds) {
  options_.deadlines.close = std::chrono::milliseconds(50);
  const auto peer = open_peer();
  peer->stream().pause_reading();  // it does not even see that the server has ended
  peer->send(on_the_wire({{0x83, ""}}, true));
  EXPECT_TRUE(run_until([&] { return server_->connections() == 0; }));
}

TEST_F(ServerClosing, GoingAwayWhenItIsShutDown) {
  const auto peer = open_peer();
  server_->shut_down();
  EXPECT_TRUE(run_until([&] { return !peer->events().empty(); }));
  EXPECT_EQ(peer->events(), Events{"close 1001"});
  // What crosses the close frame is not answered; the peer's own ends the connection.
  peer->send(on_the_wire({text("crossing"), ping("crossing"), close(1001)}, true));
  EXPECT_TRUE(run_until([&] { return peer->ended() && server_->connections() == 0; }));
  EXPECT_EQ(peer->events(), Events{"close 1001"});
}

TEST_F(ServerClosing, APeerThatJustEndsIsGone) {
  auto peer = open_peer();
  peer->send(on_the_wire({first_of_text("begun")}, true));
  EXPECT_TRUE(run_until([&] { return peer->stream().queued() == 0; }));
  peer.reset();
  EXPECT_TRUE(run_until([&] { return server_->connections() == 0; }));
}

}  // namespace
}  // namespace pushbench::test

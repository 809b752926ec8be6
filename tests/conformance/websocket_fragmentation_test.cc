#include <functional>

#include "tests/conformance/websocket_cases.h"

namespace pushbench::test {
namespace {

class Fragmentation : public Cases {};

TEST_P(Fragmentation, AMessageInTwoFragments) {
  expect_however_cut({first_of_text("frag"), last("mented")}, {"text fragmented"});
  expect_however_cut({first_of_binary("frag"), last("mented")}, {"binary fragmented"});
}

TEST_P(Fragmentation, AMessageInManyFragments) {
  const std::string payload = "a message of some length that comes in fragments of any size";
  for (const std::size_t size : {1u, 2u, 3u, 7u, 59u, 60u}) {
    expect_however_cut(in_fragments(0x01, payload, size), {"text " + payload});
    expect(in_fragments(0x02, payload, size), {"binary " + payload});
  }
}

TEST_P(Fragmentation, EmptyFragments) {
  expect_however_cut({first_of_text(""), last("")}, {"text "});
  expect_however_cut({first_of_text(""), next(""), last("")}, {"text "});
  expect_however_cut({first_of_text(""), next("middle"), last("")}, {"text middle"});
  expect_however_cut({first_of_binary("front"), next(""), next(""), last("")}, {"binary front"});
}

TEST_P(Fragmentation, PingsBetweenFragmentsAreAnsweredAtOnce) {
  expect_however_cut({first_of_text("frag"), ping("now"), last("ment")},
                     {"ping now", "text fragment"});
  expect_however_cut({ping("0"), first_of_text("a"), ping("1"), next("b"), ping("2"), ping("3"),
                      next(""), ping("4"), last("c"), ping("5")},
                     {"ping 0", "ping 1", "ping 2", "ping 3", "ping 4", "text abc", "ping 5"});
}

TEST_P(Fragmentation, AnswersAPingBeforeTheMessageIsFinished) {
  if (!is_server()) {
    Decoding decoding(wire::WebSocketDecoder::Role::client);
    decoding.feed(on_the_wire({first_of_text("frag"), ping("now"), next("m")}, false));
    EXPECT_EQ(decoding.events(), Events{"ping now"});
    return;
  }
  const auto peer = open_peer();
  peer->send(on_the_wire({first_of_text("frag"), ping("now"), next("m")}, true));
  EXPECT_TRUE(run_until([&] { return !peer->events().empty(); }));
  EXPECT_EQ(peer->events(), Events{"pong now"});
}

TEST_P(Fragmentation, PongsBetweenFragments) {
  expect_however_cut({first_of_text("frag"), pong("unasked"), last("ment")},
                     {"pong unasked", "text fragment"});
}

TEST_P(Fragmentation, SeveralMessagesInFragments) {
  expect_however_cut({first_of_text("a"), last("b"), binary("c"), first_of_binary("d"), next("e"),
                      last("f"), text("g")},
                     {"text ab", "binary c", "binary def", "text g"});
}

TEST_P(Fragmentation, AFragmentedControlFrameFails) {
  for (const int opcode : {0x08, 0x09, 0x0A}) {
    expect_however_cut({text("before"), {opcode, "frag"}, last("ment")},
                       {"text before", "error 1002"});
    expect({first_of_text("within"), {opcode, "frag"}, last("ment")}, {"error 1002"});
    expect({{opcode, ""}}, {"error 1002"});
  }
}

TEST_P(Fragmentation, AContinuationOfNothingFails) {
  expect_however_cut({last("alone"), text("after")}, {"error 1002"});
  expect_however_cut({next("alone"), text("after")}, {"error 1002"});
  expect_however_cut({text("whole"), last("more")}, {"text whole", "error 1002"});
  expect_however_cut({first_of_text("a"), last("b"), last("c")}, {"text ab", "error 1002"});
  expect_however_cut({first_of_text("a"), last("b"), next("c"), last("d")},
                     {"text ab", "error 1002"});
}

TEST_P(Fragmentation, AMessageWithinAMessageFails) {
  for (const Frame& inner : {text("x"), binary("x"), first_of_text("x"), first_of_binary("")}) {
    expect_however_cut({first_of_text("begun"), inner, last("end")}, {"error 1002"});
    expect_however_cut({first_of_binary(""), next("more"), inner}, {"error 1002"});
  }
}

/// What one must make of frames in any order, told in the words of §5.4.
Events model(const std::string& order) {
  Events read;
  std::optional<std::string> message;
  for (const char kind : order) {
    const bool begins = kind == 'T' || kind == 't';
    const bool is_final = kind == 'T' || kind == 'C';
    if (kind == 'p') {
      read.push_back("ping p");
      continue;
    }
    if (begins == message.has_value()) {
      read.push_back("error 1002");
      return read;
    }
    message = begins ? "a" : *message + "b";
    if (!is_final) continue;
    read.push_back("text " + *message);
    message.reset();
  }
  return read;
}

Frames frames_in(const std::string& order) {
  Frames frames;
  for (const char kind : order) {
    if (kind == 'T') frames.push_back(text("a"));
    if (kind == 't') frames.push_back(first_of_text("a"));
    if (kind == 'C') frames.push_back(last("b"));
    if (kind == 'c') frames.push_back(next("b"));
    if (kind == 'p') frames.push_back(ping("p"));
  }
  return frames;
}

TEST_P(Fragmentation, FramesInEveryOrder) {
  const std::function<void(const std::string&)> with_all_that_may_follow =
      [&](const std::string& order) {
        if (order.size() == 4) {
          SCOPED_TRACE(order);
          return expect(frames_in(order), model(order));
        }
        for (const char kind : {'T', 't', 'C', 'c', 'p'}) with_all_that_may_follow(order + kind);
      };
  with_all_that_may_follow("");
}

PUSHBENCH_BOTH_SIDES(Fragmentation);

}  // namespace
}  // namespace pushbench::test

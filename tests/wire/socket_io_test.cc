#include "wire/socket_io.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace pushbench::wire {
namespace {

using Kind = SocketIoPacket::Kind;
using testing::ElementsAre;
using testing::HasSubstr;

void expect_packet(std::string_view text, Kind kind, std::string_view data, std::uint64_t id = 0) {
  const auto packet = read_socket_io(text);
  ASSERT_TRUE(packet) << text << ": " << packet.error().line();
  EXPECT_EQ(packet->kind, kind) << text;
  EXPECT_EQ(packet->data, data) << text;
  EXPECT_EQ(packet->id, id) << text;
}

std::string refusal(std::string_view text) {
  const auto packet = read_socket_io(text);
  EXPECT_FALSE(packet) << text;
  return packet ? "" : packet.error().line();
}

TEST(SocketIoPacket, IsOneOfThoseThatAServerSends) {
  expect_packet(R"(0{"sid":"x"})", Kind::open, R"({"sid":"x"})");
  expect_packet("1", Kind::close, "");
  expect_packet("2", Kind::ping, "");
  expect_packet("6", Kind::noop, "");
  expect_packet(R"(40{"sid":"y"})", Kind::connected, R"({"sid":"y"})");
  expect_packet("41", Kind::disconnected, "");
  expect_packet(R"(42["message",{}])", Kind::event, R"(["message",{}])");
  expect_packet(R"(4212["message",{}])", Kind::event, R"(["message",{}])");
  expect_packet("430[]", Kind::ack, "[]", 0);
  expect_packet("4317[1]", Kind::ack, "[1]", 17);
  expect_packet(R"(44{"message":"no"})", Kind::connect_error, R"({"message":"no"})");
}

TEST(SocketIoPacket, IsRefusedWhereItIsNone) {
  EXPECT_EQ(refusal(""), "packet: is empty");
  EXPECT_EQ(refusal("4"), "packet: is a message without anything in it");
  for (const char* text : {"9", "5", "3", "hello", "[]", " 2"}) {
    EXPECT_EQ(refusal(text), "packet: is none of Engine.IO 4") << text;
  }
  for (const char* text : {"47", "4x", "4[]"}) {
    EXPECT_EQ(refusal(text), "packet: is none of Socket.IO 4") << text;
  }
  EXPECT_EQ(refusal("43[]"), "packet: acknowledges something without a number");
  EXPECT_EQ(refusal("4399999999999999999999[]"), "packet: acknowledges something without a number");
  EXPECT_EQ(refusal(R"(42/admin,["message",{}])"),
            "packet: is of a namespace that was not asked for");
  for (const char* text :
       {"bAQIDBA==", R"(451-["message",{"_placeholder":true,"num":0}])", R"(461-1["x"])"}) {
    EXPECT_EQ(refusal(text), "packet: is binary; this client takes text") << text;
  }
}

// Only the bytes of a whole packet come here; but a server may have cut one short.
TEST(SocketIoPacket, CanBeReadWhereverItIsCut) {
  const std::string whole = R"(4317["joined","r"])";
  for (std::size_t cut = 0; cut <= whole.size(); ++cut) {
    const std::string part = whole.substr(0, cut);
    const auto packet = read_socket_io(part);
    EXPECT_EQ(packet.has_value(), cut >= 3) << part;
    if (packet) {
      EXPECT_EQ(packet->id, cut == 3 ? 1U : 17U) << part;
      EXPECT_EQ(packet->data, part.substr(std::min<std::size_t>(cut, 4))) << part;
    }
  }
}

std::vector<std::string> packets(std::string_view payload) {
  std::vector<std::string> all;
  do all.emplace_back(take_packet(payload));
  while (!payload.empty());
  return all;
}

TEST(SocketIoPayload, IsPacketsWithSeparatorsBetween) {
  EXPECT_THAT(packets("2"), ElementsAre("2"));
  EXPECT_THAT(packets("40{}\x1e"
                      "42[\"a\"]\x1e"
                      "6"),
              ElementsAre("40{}", R"(42["a"])", "6"));
  EXPECT_THAT(packets(""), ElementsAre(""));
  EXPECT_THAT(packets("\x1e\x1e"
                      "2"),
              ElementsAre("", "", "2"));
}

TEST(EngineSession, HasItsIdAndItsTimes) {
  const auto session = read_engine_session(
      R"({"sid":"lv_VI97HAXpY6yYWAAAC","upgrades":["websocket"],"pingInterval":25000,)"
      R"("pingTimeout":20000,"maxPayload":1000000})");
  ASSERT_TRUE(session);
  EXPECT_EQ(session->sid, "lv_VI97HAXpY6yYWAAAC");
  EXPECT_EQ(session->ping_interval_ms, 25000U);
  EXPECT_EQ(session->ping_timeout_ms, 20000U);
  EXPECT_EQ(session->max_payload, 1000000U);
}

TEST(EngineSession, NeedNotSayHowMuchItTakes) {
  const auto session = read_engine_session(R"({"sid":"x","pingInterval":1,"pingTimeout":2})");
  ASSERT_TRUE(session);
  EXPECT_EQ(session->max_payload, 0U);
}

TEST(EngineSession, IsRefusedWithoutWhatItNeeds) {
  const std::string whole = R"({"sid":"x","pingInterval":1,"pingTimeout":2})";
  for (std::size_t cut = 0; cut < whole.size(); ++cut) {
    EXPECT_FALSE(read_engine_session(whole.substr(0, cut))) << cut;
  }
  for (const char* json :
       {R"({"pingInterval":1,"pingTimeout":2})", R"({"sid":"x","pingTimeout":2})",
        R"({"sid":"x","pingInterval":1})", R"({"sid":"","pingInterval":1,"pingTimeout":2})",
        R"({"sid":"a b","pingInterval":1,"pingTimeout":2})",
        R"({"sid":"a\r\nX: y","pingInterval":1,"pingTimeout":2})",
        R"({"sid":"x","pingInterval":-1,"pingTimeout":2})", "[]", "7"}) {
    const auto session = read_engine_session(json);
    ASSERT_FALSE(session) << json;
    EXPECT_THAT(session.error().line(), HasSubstr("open packet: lacks its sid")) << json;
  }
}

TEST(SocketIoClient, SaysEventsInTheMainNamespace) {
  EXPECT_EQ(encode_join("room-1"), R"(420["join","room-1"])");
  EXPECT_EQ(encode_say("room-1", {"ann", "h\"i\x1e", "a1"}),
            R"(42["say","room-1",{"from":"ann","text":"h\"i\u001e","id":"a1"}])");
}

class SocketIoEvent : public testing::Test {
 protected:
  Result<std::optional<Draft>> read(std::string_view json) {
    return reader_.read_event(json, "message");
  }

 private:
  BatchReader reader_;
};

TEST_F(SocketIoEvent, HoldsADraft) {
  const auto draft = read(R"( [ "message" , {"from":"ann","text":"h\u00e9","id":"a1"} ] )");
  ASSERT_TRUE(draft && *draft);
  EXPECT_EQ((*draft)->from, "ann");
  EXPECT_EQ((*draft)->text, "hé");
  EXPECT_EQ((*draft)->id, "a1");
}

TEST_F(SocketIoEvent, OfAnotherNameHoldsNone) {
  for (const char* json : {R"(["joined","bob"])", R"(["messages",{"from":"a","text":"b"}])"}) {
    const auto draft = read(json);
    EXPECT_TRUE(draft && !*draft) << json;
  }
}

TEST_F(SocketIoEvent, IsRefusedWhereItIsNone) {
  for (const char* json : {"", "[", "[]", "{}", R"({"message":{}})", "[7,{}]"}) {
    const auto draft = read(json);
    ASSERT_FALSE(draft) << json;
    EXPECT_EQ(draft.error().line(),
              R"(event: is not JSON such as ["message",{"from":"ann","text":"hi"}])");
  }
  for (const char* json : {R"(["message"])", R"(["message",7])", R"(["message",{"from":"ann"}])"}) {
    const auto draft = read(json);
    ASSERT_FALSE(draft) << json;
    EXPECT_THAT(draft.error().line(), HasSubstr("message: is no draft, such as {")) << json;
  }
}

}  // namespace
}  // namespace pushbench::wire

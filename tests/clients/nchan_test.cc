// The dialect of nginx with nchan. What its answers look like was taken down from nginx 1.22 with
// nchan 1.3.
#include <gmock/gmock.h>

#include "tests/clients/client_test.h"

namespace pushbench::test {
namespace {

using testing::AnyOf;
using testing::ElementsAre;
using testing::EndsWith;
using testing::Eq;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr std::string_view kDate = "Wed, 25 Nov 2026 21:34:44 GMT";

constexpr std::string_view kNotFoundPage =
    "<html>\r\n<head><title>404 Not Found</title></head>\r\n<body>\r\n</body>\r\n</html>\r\n";

std::string long_poll_answer(std::string_view text, int tag) {
  return http("200 OK", draft(text),
              fmt::format("Last-Modified: {}\r\nEtag: {}\r\n"
                          "Vary: If-None-Match, If-Modified-Since\r\n",
                          kDate, tag));
}

std::string stream_head() {
  return "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n"
         "Connection: keep-alive\r\n\r\n: hi\n\nretry: 0\n\n";
}

std::string stream_event(std::string_view text, int tag) {
  return fmt::format("id: 1795642484:{}\ndata: {}\n\n", tag, draft(text));
}

std::string meta_frame(std::string_view text, int tag) {
  return text_frame(
      fmt::format("id: 1795642484:{}\ncontent-type: application/json\n\n{}", tag, draft(text)));
}

std::string body_of(const std::string& request) {
  return request.substr(request.find("\r\n\r\n") + 4);
}

class NchanClient : public ClientTest {
 protected:
  /// Asks, and is told that the room has had no message. All but long polling open another
  /// connection then.
  void ask(std::string_view transport, const std::string& path = {}) {
    asks_on_ = transport == "long-polling" ? 0 : 1;
    begin(transport, path);
    place_request_ = request(0);
    send(0, http("404 Not Found", ""));
  }
  void begin(std::string_view transport, const std::string& path = {}) {
    clients::ClientOptions options;
    options.path = path;
    start(transport, options, "nchan");
  }
  /// The connection on which it subscribes, for the nth time; the first is 0.
  std::size_t on(std::size_t n) const { return asks_on_ + n; }
  std::string upgraded(const std::string& asked) {
    return upgrade_answer(asked, {std::nullopt, "ws+meta.nchan"});
  }

  /// What the server sends to one that has just asked: messages, of which the last has that tag.
  std::string delivery(std::string_view transport, const std::string& asked,
                       const std::vector<std::string>& texts, int last) {
    std::string bytes;
    if (transport == "sse") bytes = stream_head();
    if (transport == "websocket") bytes = upgraded(asked);
    int tag = last - static_cast<int>(texts.size());
    for (const std::string& text : texts) {
      ++tag;
      if (transport == "long-polling") bytes += long_poll_answer(text, tag);
      if (transport == "sse") bytes += stream_event(text, tag);
      if (transport == "websocket") bytes += meta_frame(text, tag);
    }
    return bytes;
  }

  std::string place_request_;

 private:
  std::size_t asks_on_ = 0;
};

TEST_F(NchanClient, LongPollingAsksByTheDateAndTagOfTheMessageThatItHas) {
  ask("long-polling");
  std::string asked = request(on(0));
  EXPECT_THAT(asked, StartsWith("GET /sub/r HTTP/1.1\r\n"));
  EXPECT_THAT(asked, Not(HasSubstr("If-")));
  EXPECT_THAT(asked, HasSubstr("\r\nLast-Event-ID: 0:0\r\n"));
  send(on(0), long_poll_answer("one", 0));
  asked = request(on(0));
  EXPECT_THAT(asked, HasSubstr(fmt::format("\r\nIf-Modified-Since: {}\r\n", kDate)));
  EXPECT_THAT(asked, HasSubstr("\r\nIf-None-Match: 0\r\n"));
  send(on(0), long_poll_answer("two", 1));
  EXPECT_THAT(request(on(0)), HasSubstr("\r\nIf-None-Match: 1\r\n"));
  EXPECT_EQ(said(), "one two");
  EXPECT_EQ(messages(), "1 2");
  EXPECT_EQ(connections(), 1U);
}

TEST_F(NchanClient, ALongPollThatTimesOutIsEmptyAndKeepsThePlace) {
  ask("long-polling");
  request(on(0));
  send(on(0), long_poll_answer("one", 0));
  request(on(0));
  send(on(0), http("408 Request Timeout", "", "Etag: 0\r\n"));
  EXPECT_THAT(request(on(0)), HasSubstr("\r\nIf-None-Match: 0\r\n"));
  EXPECT_EQ(logged("disconnected") + logged("failure"), 0);
}

TEST_F(NchanClient, AnEventStreamGoesOnFromTheLastEventsId) {
  ask("sse");
  std::string asked = request(on(0));
  EXPECT_THAT(asked, StartsWith("GET /sub/r HTTP/1.1\r\n"));
  EXPECT_THAT(asked, HasSubstr("\r\nAccept: text/event-stream\r\n"));
  EXPECT_THAT(asked, HasSubstr("\r\nLast-Event-ID: 0:0\r\n"));
  send(on(0),
       stream_head() + stream_event("one", 0) + "event: ping\ndata: \n\n" + stream_event("two", 1));
  await("message 2");
  EXPECT_EQ(said(), "one two");
  drop(on(0));
  EXPECT_THAT(request(on(1)), HasSubstr("\r\nLast-Event-ID: 1795642484:1\r\n"));
}

TEST_F(NchanClient, AWebSocketGoesOnFromTheIdThatEachMessageHas) {
  ask("websocket");
  const std::string asked = request(on(0));
  EXPECT_THAT(asked, StartsWith("GET /sub/r?last_event_id=0:0 HTTP/1.1\r\n"));
  EXPECT_THAT(asked, HasSubstr("\r\nSec-WebSocket-Protocol: ws+meta.nchan\r\n"));
  send(on(0), upgraded(asked) + meta_frame("one", 0) + meta_frame("two", 1));
  await("message 2");
  EXPECT_EQ(said(), "one two");
  drop(on(0));
  EXPECT_THAT(request(on(1)), StartsWith("GET /sub/r?last_event_id=1795642484:1 HTTP/1.1\r\n"));
}

TEST_F(NchanClient, AWebSocketWithoutIdsIsAFailure) {
  ask("websocket");
  send(on(0), upgraded(request(on(0))) + text_frame(draft("one")));
  await("failure");
  EXPECT_THAT(log_.back(), HasSubstr("message: does not begin with \"id: TIME:TAG\""));
  expect_no_further_connection();
}

/// For each of its transports.
class EveryNchanClient : public NchanClient, public testing::WithParamInterface<std::string> {
 protected:
  /// Which message it asks to go on behind: "1"; "" for none.
  std::string tag_in(const std::string& asked) const {
    const std::string_view etag = "If-None-Match: ";
    const std::string_view mark = asked.find(etag) == std::string::npos ? "1795642484:" : etag;
    const std::size_t at = asked.find(mark);
    if (at == std::string::npos) return "";
    const std::size_t start = at + mark.size();
    return asked.substr(start, asked.find_first_of("\r ", start) - start);
  }
  void join_and_lose() {
    ask(GetParam());
    send(on(0), delivery(GetParam(), request(on(0)), {"one"}, 1));
    await("message 1");
    drop(on(0));
  }
};

TEST_P(EveryNchanClient, PublishesByPost) {
  ask(GetParam());
  send(on(0), delivery(GetParam(), request(on(0)), {"one"}, 1));
  await("message 1");
  client_->publish({"ann", "two", "two"});
  client_->publish({"ann", "three", "three"});
  const std::string posted = request(on(1));
  EXPECT_THAT(posted, StartsWith("POST /pub/r HTTP/1.1\r\n"));
  EXPECT_THAT(posted, HasSubstr("\r\nContent-Type: application/json\r\n"));
  EXPECT_EQ(body_of(posted), draft("two"));
  EXPECT_THAT(client_->drafts_under_way(), ElementsAre("two", "three"));
  send(on(1), http("201 Created", "queued messages: 2\n"));
  EXPECT_EQ(body_of(request(on(1))), draft("three"));
  send(on(1), http("202 Accepted", "queued messages: 3\n"));  // nobody heard it
  ASSERT_TRUE(run_until(loop_, [this] { return logged("published") == 2; }));
  EXPECT_TRUE(client_->drafts_under_way().empty());
  EXPECT_EQ(logged("failure"), 0);
}

TEST_P(EveryNchanClient, BeginsBehindWhatWasSaidBeforeItCame) {
  begin(GetParam());
  EXPECT_THAT(request(0), StartsWith("GET /pub/r HTTP/1.1\r\n"));
  EXPECT_EQ(logged("joined"), 0);
  send(0, http("200 OK",
               "queued messages: 9\nlast requested: 0 sec. ago\nactive subscribers: 1\n"
               "last message id: 1795642484:7"));
  EXPECT_EQ(tag_in(request(GetParam() == "long-polling" ? 0 : 1)), "7");
}

TEST_P(EveryNchanClient, ARoomThatMayNotBeLookedAtIsAFailure) {
  begin(GetParam());
  request(0);
  send(0, http("403 Forbidden", "no"));
  await("failure");
  EXPECT_THAT(log_.back(), HasSubstr("answered 403 no"));
  expect_no_further_connection();
}

TEST_P(EveryNchanClient, GoesBelowThePathOfItsServer) {
  ask(GetParam(), "/chat/");
  EXPECT_THAT(place_request_, StartsWith("GET /chat/pub/r HTTP/1.1\r\n"));
  EXPECT_THAT(request(on(0)), StartsWith("GET /chat/sub/r"));
  client_->publish({"ann", "one", "one"});
  EXPECT_THAT(request(on(1)), StartsWith("POST /chat/pub/r HTTP/1.1\r\n"));
}

TEST_P(EveryNchanClient, NeitherMissesNorRepeatsAnythingWhereverItIsCut) {
  ask(GetParam());
  const std::string some_request = request(on(0));
  const std::size_t size = delivery(GetParam(), some_request, {"two"}, 2).size();
  for (std::size_t cut = 0; cut <= size; ++cut) {
    SCOPED_TRACE(fmt::format("cut after {} bytes", cut));
    start_over();
    join_and_lose();
    const std::string second = request(on(1));
    ASSERT_EQ(tag_in(second), "1");
    const std::uint64_t before = client_->traffic().read;
    send(on(1), delivery(GetParam(), second, {"two"}, 2).substr(0, cut));
    ASSERT_TRUE(run_until(loop_, [&] { return client_->traffic().read >= before + cut; }));
    drop(on(1));
    const std::string third = request(on(2));
    const std::string has = tag_in(third);
    ASSERT_THAT(has, AnyOf(Eq("1"), Eq("2")));
    const bool has_two = has == "2";
    send(on(2),
         delivery(GetParam(), third,
                  has_two ? std::vector<std::string>{"three"} : std::vector<std::string>{"two"},
                  has_two ? 3 : 2));
    await(has_two ? "message 3" : "message 2");
    EXPECT_EQ(said(), has_two ? "one two three" : "one two");
    EXPECT_EQ(logged("failure"), 0);
    EXPECT_EQ(logged("joined"), 1);
  }
}

TEST_P(EveryNchanClient, SaysThatItIsBackAfterACut) {
  ask(GetParam());
  send(on(0), delivery(GetParam(), request(on(0)), {"one"}, 1));
  await("message 1");
  EXPECT_TRUE(client_->cut());
  send(on(1), delivery(GetParam(), request(on(1)), {"two"}, 2));
  await("message 2");
  EXPECT_EQ(logged("rejoined"), 1);
  EXPECT_EQ(logged("disconnected"), 0);
}

TEST_P(EveryNchanClient, ADeletedRoomIsAFailure) {
  join_and_lose();
  request(on(1));
  send(on(1), http("410 Gone", ""));
  await("failure");
  EXPECT_THAT(log_.back(), HasSubstr("answered 410"));
  expect_no_further_connection();
}

TEST_P(EveryNchanClient, ALocationThatIsNotThereIsAFailure) {
  ask(GetParam());
  request(on(0));
  send(on(0), http("404 Not Found", "<html>"));
  await("failure");
  EXPECT_THAT(log_.back(), HasSubstr("answered 404 <html>"));
  EXPECT_EQ(logged("failure"), 1);
  expect_no_further_connection();
}

/// A long poll cannot tell the request for the room's place from a poll.
class NchanClientThatAsksFirst : public EveryNchanClient {};

TEST_P(NchanClientThatAsksFirst, WaitsForARoomsPlaceNoLongerThanForAnySetUp) {
  clients::ClientOptions options;
  options.set_up = std::chrono::milliseconds(50);
  start(GetParam(), options, "nchan");
  await("failure");
  EXPECT_THAT(log_.back(), HasSubstr("no answer came in time"));
}

TEST_P(EveryNchanClient, SaysInOneLineWhatNginxAnswers) {
  ask(GetParam());
  send(on(0), delivery(GetParam(), request(on(0)), {"one"}, 1));
  await("message 1");
  client_->publish({"ann", "two", "two"});
  request(on(1));
  send(on(1), http("404 Not Found", kNotFoundPage));
  await("failure");
  EXPECT_THAT(log_.back(), EndsWith("publish answered 404 <html> <head><title>404 Not Found"
                                    "</title></head> <body> </body> </html>"));
}

TEST_P(EveryNchanClient, SaysWhereARedirectLeads) {
  begin(GetParam());
  request(0);
  send(0, http("301 Moved Permanently", kNotFoundPage, "Location: https://chat.example/pub/r\r\n"));
  await("failure");
  EXPECT_THAT(log_.back(), HasSubstr("answered 301 (to https://chat.example/pub/r) <html> <head>"));
}

TEST_P(EveryNchanClient, WhatIsNoDraftIsAFailure) {
  ask(GetParam());
  std::string answer = delivery(GetParam(), request(on(0)), {"one"}, 1);
  const std::size_t at = answer.find(R"("from")");
  answer.replace(at, 6, R"("frum")");
  send(on(0), answer);
  await("failure");
  EXPECT_THAT(log_.back(), HasSubstr("message: is no draft"));
  EXPECT_EQ(said(), "");
  expect_no_further_connection();
}

TEST_P(EveryNchanClient, ARefusedDraftIsAFailureOfThatDraftAlone) {
  ask(GetParam());
  send(on(0), delivery(GetParam(), request(on(0)), {"one"}, 1));
  await("message 1");
  client_->publish({"ann", "two", "two"});
  request(on(1));
  send(on(1), http("413 Request Entity Too Large", "too long"));
  await("failure");
  EXPECT_THAT(log_.back(), HasSubstr("publish answered 413 too long"));
  EXPECT_TRUE(client_->is_subscribed());
}

INSTANTIATE_TEST_SUITE_P(Transports, EveryNchanClient,
                         testing::Values("long-polling", "sse", "websocket"), test_name);
INSTANTIATE_TEST_SUITE_P(Transports, NchanClientThatAsksFirst, testing::Values("sse", "websocket"),
                         test_name);

}  // namespace
}  // namespace pushbench::test

#include "tests/servers/server_test.h"
#include "tests/servers/test_events.h"
#include "tests/support/awkward_texts.h"

namespace pushbench::test {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

class SseTest : public ServerTest {
 protected:
  std::unique_ptr<TestEvents> listen(std::string_view target = "/rooms/r/events",
                                     std::string_view more_headers = {}) {
    auto events = std::make_unique<TestEvents>(loop_, server_->address(), target, more_headers);
    EXPECT_TRUE(run_until([&] { return events->status != 0; }));
    return events;
  }
  std::string id_of(wire::Seq seq) { return fmt::format("{}.{}", server_->store().epoch(), seq); }
};

TEST_F(SseTest, BringsTheBacklogThenWhatIsNew) {
  start();
  for (const char* text : {"a", "b", "c"}) publish("r", text);
  const auto events = listen("/rooms/r/events?after=1");
  EXPECT_EQ(events->status, 200);
  EXPECT_EQ(events->content_type, "text/event-stream");
  EXPECT_TRUE(events->chunked);
  ASSERT_TRUE(run_until([&] { return events->batches.size() == 1; }));
  EXPECT_EQ(events->batches[0], R"([{"seq":2,"from":"host","text":"b","at":1},)"
                                R"({"seq":3,"from":"host","text":"c","at":1}])");
  publish("r", "d");
  publish("r", "e");
  ASSERT_TRUE(run_until([&] { return events->batches.size() == 2; }));
  EXPECT_EQ(Inbox(events->batches).seqs, seqs_up_to(5, 2));
  EXPECT_THAT(events->ids, ElementsAre(id_of(3), id_of(5)));
  EXPECT_THAT(events->retries, ElementsAre(2000u));
  EXPECT_EQ(events->problem, "");
  EXPECT_TRUE(room_has("r", "sse", 1));
}

TEST_F(SseTest, ABrowserResumesByItsLastEventId) {
  start();
  for (const char* text : {"a", "b", "c"}) publish("r", text);
  // It repeats the URL as it was, and says how far it has come since.
  const auto events =
      listen("/rooms/r/events?after=0", fmt::format("Last-Event-ID: {}\r\n", id_of(2)));
  ASSERT_TRUE(run_until([&] { return events->batches.size() == 1; }));
  EXPECT_EQ(Inbox(events->batches).seqs, seqs_up_to(3, 3));
  EXPECT_THAT(Inbox(events->batches).gaps, IsEmpty());
}

TEST_F(SseTest, AnotherEpochsIdIsAGap) {
  start();
  publish("r", "a");
  const auto events = listen("/rooms/r/events", "Last-Event-ID: zzzz.1\r\n");
  ASSERT_TRUE(run_until([&] { return events->batches.size() == 1; }));
  EXPECT_THAT(Inbox(events->batches).gaps, ElementsAre("restarted"));
  EXPECT_EQ(Inbox(events->batches).seqs, seqs_up_to(1));
}

TEST_F(SseTest, RefusesACursorThatIsNone) {
  start();
  for (const char* id : {"x", "-1", "1.2.3", "k3f9.", ".5", "99999999999999999999"}) {
    const auto client = connect();
    const auto answer =
        exchange(*client, get("/rooms/r/events", fmt::format("Last-Event-ID: {}\r\n", id)));
    EXPECT_EQ(answer.status(), 400) << id;
    EXPECT_THAT(std::string(answer.body()), HasSubstr("Last-Event-ID: ")) << id;
  }
  // None at all is what a browser sends before the first event.
  EXPECT_EQ(listen("/rooms/r/events", "Last-Event-ID: \r\n")->status, 200);
}

TEST_F(SseTest, SaysTheEpochToWhomDoesNotKnowIt) {
  start();
  EXPECT_EQ(listen("/rooms/r/events")->epoch_header, server_->store().epoch());
  EXPECT_EQ(listen("/rooms/r/events?after=" + id_of(0))->epoch_header, "");
}

TEST_F(SseTest, NoMessageCanForgeAnEvent) {
  start();
  const auto events = listen();
  std::vector<std::string> texts = awkward_texts();
  for (const char* forged : {"x\n\nid: 9\ndata: forged\n\n", "x\r\rdata: forged\r\r",
                             "x\r\n\r\nevent: evil\r\ndata: y\r\n\r\n", "\n:\nretry: 1\n"}) {
    texts.emplace_back(forged);
  }
  for (const std::string& text : texts) {
    publish("r", text);
    ASSERT_TRUE(run_until([&] { return !events->batches.empty(); }));
    ASSERT_EQ(events->batches.size(), 1u) << text;
    EXPECT_THAT(Inbox(events->batches).texts, ElementsAre(text));
    events->batches.clear();
  }
  EXPECT_THAT(events->retries, ElementsAre(2000u));
  EXPECT_EQ(events->ids.back(), id_of(texts.size()));
  EXPECT_EQ(events->problem, "");
}

TEST_F(SseTest, ALongBacklogComesInSeveralEventsWithoutOverlap) {
  options_.store.max_batch = 64 * 1024;
  start();
  const std::string text(16 * 1024, 'x');
  constexpr wire::Seq kMany = 200;
  for (wire::Seq seq = 1; seq <= kMany; ++seq) publish("r", text);
  const auto events = listen();
  ASSERT_TRUE(run_until([&] { return Inbox(events->batches).seqs.size() == kMany; }));
  EXPECT_GT(events->batches.size(), 10u);
  publish("r", "new");
  ASSERT_TRUE(run_until([&] { return Inbox(events->batches).seqs.size() == kMany + 1; }));
  EXPECT_EQ(Inbox(events->batches).seqs, seqs_up_to(kMany + 1));
  EXPECT_EQ(events->ids.back(), id_of(kMany + 1));
}

TEST_F(SseTest, ASilentStreamGetsComments) {
  options_.deadlines.keep_alive = std::chrono::milliseconds{20};
  start();
  const auto events = listen();
  ASSERT_TRUE(run_until([&] { return events->body == "retry: 2000\n\n:\n\n:\n\n:\n\n"; }));
  EXPECT_THAT(events->batches, IsEmpty());
}

TEST_F(SseTest, HttpOneZeroGetsItUnchunked) {
  start();
  publish("r", "a");
  const auto client = connect();
  client->send("GET /rooms/r/events HTTP/1.0\r\n\r\n");
  const std::string expected = fmt::format(
      "\r\n\r\nretry: 2000\n\nid: {}\ndata: "
      "[{{\"seq\":1,\"from\":\"host\",\"text\":\"a\",\"at\":1}}]\n\n",
      id_of(1));
  ASSERT_TRUE(run_until([&] { return client->received().ends_with(expected); }))
      << client->received();
  EXPECT_THAT(client->received(), HasSubstr("Connection: close\r\n"));
  EXPECT_THAT(client->received(), testing::Not(HasSubstr("chunked")));
}

TEST_F(SseTest, AHeadHasNoEvents) {
  start();
  publish("r", "a");
  const auto client = connect();
  client->send("HEAD /rooms/r/events HTTP/1.1\r\nHost: test\r\n\r\n" + get("/healthz"));
  ASSERT_TRUE(run_until([&] { return client->received().ends_with("ok\n"); }));
  EXPECT_THAT(client->received(), StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(client->received(), HasSubstr("Content-Type: text/event-stream\r\n"));
  EXPECT_THAT(client->received(), testing::Not(HasSubstr("retry")));
  EXPECT_TRUE(room_has("r", "sse", 0));
}

TEST_F(SseTest, WhoLeavesIsForgotten) {
  start();
  auto events = listen();
  ASSERT_TRUE(room_has("r", "sse", 1));
  events.reset();
  EXPECT_TRUE(room_has("r", "sse", 0));
}

TEST_F(SseTest, ItEndsAsAResponseEndsWhenTheServerStops) {
  start();
  const auto events = listen();
  ASSERT_TRUE(room_has("r", "sse", 1));
  server_->shut_down();
  ASSERT_TRUE(run_until([&] { return events->complete && events->ended(); }));
  EXPECT_EQ(events->problem, "");
  EXPECT_TRUE(run_until([&] { return server_->connections() == 0; }));
}

TEST_F(SseTest, OneWhoDoesNotReadIsCutAndResumesWithoutLoss) {
  options_.transports.max_queue = 64 * 1024;
  options_.store.retain = 10'000;
  start();
  const auto slow = listen();
  const auto asker = connect();
  slow->stream().pause_reading();
  const std::string text(64 * 1024, 'x');
  wire::Seq published = 0;
  while (published < 1000 && !room_says(*asker, "r", "sse", 0)) {
    for (int i = 0; i < 16; ++i, ++published) {
      publish("r", text);
      ASSERT_TRUE(run_until([&, turns = 0]() mutable { return ++turns == 2; }));
    }
  }
  ASSERT_LT(published, 1000u) << "never cut";
  EXPECT_EQ(server_->limit_hits().of(servers::Limit::max_queue), 1u);
  slow->stream().resume_reading();
  ASSERT_TRUE(run_until([&] { return slow->ended(); }));
  Inbox inbox(slow->batches);
  ASSERT_FALSE(slow->ids.empty());
  const auto resumed =
      listen("/rooms/r/events", fmt::format("Last-Event-ID: {}\r\n", slow->ids.back()));
  const std::size_t left = published - inbox.seqs.size();
  ASSERT_TRUE(run_until([&] { return Inbox(resumed->batches).seqs.size() == left; }));
  for (const std::string& batch : resumed->batches) inbox.add(batch);
  EXPECT_EQ(inbox.seqs, seqs_up_to(published));
  EXPECT_THAT(inbox.gaps, IsEmpty());
}

}  // namespace
}  // namespace pushbench::test

// What course/skeleton/http_streaming.cc must do, step by step. The same test passes with the
// teacher's solution.

#include <algorithm>

#include "course/skeleton/mounted.h"
#include "course/skeleton/test_lines.h"
#include "tests/servers/counting_new.h"
#include "tests/servers/server_test.h"
#include "tests/support/raw_socket.h"

namespace pushbench::test {
namespace {

using servers::Limit;
using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr std::string_view kStream = "/rooms/r/stream";

class HttpStreamingTest : public ServerTest {
 protected:
  HttpStreamingTest() { options_.transport_maker = servers::with_http_streaming; }

  /// A stream whose head has come; null, and the test has failed, where none does.
  std::unique_ptr<TestLines> listen(std::string_view target = kStream) {
    auto stream = std::make_unique<TestLines>(loop_, server_->address(), target);
    const bool answered = run_until([&] { return stream->answered(); });
    if (stream->status == 200 && stream->problem.empty()) return stream;
    if (stream->status == 200) {
      ADD_FAILURE() << "step 2: the body is not made of chunks: " << stream->problem;
    } else {
      ADD_FAILURE() << "step 1: GET " << target << " must begin an answer with status 200; "
                    << (answered ? fmt::format("it got {} {}{}", stream->status, stream->refusal,
                                               stream->problem)
                                 : "it got none");
    }
    return nullptr;
  }

  /// Turns the loop until the stream has so many messages.
  bool brings(const TestLines& stream, std::size_t messages) {
    const auto has_them = [&] { return Inbox(stream.batches).seqs.size() >= messages; };
    const bool came = run_until([&] { return has_them() || !stream.problem.empty(); });
    EXPECT_EQ(stream.problem, "") << "step 2: the body is not made of chunks";
    return came && has_them();
  }

  /// Has so many listen that are not on the loop: all that is counted then is the server's own.
  void have_listen(int count) {
    while (static_cast<int>(listeners_.size()) < count) {
      listeners_.push_back(RawSocket::connected_to(server_->address()));
      listeners_.back().send(get(kStream));
    }
    ASSERT_TRUE(room_has("r", "http-streaming", count))
        << "step 2: " << count << " subscribers must stand in the room";
  }
  void deliver_one() {
    publish("r", "to all");
    const std::uint64_t writes = server_->bytes().writes;
    ASSERT_TRUE(run_until([&] { return server_->bytes().writes > writes; }))
        << "step 3: on_published() must deliver to each stream of the room";
  }
  /// Blocks of memory that kBatches to all take, once every queue has its size.
  double blocks_taken() {
    deliver_one();
    deliver_one();
    const std::uint64_t before = allocations().count;
    for (int batch = 0; batch < kBatches && !HasFatalFailure(); ++batch) deliver_one();
    return static_cast<double>(allocations().count - before);
  }

  std::string epoch() const { return server_->store().epoch(); }

  static constexpr int kBatches = 8;  // the store's own containers take less than a block for each

 private:
  std::vector<RawSocket> listeners_;
};

TEST_F(HttpStreamingTest, Step1BeginsAResponseWithoutAnEnd) {
  start();
  const auto stream = listen();
  if (stream == nullptr) return;
  EXPECT_EQ(stream->content_type, "application/x-ndjson") << "step 1: the head's Content-Type";
  EXPECT_EQ(stream->cache_control, "no-store") << "step 1: no cache may keep this answer";
  EXPECT_TRUE(stream->chunked)
      << "step 1: without a length the body comes in chunks; exchange.stream() adds the header";
  EXPECT_FALSE(stream->complete) << "step 1: the response is over already";
  EXPECT_FALSE(stream->ended()) << "step 1: the connection is closed already";
}

TEST_F(HttpStreamingTest, Step2BringsWhatIsRetainedAsALine) {
  start();
  for (const char* text : {"a", "b", "c"}) publish("r", text);
  const auto stream = listen("/rooms/r/stream?after=1");
  if (stream == nullptr) return;
  EXPECT_TRUE(brings(*stream, 2))
      << "step 2: after the start, the backlog must come as a line. This came: " << stream->body;
  const std::string json = R"([{"seq":2,"from":"host","text":"b","at":1},)"
                           R"({"seq":3,"from":"host","text":"c","at":1}])";
  EXPECT_EQ(stream->body, json + "\n") << "step 2: a line is the batch's JSON and a line break";
  EXPECT_THAT(stream->raw, EndsWith(fmt::format("\r\n{:x}\r\n{}\n\r\n", json.size() + 1, json)))
      << "step 2: the line break belongs to the line: it lies in the chunk, and counts in its size";
}

TEST_F(HttpStreamingTest, Step2ResumesAfterWhatTheClientHas) {
  start();
  for (const char* text : {"a", "b", "c"}) publish("r", text);
  const auto stream = listen(fmt::format("{}?after={}.2", kStream, epoch()));
  if (stream == nullptr) return;
  ASSERT_TRUE(brings(*stream, 1)) << "step 2: with after=2, message 3 must come";
  EXPECT_EQ(Inbox(stream->batches).seqs, seqs_up_to(3, 3)) << "step 2: with after=2";
  EXPECT_THAT(Inbox(stream->batches).gaps, IsEmpty()) << "step 2: nothing is missing";
}

TEST_F(HttpStreamingTest, Step2TellsAGap) {
  options_.store.retain = 3;
  start();
  for (const char* text : {"a", "b", "c", "d", "e"}) publish("r", text);
  const auto expired = listen("/rooms/r/stream?after=1");
  const auto restarted = listen("/rooms/r/stream?after=zzzz.5");
  if (expired == nullptr || restarted == nullptr) return;
  ASSERT_TRUE(brings(*expired, 3) && brings(*restarted, 3)) << "step 2: the backlog does not come";
  EXPECT_THAT(Inbox(expired->batches).gaps, ElementsAre("expired"))
      << "step 2: message 2 is not retained, and the client must hear of it";
  EXPECT_THAT(Inbox(restarted->batches).gaps, ElementsAre("restarted"))
      << "step 2: the cursor is of another epoch, and the client must hear of it";
  EXPECT_EQ(Inbox(expired->batches).seqs, seqs_up_to(5, 3)) << "step 2: what is left follows";
}

TEST_F(HttpStreamingTest, Step2ALongBacklogComesInSeveralLines) {
  options_.store.max_batch = 64 * 1024;
  start();
  constexpr wire::Seq kMany = 200;
  for (wire::Seq seq = 1; seq <= kMany; ++seq) publish("r", std::string(16 * 1024, 'x'));
  const auto stream = listen();
  if (stream == nullptr) return;
  EXPECT_TRUE(brings(*stream, kMany))
      << "step 2: when a batch has left, on_flushed() must ask for the next one";
  EXPECT_EQ(Inbox(stream->batches).seqs, seqs_up_to(kMany)) << "step 2: a long backlog";
}

TEST_F(HttpStreamingTest, Step3BringsWhatIsPublishedInOrderAndOnce) {
  start();
  publish("r", "before");
  const auto stream = listen();
  const auto elsewhere = listen("/rooms/other/stream");
  if (stream == nullptr || elsewhere == nullptr) return;
  for (wire::Seq last = 3; last <= 21; last += 2) {
    publish("r", "one");
    publish("r", "two");
    ASSERT_TRUE(brings(*stream, last)) << "step 3: on_published() must deliver to each stream of "
                                          "the room; there are "
                                       << stream->batches.size() << " batches, and none follows";
  }
  EXPECT_EQ(Inbox(stream->batches).seqs, seqs_up_to(21)) << "step 3: in order, and each once";
  EXPECT_THAT(elsewhere->batches, IsEmpty()) << "step 3: this one is in another room";
  EXPECT_TRUE(room_has("r", "http-streaming", 1)) << "step 3: it must stand in its room";
}

TEST_F(HttpStreamingTest, Step3WhoCatchesUpGetsNothingTwice) {
  options_.store.max_batch = 64 * 1024;
  start();
  constexpr wire::Seq kBacklog = 200;
  for (wire::Seq seq = 1; seq <= kBacklog; ++seq) publish("r", std::string(16 * 1024, 'x'));
  const auto stream = listen();
  if (stream == nullptr) return;
  publish("r", "while it catches up");
  EXPECT_TRUE(brings(*stream, kBacklog + 1)) << "step 3: the last message does not come";
  publish("r", "after that");
  EXPECT_TRUE(brings(*stream, kBacklog + 2)) << "step 3: once it has caught up, it is live";
  EXPECT_EQ(Inbox(stream->batches).seqs, seqs_up_to(kBacklog + 2))
      << "step 3: deliver() and do not send(): it knows who has the batch in its backlog";
}

TEST_F(HttpStreamingTest, Step4PacksABatchOnceHoweverManyListen) {
  start();
  if (listen("/rooms/other/stream") == nullptr) return;
  have_listen(5);
  if (HasFatalFailure()) return;
  const double for_five = blocks_taken();
  if (HasFatalFailure()) return;
  EXPECT_GT(for_five, kBatches) << "nothing was counted";
  for (const int listeners : {50, 200}) {
    have_listen(listeners);
    if (HasFatalFailure()) return;
    EXPECT_NEAR(blocks_taken(), for_five, kBatches)
        << "step 4: " << kBatches << " batches take more memory for " << listeners
        << " subscribers than for 5: pack the line once, before for_each(), and share it";
  }
}

TEST_F(HttpStreamingTest, Step4AllGetTheVeryBytesOfTheBatch) {
  start();
  std::vector<std::unique_ptr<TestLines>> streams;
  while (streams.size() < 20) {
    streams.push_back(listen());
    if (streams.back() == nullptr) return;
  }
  publish("r", "one \"quoted\"\nline");
  publish("r", "\xF0\x9F\x98\x80");
  const auto poller = connect();
  for (const auto& stream : streams) {
    ASSERT_TRUE(brings(*stream, 2)) << "step 3: on_published() must deliver to each stream";
  }
  const std::string batch(exchange(*poller, get("/rooms/r/poll?after=0")).body());
  for (const auto& stream : streams) {
    EXPECT_THAT(stream->batches, ElementsAre(batch))
        << "step 4: the line must be the bytes that every transport sends";
  }
}

TEST_F(HttpStreamingTest, Step5ForgetsWhoLeaves) {
  start();
  auto stays = listen();
  auto leaves = listen();
  if (stays == nullptr || leaves == nullptr) return;
  ASSERT_TRUE(room_has("r", "http-streaming", 2)) << "step 2: both must join the room";
  leaves.reset();
  ASSERT_TRUE(room_has("r", "http-streaming", 1))
      << "step 5: it has closed its connection, and stands in the room still";
  publish("r", "to the one that is left");
  EXPECT_TRUE(brings(*stays, 1)) << "step 5: the one that is left gets nothing any more";
}

TEST_F(HttpStreamingTest, Step6CutsWhoDoesNotRead) {
  options_.transports.max_queue = 64 * 1024;
  options_.store.retain = 10'000;
  start();
  const auto slow = listen();
  if (slow == nullptr) return;
  const auto asker = connect();
  ASSERT_TRUE(room_has("r", "http-streaming", 1)) << "step 2: it must join the room";
  slow->stream().pause_reading();
  wire::Seq published = 0;
  while (published < 1000 && !room_says(*asker, "r", "http-streaming", 0)) {
    for (int i = 0; i < 16; ++i, ++published) {
      publish("r", std::string(64 * 1024, 'x'));
      ASSERT_TRUE(run_until([&, turns = 0]() mutable { return ++turns == 2; }));
    }
  }
  ASSERT_LT(published, 1000u) << "step 6: it reads nothing, 64 MB are queued, and it is not cut";
  EXPECT_EQ(server_->limit_hits().of(Limit::max_queue), 1u) << "step 6: count the limit as hit";
  slow->stream().resume_reading();
  ASSERT_TRUE(run_until([&] { return slow->ended(); })) << "step 6: abort its connection";
  Inbox inbox(slow->batches);
  ASSERT_FALSE(inbox.seqs.empty()) << "step 6: what had left before the cut must have arrived";
  const auto resumed = listen(fmt::format("{}?after={}", kStream, inbox.seqs.back()));
  if (resumed == nullptr) return;
  ASSERT_TRUE(brings(*resumed, published - inbox.seqs.size())) << "step 6: it cannot resume";
  for (const std::string& batch : resumed->batches) inbox.add(batch);
  EXPECT_EQ(inbox.seqs, seqs_up_to(published)) << "step 6: it resumes without loss";
}

TEST_F(HttpStreamingTest, Step6KeepsWhoIsALittleBehind) {
  start();
  const auto stream = listen();
  if (stream == nullptr) return;
  ASSERT_TRUE(room_has("r", "http-streaming", 1)) << "step 2: it must join the room";
  for (const char* text : {"a", "b", "c"}) {
    publish("r", text);
    server_->store().deliver_all();  // though what was before has not left yet
  }
  EXPECT_TRUE(brings(*stream, 3)) << "step 6: a few bytes are queued, and it was cut";
  EXPECT_TRUE(room_has("r", "http-streaming", 1)) << "step 6: it was cut within the limit";
}

TEST_F(HttpStreamingTest, Step7ASilentStreamGetsEmptyLines) {
  options_.deadlines.keep_alive = milliseconds{20};
  start();
  const auto stream = listen();
  if (stream == nullptr) return;
  EXPECT_TRUE(run_until([&] { return stream->body.size() >= 3; }))
      << "step 7: on a silent stream an empty line must come each time that the keep-alive time is "
         "over; there are "
      << stream->body.size();
  EXPECT_THAT(stream->body, Not(HasSubstr("\r"))) << "step 7: an empty line is '\\n' alone";
  EXPECT_THAT(stream->raw, EndsWith("\r\n1\r\n\n\r\n1\r\n\n\r\n1\r\n\n\r\n"))
      << "step 7: each in a chunk of its own";
}

TEST_F(HttpStreamingTest, Step7GivesUpWhoTakesNothing) {
  options_.deadlines.keep_alive = milliseconds{50};
  options_.transports.max_queue = 1 << 30;
  start();
  const auto stream = listen();
  if (stream == nullptr) return;
  stream->stream().pause_reading();
  publish("r", std::string(32 * 1024 * 1024, 'x'));
  EXPECT_TRUE(run_until([&] { return server_->connections() == 0; }))
      << "step 7: nothing of what is queued leaves; its connection must be aborted";
  EXPECT_EQ(server_->limit_hits().of(Limit::ping_time), 1u) << "step 7: count the limit as hit";
}

TEST_F(HttpStreamingTest, Step8EndsTheResponseWhenTheServerStops) {
  options_.deadlines.close = std::chrono::hours{1};
  start();
  const auto stream = listen();
  if (stream == nullptr) return;
  ASSERT_TRUE(room_has("r", "http-streaming", 1)) << "step 2: it must join the room";
  publish("r", "the last word");
  server_->shut_down();
  EXPECT_TRUE(run_until([&] { return stream->ended(); }))
      << "step 8: close the connection as soon as all has left";
  EXPECT_THAT(Inbox(stream->batches).texts, ElementsAre("the last word"))
      << "step 8: what was published before must still arrive";
  EXPECT_TRUE(stream->complete) << "step 8: without its last chunk a response is a broken one";
  EXPECT_TRUE(run_until([&] { return server_->connections() == 0; })) << "step 8: all is over";
}

TEST_F(HttpStreamingTest, Step8DoesNotWaitForeverForItsClient) {
  options_.deadlines.close = milliseconds{50};
  start();
  const auto stream = listen();
  if (stream == nullptr) return;
  stream->stream().pause_reading();  // so that it never closes its end
  server_->shut_down();
  EXPECT_TRUE(run_until([&] { return server_->connections() == 0; }))
      << "step 8: the client does not close its end; after deadlines.close the server must";
}

TEST_F(HttpStreamingTest, Step9HttpOneZeroGetsLinesWithoutChunks) {
  options_.deadlines.keep_alive = milliseconds{20};
  start();
  publish("r", "a");
  const auto client = connect();
  client->send(fmt::format("GET {} HTTP/1.0\r\n\r\n", kStream));
  const auto line_ends = [&] {
    const std::string& all = client->received();
    const auto first = std::min(all.find("\"a\""), all.size());
    return std::count(all.begin() + static_cast<std::ptrdiff_t>(first), all.end(), '\n');
  };
  ASSERT_TRUE(run_until([&] { return line_ends() >= 2 || client->ended(); }) && line_ends() >= 2)
      << "step 9: to HTTP/1.0, too, a line and an empty line must come; this came:\n"
      << client->received();
  publish("r", "b");
  EXPECT_TRUE(run_until([&] { return client->received().find("\"b\"") != std::string::npos; }))
      << "step 9: to HTTP/1.0, too, what is published must come";
  server_->shut_down();
  EXPECT_TRUE(run_until([&] { return client->ended(); })) << "step 8: close the connection";
  const std::string& all = client->received();
  EXPECT_THAT(all, HasSubstr("\r\n\r\n[{\"seq\":1,")) << "step 9: the first line follows the head";
  EXPECT_THAT(all.substr(all.find("\r\n\r\n") + 4), Not(HasSubstr("\r")))
      << "step 9: HTTP/1.0 has no chunks, not even the last one";
}

}  // namespace
}  // namespace pushbench::test

#include "tests/servers/server_test.h"

namespace pushbench::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class PollingTest : public ServerTest {
 protected:
  /// What a poll brings: the batch's JSON, or "" for a 204.
  std::string poll(TestClient& client, std::string_view after) {
    const auto answer = exchange(client, get(fmt::format("/rooms/r/poll{}", after)));
    EXPECT_EQ(answer.status(), answer.body().empty() ? 204 : 200);
    return std::string(answer.body());
  }
};

TEST_F(PollingTest, BringsTheBacklogAndThenWhatIsNew) {
  start();
  publish("r", "a");
  publish("r", "b");
  const auto client = connect();
  EXPECT_EQ(poll(*client, ""), R"([{"seq":1,"from":"host","text":"a","at":1},)"
                               R"({"seq":2,"from":"host","text":"b","at":1}])");
  EXPECT_EQ(Inbox({poll(*client, "?after=1")}).seqs, seqs_up_to(2, 2));
  EXPECT_EQ(poll(*client, "?after=2"), "");
  EXPECT_EQ(poll(*client, "?after=" + server_->store().epoch() + ".2"), "");
  publish("r", "c");
  EXPECT_EQ(Inbox({poll(*client, "?after=2")}).texts, (std::vector<std::string>{"c"}));
}

TEST_F(PollingTest, LeadsWithAGap) {
  options_.store.retain = 2;
  start();
  for (int i = 0; i < 5; ++i) publish("r", "x");
  const auto client = connect();
  const Inbox expired({poll(*client, "?after=1")});
  EXPECT_THAT(expired.gaps, ElementsAre("expired"));
  EXPECT_EQ(expired.seqs, seqs_up_to(5, 4));
  EXPECT_THAT(Inbox({poll(*client, "?after=9")}).gaps, ElementsAre("restarted"));
  EXPECT_THAT(Inbox({poll(*client, "?after=zzzz.5")}).gaps, ElementsAre("restarted"));
  EXPECT_THAT(Inbox({poll(*client, "?after=3")}).gaps, IsEmpty());
}

TEST_F(PollingTest, ALongBacklogTakesSeveralPolls) {
  options_.store.max_batch = 1000;
  start();
  for (int i = 0; i < 100; ++i) publish("r", std::string(100, 'x'));
  const auto client = connect();
  Inbox inbox;
  int polls = 0;
  for (std::string batch = poll(*client, ""); !batch.empty(); ++polls) {
    inbox.add(batch);
    ASSERT_FALSE(inbox.seqs.empty());
    batch = poll(*client, fmt::format("?after={}", inbox.seqs.back()));
  }
  EXPECT_EQ(inbox.seqs, seqs_up_to(100));
  EXPECT_GT(polls, 10);
}

TEST_F(PollingTest, LeavesNothingBehindOnTheServer) {
  start();
  publish("r", "a");
  const auto client = connect();
  poll(*client, "");
  EXPECT_TRUE(room_has("r", "polling", 0));
  EXPECT_TRUE(room_has("r", "long-polling", 0));
}

TEST_F(PollingTest, RefusesACursorItCannotRead) {
  start();
  const auto client = connect();
  for (const std::string_view after :
       {"x", "", "-1", "1.", ".1", "1.x", "18446744073709551616", "1%20"}) {
    const auto answer = exchange(*client, get(fmt::format("/rooms/r/poll?after={}", after)));
    EXPECT_EQ(answer.status(), 400) << after;
    EXPECT_THAT(std::string(answer.body()), ::testing::HasSubstr("after")) << after;
  }
}

TEST_F(PollingTest, RefusesARoomPastTheLimit) {
  options_.store.max_rooms = 1;
  start();
  const auto client = connect();
  EXPECT_EQ(exchange(*client, get("/rooms/one/poll")).status(), 204);
  EXPECT_EQ(exchange(*client, get("/rooms/two/poll")).status(), 503);
  EXPECT_EQ(exchange(*client, post("/rooms/two/messages", R"({"from":"a","text":"x"})")).status(),
            503);
  EXPECT_EQ(exchange(*client, get("/rooms/two")).status(), 200);  // looking makes no room
  EXPECT_EQ(exchange(*client, get("/rooms/one/poll")).status(), 204);
}

}  // namespace
}  // namespace pushbench::test

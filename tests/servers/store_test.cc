#include "servers/store.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "tests/servers/test_client.h"

namespace pushbench::servers {
namespace {

using test::Inbox;
using test::seqs_up_to;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::int64_t kAt = 1764000000000;

struct Delivered {
  std::string room;
  Batch batch;
};

class Recorder final : public DeliveryListener {
 public:
  void on_published(Room& room, const Batch& batch) override {
    deliveries.push_back({room.name(), batch});
  }
  std::vector<std::string> batches() const {
    std::vector<std::string> json;
    for (const Delivered& delivered : deliveries) json.push_back(*delivered.batch.json);
    return json;
  }
  std::vector<Delivered> deliveries;
};

class StoreTest : public ::testing::Test {
 protected:
  MessageStore& make(StoreOptions options = {}) {
    store_ = std::make_unique<MessageStore>(options, "k3f9", recorder_);
    return *store_;
  }
  Room& open(std::string_view name) { return **store_->open(name); }
  Published publish(Room& room, std::string_view text, std::string_view id = {},
                    std::string_view from = "ann") {
    return store_->publish(room, {from, text, id}, kAt);
  }
  void publish_many(Room& room, int count) {
    for (int i = 0; i < count; ++i) publish(room, fmt::format("text {}", i));
  }

  Recorder recorder_;
  std::unique_ptr<MessageStore> store_;
};

TEST_F(StoreTest, EachRoomCountsOnItsOwnWithoutGaps) {
  make();
  Room& one = open("one");
  Room& other = open("other");
  for (Seq seq = 1; seq <= 5; ++seq) {
    EXPECT_EQ(publish(one, "x").seq, seq);
    if (seq % 2 == 1) {
      EXPECT_EQ(publish(other, "y").seq, seq / 2 + 1);
    }
  }
  EXPECT_EQ(one.last(), 5u);
  EXPECT_EQ(other.last(), 3u);
  EXPECT_EQ(store_->published(), 8u);
  EXPECT_EQ(store_->rooms(), 2u);
  EXPECT_EQ(store_->epoch(), "k3f9");
}

TEST_F(StoreTest, AnEmptyRoomBeginsAtOne) {
  make();
  Room& room = open("empty");
  EXPECT_EQ(room.last(), 0u);
  EXPECT_EQ(room.oldest(), 1u);
  EXPECT_TRUE(room.after({}).empty());
}

TEST_F(StoreTest, KeepsNoMoreThanItRetains) {
  make({.retain = 3});
  Room& room = open("r");
  publish_many(room, 3);
  EXPECT_EQ(room.oldest(), 1u);
  publish_many(room, 7);
  EXPECT_EQ(room.oldest(), 8u);
  EXPECT_EQ(room.last(), 10u);
  const Batch all = room.after({"", 7});
  EXPECT_EQ(Inbox({*all.json}).seqs, seqs_up_to(10, 8));
  EXPECT_EQ(all.last, 10u);
}

TEST_F(StoreTest, ABatchIsExactlyTheseBytes) {
  make();
  Room& room = open("r");
  publish(room, "hi", "a1");
  publish(room, "say \"no\"\n\\", {}, "bob");
  EXPECT_EQ(*room.after({}).json,
            R"([{"seq":1,"from":"ann","text":"hi","id":"a1","at":1764000000000},)"
            R"({"seq":2,"from":"bob","text":"say \"no\"\n\\","at":1764000000000}])");
  EXPECT_EQ(*room.after({"k3f9", 1}).json,
            R"([{"seq":2,"from":"bob","text":"say \"no\"\n\\","at":1764000000000}])");
  EXPECT_TRUE(room.after({"", 2}).empty());
  EXPECT_TRUE(room.after({"k3f9", 2}).empty());
}

TEST_F(StoreTest, TheSameIdFromTheSamePublisherIsStoredOnce) {
  make();
  Room& room = open("r");
  EXPECT_TRUE(publish(room, "first", "a1").stored);
  EXPECT_EQ(publish(room, "second", "a2").seq, 2u);
  const Published again = publish(room, "changed", "a1");
  EXPECT_EQ(again.seq, 1u);
  EXPECT_FALSE(again.stored);
  EXPECT_EQ(room.last(), 2u);
  EXPECT_EQ(store_->published(), 2u);
  EXPECT_EQ(Inbox({*room.after({}).json}).texts, (std::vector<std::string>{"first", "second"}));
}

TEST_F(StoreTest, WhatMakesAMessageAnother) {
  make();
  Room& room = open("r");
  EXPECT_EQ(publish(room, "x", "1", "ann").seq, 1u);
  EXPECT_EQ(publish(room, "x", "1", "bob").seq, 2u);       // another publisher
  EXPECT_EQ(publish(room, "x", "2b", "a").seq, 3u);        // from and id must not run together
  EXPECT_EQ(publish(room, "x", "b", "a2").seq, 4u);        //
  EXPECT_EQ(publish(room, "x", "a1", "1:").seq, 5u);       // nor may they fake the separator
  EXPECT_EQ(publish(room, "x", ":a1", "1").seq, 6u);       //
  EXPECT_EQ(publish(room, "x").seq, 7u);                   // without an id, each is a new one
  EXPECT_EQ(publish(room, "x").seq, 8u);                   //
  EXPECT_EQ(publish(open("s"), "x", "1", "ann").seq, 1u);  // another room
}

TEST_F(StoreTest, AnIdIsKnownForAsLongAsItsMessageIsRetained) {
  make({.retain = 3});
  Room& room = open("r");
  publish(room, "old", "a1");
  publish_many(room, 2);
  EXPECT_FALSE(publish(room, "old", "a1").stored);
  publish_many(room, 1);  // drops it
  const Published anew = publish(room, "old", "a1");
  EXPECT_TRUE(anew.stored);
  EXPECT_EQ(anew.seq, 5u);
  EXPECT_EQ(publish(room, "old", "a1").seq, 5u);
}

TEST_F(StoreTest, SaysWhatRetentionDropped) {
  make({.retain = 2});
  Room& room = open("r");
  publish(room, "a");
  publish(room, "b");
  publish(room, "c");
  publish(room, "d");
  EXPECT_EQ(*room.after({"", 1}).json,
            R"([{"gap":{"reason":"expired","after":1,"oldest":3,"last":4,"epoch":"k3f9"}},)"
            R"({"seq":3,"from":"ann","text":"c","at":1764000000000},)"
            R"({"seq":4,"from":"ann","text":"d","at":1764000000000}])");
  EXPECT_EQ(room.after({"", 1}).last, 4u);
  // Right before the oldest nothing is missing.
  EXPECT_THAT(Inbox({*room.after({"", 2}).json}).gaps, IsEmpty());
  EXPECT_EQ(Inbox({*room.after({"k3f9", 2}).json}).seqs, seqs_up_to(4, 3));
}

TEST_F(StoreTest, SaysThatTheCursorIsOfAnotherStore) {
  make();
  Room& room = open("r");
  publish(room, "a");
  constexpr std::string_view message = R"({"seq":1,"from":"ann","text":"a","at":1764000000000}])";
  EXPECT_EQ(*room.after({"gone", 1}).json,
            R"([{"gap":{"reason":"restarted","after":1,"oldest":1,"last":1,"epoch":"k3f9"}},)" +
                std::string(message));
  EXPECT_EQ(*room.after({"", 2}).json,
            R"([{"gap":{"reason":"restarted","after":2,"oldest":1,"last":1,"epoch":"k3f9"}},)" +
                std::string(message));
  EXPECT_EQ(*open("empty").after({"", 18446744073709551615u}).json,
            R"([{"gap":{"reason":"restarted","after":18446744073709551615,"oldest":1,"last":0,)"
            R"("epoch":"k3f9"}}])");
}

TEST_F(StoreTest, ALongBacklogComesInSeveralBatches) {
  make({.max_batch = 200});
  Room& room = open("r");
  publish_many(room, 20);
  std::vector<std::string> batches;
  Seq last = 0;
  for (Batch batch = room.after({}); !batch.empty(); batch = room.after({"", last})) {
    EXPECT_GT(batch.last, last);
    EXPECT_LT(batch.json->size(), 200u + 60u);  // one message past the limit at most
    last = batch.last;
    batches.push_back(*batch.json);
  }
  EXPECT_GT(batches.size(), 3u);
  EXPECT_EQ(Inbox(batches).seqs, seqs_up_to(20));
}

TEST_F(StoreTest, AMessageLargerThanABatchStillLeaves) {
  make({.max_batch = 10});
  Room& room = open("r");
  publish(room, std::string(1000, 'x'));
  publish(room, "y");
  EXPECT_EQ(room.after({}).last, 1u);
  EXPECT_EQ(room.after({"", 1}).last, 2u);
  // A gap takes room in its batch; the first message still goes with it.
  const Batch led = room.after({"other", 0});
  EXPECT_EQ(led.last, 1u);
  EXPECT_THAT(Inbox({*led.json}).gaps, ElementsAre("restarted"));
}

TEST_F(StoreTest, EqualRequestsShareTheirBytes) {
  make();
  Room& room = open("r");
  publish_many(room, 3);
  store_->deliver_all();
  const Batch all = room.after({});
  EXPECT_EQ(all.json, recorder_.deliveries.at(0).batch.json);
  const Batch tail = room.after({"", 2});
  EXPECT_NE(tail.json, all.json);
  EXPECT_EQ(room.after({}).json, all.json);
  EXPECT_EQ(room.after({"k3f9", 2}).json, tail.json);
  publish_many(room, 1);
  EXPECT_EQ(Inbox({*room.after({}).json}).seqs, seqs_up_to(4));  // no stale bytes
}

TEST_F(StoreTest, WhatATurnPublishesIsOneBatchForEachRoom) {
  make();
  publish_many(open("one"), 3);
  publish_many(open("two"), 2);
  publish_many(open("one"), 1);
  EXPECT_THAT(recorder_.deliveries, IsEmpty());
  store_->deliver_all();
  ASSERT_EQ(recorder_.deliveries.size(), 2u);
  EXPECT_EQ(recorder_.deliveries[0].room, "one");
  EXPECT_EQ(Inbox({*recorder_.deliveries[0].batch.json}).seqs, seqs_up_to(4));
  EXPECT_EQ(recorder_.deliveries[1].room, "two");
  EXPECT_EQ(Inbox({*recorder_.deliveries[1].batch.json}).seqs, seqs_up_to(2));
  store_->deliver_all();
  EXPECT_EQ(recorder_.deliveries.size(), 2u);
}

TEST_F(StoreTest, ARepeatedIdIsNotDeliveredAgain) {
  make();
  Room& room = open("r");
  publish(room, "x", "a1");
  store_->deliver_all();
  publish(room, "x", "a1");
  store_->deliver_all();
  EXPECT_EQ(recorder_.deliveries.size(), 1u);
}

TEST_F(StoreTest, NothingFallsOutOfRetentionUndelivered) {
  make({.retain = 4});
  Room& room = open("r");
  publish_many(room, 30);
  store_->deliver_all();
  const Inbox inbox(recorder_.batches());
  EXPECT_EQ(inbox.seqs, seqs_up_to(30));
  EXPECT_THAT(inbox.gaps, IsEmpty());
  EXPECT_THAT(inbox.unreadable, IsEmpty());
}

TEST_F(StoreTest, OneWhoJoinsMidTurnHasNeitherOverlapNorHole) {
  make();
  Room& room = open("r");
  publish_many(room, 2);
  store_->deliver_all();
  publish_many(room, 3);  // 3 to 5, not delivered yet
  store_->deliver(room);
  EXPECT_EQ(Inbox({*recorder_.deliveries.back().batch.json}).seqs, seqs_up_to(5, 3));
  const Batch backlog = room.after({"", 1});  // the joiner's: the subscribers so far have it
  recorder_.deliveries.clear();
  publish_many(room, 2);
  store_->deliver_all();
  std::vector<std::string> joiner{*backlog.json};
  for (const std::string& batch : recorder_.batches()) joiner.push_back(batch);
  EXPECT_EQ(Inbox(joiner).seqs, seqs_up_to(7, 2));
}

/// What is published at a moment of the test's own, with windows of ten seconds.
class BatchWindowTest : public StoreTest {
 protected:
  void SetUp() override { make({.retain = 6, .batch_window = std::chrono::seconds(10)}); }
  /// The end of a turn `seconds` after the test began; when the next window is over, or -1.
  std::int64_t end_turn(int seconds) {
    const auto next = store_->deliver_due(net::Time(std::chrono::seconds(seconds)));
    return next ? std::chrono::round<std::chrono::seconds>(next->time_since_epoch()).count() : -1;
  }
  std::vector<std::vector<Seq>> delivered(std::string_view room = "r") const {
    std::vector<std::vector<Seq>> all;
    for (const Delivered& one : recorder_.deliveries) {
      if (one.room == room) all.push_back(Inbox({*one.batch.json}).seqs);
    }
    return all;
  }
  using Batches = std::vector<std::vector<Seq>>;
};

TEST_F(BatchWindowTest, BeginsWithTheFirstMessageAndEndsWithOneBatchOfAll) {
  Room& room = open("r");
  EXPECT_EQ(end_turn(0), -1);
  publish_many(room, 2);
  EXPECT_EQ(end_turn(1), 11);
  publish_many(room, 1);
  EXPECT_EQ(end_turn(10), 11);
  EXPECT_EQ(delivered(), Batches{});
  EXPECT_EQ(end_turn(11), -1);
  EXPECT_EQ(delivered(), (Batches{{1, 2, 3}}));
  publish_many(room, 1);
  EXPECT_EQ(end_turn(12), 22);
  EXPECT_EQ(end_turn(30), -1);  // a busy loop is late
  EXPECT_EQ(delivered(), (Batches{{1, 2, 3}, {4}}));
}

TEST_F(BatchWindowTest, IsEachRoomsOwn) {
  publish_many(open("r"), 1);
  EXPECT_EQ(end_turn(0), 10);
  publish_many(open("other"), 1);
  EXPECT_EQ(end_turn(5), 10);
  publish_many(open("r"), 1);
  EXPECT_EQ(end_turn(10), 15);
  EXPECT_EQ(delivered("other"), Batches{});
  EXPECT_EQ(end_turn(15), -1);
  EXPECT_EQ(delivered(), (Batches{{1, 2}}));
  EXPECT_EQ(delivered("other"), Batches{{1}});
}

TEST_F(BatchWindowTest, OneWhoJoinsHasWhatIsDeliveredAndTheRestWithTheOthers) {
  Room& room = open("r");
  publish_many(room, 2);
  end_turn(0);
  end_turn(10);
  publish_many(room, 2);
  end_turn(11);
  EXPECT_EQ(Inbox({*store_->backlog(room, {}).json}).seqs, seqs_up_to(2));
  EXPECT_EQ(Inbox({*store_->backlog(room, {"k3f9", 1}).json}).seqs, seqs_up_to(2, 2));
  EXPECT_TRUE(store_->backlog(room, {"k3f9", 2}).empty());
  EXPECT_EQ(Inbox({*room.after({}).json}).seqs, seqs_up_to(4));  // one who polls
  EXPECT_EQ(Inbox({*store_->backlog(room, {}).json}).seqs, seqs_up_to(2));
  end_turn(21);
  EXPECT_EQ(delivered(), (Batches{{1, 2}, {3, 4}}));
  EXPECT_EQ(Inbox({*store_->backlog(room, {}).json}).seqs, seqs_up_to(4));
}

TEST_F(BatchWindowTest, IsOverForOneWhoHasSomeOfItAlready) {
  Room& room = open("r");
  publish_many(room, 3);
  end_turn(0);
  EXPECT_EQ(Inbox({*store_->backlog(room, {"k3f9", 2}).json}).seqs, seqs_up_to(3, 3));
  EXPECT_EQ(delivered(), Batches{seqs_up_to(3)});
  publish_many(room, 1);
  EXPECT_EQ(end_turn(5), 10);   // of the window that was cut short
  EXPECT_EQ(end_turn(10), 15);  // the message after it has ten seconds of its own
  EXPECT_EQ(delivered().size(), 1u);
  end_turn(15);
  EXPECT_EQ(delivered(), (Batches{seqs_up_to(3), {4}}));
}

TEST_F(BatchWindowTest, DoesNotHideAGapAndLosesNothingToRetention) {
  Room& room = open("r");
  publish_many(room, 1);
  EXPECT_EQ(Inbox({*store_->backlog(room, {"old", 1}).json}).gaps,
            std::vector<std::string>{"restarted"});
  EXPECT_EQ(Inbox({*store_->backlog(room, {"", 9}).json}).gaps,
            std::vector<std::string>{"restarted"});
  EXPECT_EQ(delivered(), Batches{});  // neither of them has any of it
  publish_many(room, 7);
  EXPECT_EQ(delivered(), Batches{seqs_up_to(6)});  // more than are retained
  const Inbox late({*store_->backlog(room, {"k3f9", 1}).json});
  EXPECT_EQ(late.gaps, std::vector<std::string>{"expired"});
  EXPECT_EQ(late.seqs, seqs_up_to(6, 3));
  store_->deliver_all();
  EXPECT_EQ(delivered(), (Batches{seqs_up_to(6), {7, 8}}));
  EXPECT_EQ(end_turn(100), -1);
}

TEST_F(StoreTest, RefusesARoomPastItsLimit) {
  make({.max_rooms = 2});
  open("one");
  open("two");
  const auto third = store_->open("three");
  ASSERT_FALSE(third.has_value());
  EXPECT_EQ(third.error().line(), "three: this server holds its limit of 2 rooms; use one of them");
  EXPECT_TRUE(store_->open("one").has_value());
  EXPECT_EQ(store_->rooms(), 2u);
}

TEST_F(StoreTest, LookingAtARoomDoesNotMakeIt) {
  make();
  EXPECT_EQ(store_->view("nobody").last(), 0u);
  EXPECT_EQ(store_->view("nobody").oldest(), 1u);
  EXPECT_EQ(store_->rooms(), 0u);
  publish(open("r"), "x");
  EXPECT_EQ(&store_->view("r"), &open("r"));
}

}  // namespace
}  // namespace pushbench::servers

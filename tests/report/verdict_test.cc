#include "report/verdict.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/report/shaped_run.h"

namespace pushbench::report {
namespace {

using harness::RunResult;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

/// What a rule said; empty if it did not apply.
std::string said(const RunResult& run, std::string_view rule) {
  for (const VerdictSentence& sentence : verdict_of(run).sentences) {
    if (sentence.rule == rule) return sentence.text;
  }
  return "";
}

harness::LinkResult link(const std::string& group, net::Duration delay) {
  harness::LinkResult link;
  link.group = group;
  link.profile.delay = delay;
  return link;
}

const VerdictRow* row_of(const Verdict& verdict, std::string_view label) {
  const auto row = std::find_if(verdict.rows.begin(), verdict.rows.end(),
                                [&](const VerdictRow& r) { return r.label == label; });
  return row == verdict.rows.end() ? nullptr : &*row;
}

TEST(VerdictRows, MarkTheLowestAndWhatCannotBeToldFromIt) {
  const Verdict verdict = verdict_of(chat_run());
  EXPECT_THAT(verdict.transports, ElementsAre("polling", "long-polling", "sse", "websocket"));
  const VerdictRow* p50 = row_of(verdict, "latency p50");
  ASSERT_NE(p50, nullptr);
  EXPECT_NEAR(p50->figures[3]->median, 825, 10);
  EXPECT_LT(p50->figures[3]->low, p50->figures[3]->median);
  EXPECT_THAT(p50->best, ElementsAre(false, false, false, true));
  // The same bytes in every repetition: a point each, and the lowest wins alone.
  EXPECT_THAT(row_of(verdict, "network bytes a message")->best,
              ElementsAre(false, false, false, true));
  // Whoever never asks has no share of empty answers.
  EXPECT_FALSE(row_of(verdict, "empty share")->figures[2].has_value());
  EXPECT_THAT(row_of(verdict, "empty share")->best, ElementsAre(false, true, false, false));
}

TEST(VerdictRows, OverlappingIntervalsShareTheWin) {
  const RunResult run = shaped_run("two", {100, 100, 10'000, 10},
                                   {{"sse", {}, 1000, 1000, 0, 0, 0, 200, 5.0},
                                    {"websocket", {}, 1015, 1015, 0, 0, 0, 190, 5.2}});
  const Verdict verdict = verdict_of(run);
  EXPECT_THAT(row_of(verdict, "latency p50")->best, ElementsAre(true, true));
  EXPECT_THAT(row_of(verdict, "server CPU a message")->best, ElementsAre(true, false));
}

TEST(VerdictRows, NobodyWinsAlone) {
  const RunResult run =
      shaped_run("one", {100, 100, 10'000, 10}, {{"sse", {}, 1000, 1000, 0, 0, 0, 200}});
  for (const VerdictRow& row : verdict_of(run).rows) EXPECT_THAT(row.best, ElementsAre(false));
  EXPECT_THAT(said(run, "alone"), HasSubstr("Only sse was run"));
  EXPECT_THAT(said(chat_run(), "alone"), IsEmpty());
}

TEST(VerdictRows, LeaveOutWhatTooFewSamplesCannotTell) {
  RunResult run = chat_run();
  for (auto& transport : run.transports) {
    for (auto& r : transport.repetitions) {
      r.delivery_latency.clear();
      for (int i = 0; i < 500; ++i) r.delivery_latency.record(1000);
    }
  }
  EXPECT_NE(row_of(verdict_of(run), "latency p50"), nullptr);
  EXPECT_EQ(row_of(verdict_of(run), "latency p99"), nullptr);
}

TEST(VerdictRows, GiveMemoryAUserOnlyOfManyUsers) {
  EXPECT_EQ(row_of(verdict_of(chat_run()), "server memory a user"), nullptr);
  const Verdict many = verdict_of(notifications_run());
  const VerdictRow* memory = row_of(many, "server memory a user");
  ASSERT_NE(memory, nullptr);
  EXPECT_DOUBLE_EQ(memory->figures[0]->median, (10 << 20) / 2000.0);
  EXPECT_EQ(figure_of(*memory, memory->figures[0]->median), "5.1 KiB");
  EXPECT_LE(many.rows.size(), 7U);
}

TEST(VerdictRows, AnInvalidRunHasFiguresButNoWinners) {
  RunResult run = chat_run();
  run.transports[1].repetitions[2].invalid = {"3 of 25500 deliveries were lost", "late"};
  const Verdict verdict = verdict_of(run);
  for (const VerdictRow& row : verdict.rows) EXPECT_THAT(row.best, Not(testing::Contains(true)));
  ASSERT_THAT(verdict.sentences, SizeIs(1));
  EXPECT_EQ(verdict.sentences[0].text,
            "Nothing may be concluded, because the run is invalid: long-polling, repetition 3: 3 "
            "of 25500 deliveries were lost (and 1 more).");
  RunResult interrupted = chat_run();
  interrupted.outcome = harness::Outcome::interrupted;
  EXPECT_THAT(said(interrupted, "invalid"), HasSubstr("it did not run to its end"));
  EXPECT_THAT(said(chat_run(), "invalid"), IsEmpty());
}

TEST(VerdictRows, ShowIntervalsOnlyWhereThereAreAny) {
  const Verdict verdict = verdict_of(chat_run());
  const VerdictRow* p50 = row_of(verdict, "latency p50");
  EXPECT_THAT(range_of(*p50, *p50->figures[0]), HasSubstr(" ms to "));
  const VerdictRow* bytes = row_of(verdict, "network bytes a message");
  EXPECT_EQ(range_of(*bytes, *bytes->figures[0]), "");
  EXPECT_EQ(figure_of(*bytes, bytes->figures[3]->median), "218 B");
  EXPECT_EQ(range_of(*bytes, {217.8, 217.6, 218.4, false}), "");  // nobody can tell them apart
  EXPECT_EQ(range_of(*bytes, {217.8, 217.4, 218.4, false}), "217 B to 218 B");
}

TEST(VerdictChoice, NamesWhatIsLeftAndWhyTheOthersAreOut) {
  const std::string text = said(chat_run(), "choice");
  EXPECT_THAT(text, HasSubstr("For this traffic: websocket or sse; "));
  EXPECT_THAT(text,
              HasSubstr("polling is out by latency p50 (50.1 ms against websocket's 824 µs), "));
  EXPECT_THAT(
      text,
      HasSubstr(
          "long-polling is out by network bytes a message (478 B against websocket's 218 B)."));
}

TEST(VerdictChoice, ADifferenceThatNobodyNoticesRulesNobodyOut) {
  // Twice as slow, but by less than 10 ms; a fifth more bytes.
  const RunResult run = shaped_run("near", {100, 1000, 100'000, 10},
                                   {{"sse", {}, 4000, 4000, 0, 0, 1100, 240, 5},
                                    {"websocket", {}, 2000, 2000, 0, 0, 100, 200, 5}});
  EXPECT_THAT(said(run, "choice"), HasSubstr("any of sse or websocket will do"));
  EXPECT_THAT(said(run, "draw"),
              HasSubstr("websocket is ahead in latency p50, latency p99 and network bytes"));
  const RunResult far = shaped_run("far", {100, 1000, 100'000, 10},
                                   {{"sse", {}, 24'000, 24'000, 0, 0, 1100, 240, 5},
                                    {"websocket", {}, 2000, 2000, 0, 0, 100, 200, 5}});
  EXPECT_THAT(
      said(far, "choice"),
      HasSubstr("websocket; sse is out by latency p50 (24.0 ms against websocket's 2.00 ms)"));
}

TEST(VerdictChoice, BytesAndCpuCountAsManyUsersWouldFeelThem) {
  // Twice the bytes and CPU, of next to nothing: 10,000 users get 100 messages a second.
  const auto run = [](std::uint64_t published) {
    return shaped_run("small", {100, published, published * 100, 100},
                      {{"sse", {}, 1000, 1000, 0, 0, 0, 400, 10},
                       {"websocket", {}, 1000, 1000, 0, 0, 0, 200, 5}});
  };
  EXPECT_THAT(said(run(1), "choice"), HasSubstr("will do"));
  EXPECT_THAT(said(run(1000), "choice"),
              HasSubstr("websocket; sse is out by network bytes a message"));
}

TEST(VerdictChoice, AdmitsWhereTheOneThatIsOutIsBest) {
  const RunResult run =
      shaped_run("cheap", {100, 1000, 100'000, 10},
                 {{"polling", {{"interval", "1s"}}, 1000, 1'000'000, 1000, 0, 1000, 150, 5},
                  {"websocket", {}, 2000, 2000, 0, 0, 100, 200, 5}});
  EXPECT_THAT(
      said(run, "choice"),
      HasSubstr("(500 ms against websocket's 2.00 ms), though polling is better in network bytes"));
  EXPECT_EQ(
      said(run, "against"),
      "What speaks against websocket: network bytes a message (200 B against polling's 150 B).");
  EXPECT_THAT(said(chat_run(), "choice"), Not(HasSubstr("though")));
}

TEST(VerdictChoice, SaysThatOneRepetitionTellsNothingOfChance) {
  RunResult run = chat_run();
  for (auto& transport : run.transports) transport.repetitions.resize(1);
  EXPECT_THAT(said(run, "choice"), HasSubstr("By one repetition, in which chance cannot be told"));
  EXPECT_THAT(said(chat_run(), "choice"), Not(HasSubstr("chance")));
}

TEST(VerdictDraw, SaysWhatDecidesInstead) {
  const std::string text = said(chat_run(), "draw");
  EXPECT_THAT(text, HasSubstr("by too little to decide"));
  EXPECT_THAT(text, HasSubstr("sse is plain HTTP, and needs a POST for each publish (255 here)"));
  const RunResult same = shaped_run(
      "same", {100, 100, 10'000, 10},
      {{"sse", {}, 1000, 1000, 0, 0, 0, 200, 5}, {"websocket", {}, 1000, 1000, 0, 0, 0, 200, 5}});
  EXPECT_THAT(said(same, "draw"), HasSubstr("No figure tells sse and websocket apart"));
  const RunResult split = shaped_run(
      "split", {100, 100, 10'000, 10},
      {{"sse", {}, 1000, 1000, 0, 0, 0, 200, 5}, {"websocket", {}, 1000, 1000, 0, 0, 0, 190, 5.5}});
  EXPECT_THAT(said(split, "draw"),
              HasSubstr("Of these sse is ahead in server CPU a message; websocket is ahead in "
                        "network bytes a message, by too little to decide; "));
}

TEST(VerdictDraw, IsNotWhereOneIsLeft) {
  EXPECT_THAT(said(game_run(), "draw"), IsEmpty());
  EXPECT_EQ(said(game_run(), "against"),
            "Nothing speaks against websocket: no other is clearly better in any row.");
  EXPECT_THAT(said(chat_run(), "against"), IsEmpty());
}

TEST(Verdict, AnswersWhichTransportForTenThousandSilentUsers) {
  const RunResult run = notifications_run();
  EXPECT_THAT(said(run, "choice"), HasSubstr("For this traffic: websocket or sse; polling and "
                                             "long-polling are out by network bytes a message "
                                             "(1,000 B and 640 B against websocket's 235 B)."));
  // 2,000 users ask 40,000 times in 40 s.
  EXPECT_EQ(
      said(run, "silent"),
      "A user gets 12.0 messages a minute, so it mostly waits; for 10,000 such users, by "
      "arithmetic from this run, the polls a second are: polling 5,000 (67 % in vain) "
      "and long-polling 2,000; none with sse and websocket, which only keep connections open.");
  // 16,000 deliveries of 1,000 bytes in 40 s: 3.2 Mbit/s for 2,000 users. 14 µs each: 0.56 %.
  EXPECT_THAT(said(run, "scaled"),
              HasSubstr("take: polling 16.0 Mbit/s and 3 % of a core, memory up to 50.0 MiB; "));
  EXPECT_THAT(said(run, "scaled"), HasSubstr("websocket 3.76 Mbit/s and 1 % of a core"));
}

TEST(Verdict, SpeaksOfSilenceOnlyWhereThereIsSome) {
  EXPECT_THAT(said(game_run(), "silent"), IsEmpty());
  EXPECT_THAT(said(game_run(), "scaled"), IsEmpty());
  // 1,020 messages a minute, but 25.5 in the chat's own time.
  EXPECT_THAT(said(chat_run(), "silent"), IsEmpty());
  RunResult slower = chat_run();
  slower.speedup = 80;
  EXPECT_THAT(said(slower, "silent"), HasSubstr("A user gets 12.8 messages a minute"));
  // 15,092 polls in 15 s of 100 users, 80 times as fast: 10,000 ask 1,258 times a second.
  EXPECT_THAT(said(slower, "silent"), HasSubstr("polling 1,258 (16 % in vain)"));
}

TEST(Verdict, DoesNotScaleDownALargerRun) {
  const RunResult run = shaped_run(
      "large", {20'000, 8, 160'000, 40},
      {{"polling", {{"interval", "2s"}}, 0, 2'000'000, 400'000, 268'000, 8, 1000, 14, 100 << 20},
       {"sse", {}, 1000, 30'000, 0, 0, 20'008, 260, 6, 110 << 20}});
  EXPECT_THAT(said(run, "silent"),
              HasSubstr("for these 20,000 users the polls a second are: polling 10,000 ("));
  EXPECT_THAT(said(run, "silent"), Not(HasSubstr("arithmetic")));
}

TEST(Verdict, AnswersWhichTransportForATwentyHertzGame) {
  const RunResult run = game_run();
  EXPECT_THAT(said(run, "choice"), HasSubstr("For this traffic: websocket; polling is out by "
                                             "latency p99"));
  const std::string beat = said(run, "beat");
  EXPECT_THAT(beat,
              HasSubstr("Each user publishes every 50.0 ms. Of that a delivery takes on average "
                        "52 % with polling, 4 % with long-polling, 3 % with sse and 2 % "
                        "with websocket; "));
  // Evenly from 0.5 to 51 ms: 2 % lie beyond 50 ms.
  EXPECT_THAT(beat, HasSubstr("; 2 % with polling and none with long-polling, sse and websocket "
                              "came only after their sender's next message was due."));
  // 76,800 deliveries of 80 B, an eighth of it up, by 4,800 messages: 160 B.
  EXPECT_THAT(
      said(run, "up"),
      HasSubstr(
          "340 B with long-polling (polls included), 260 B with sse and 160 B with websocket"));
  EXPECT_THAT(said(run, "up"), HasSubstr("; with polling, long-polling and sse each message is a "
                                         "request of its own, 320 a second"));
}

TEST(Verdict, SpeaksOfTheBeatOnlyWhereUsersPublishFasterThanTenTimesASecond) {
  EXPECT_THAT(said(chat_run(), "beat"), IsEmpty());
  EXPECT_THAT(said(notifications_run(), "up"), IsEmpty());
  RunResult slow = game_run();
  for (auto& transport : slow.transports) {
    for (auto& r : transport.repetitions) r.duration_s = 31;  // 103 ms each
  }
  EXPECT_THAT(said(slow, "beat"), IsEmpty());
}

TEST(Verdict, AnswersWhatPollingWasted) {
  // (1000 − 100) of 1000 bytes are in no body, and 26,800 of 40,008 exchanges were empty: 60 %.
  EXPECT_EQ(said(notifications_run(), "waste"),
            "Polling wasted 67 % of its 40,000 polls and about 60 % of its network bytes on empty "
            "answers, and made a message wait half of the interval 2s on average, 1.00 s; the "
            "measured mean is 1.00 s.");
  EXPECT_THAT(said(chat_run(), "waste"),
              HasSubstr("half of the interval 100ms on average, 50.0 ms (2.00 s in the trace's own "
                        "time); the measured mean is 50.1 ms."));
  RunResult pushed = notifications_run();
  pushed.transports.erase(pushed.transports.begin());
  EXPECT_THAT(said(pushed, "waste"), IsEmpty());
}

TEST(Verdict, SaysHowLongUsersWereAwayAfterACut) {
  RunResult run = chat_run();
  EXPECT_THAT(said(run, "back"), IsEmpty());
  for (auto& transport : run.transports) {
    const bool slow = transport.name == "sse";
    for (auto& r : transport.repetitions) {
      for (int i = 1; i <= 101; ++i) r.rejoin.record(slow ? 2'000'000 : 1000 * i);
    }
  }
  EXPECT_THAT(said(run, "back"),
              HasSubstr("half of the users were back within 51.0 ms with polling, long-polling and "
                        "websocket and 2.00 s with sse; the last one after 101 ms with"));
  EXPECT_THAT(said(run, "back"), HasSubstr("(sse first waits as long as the server's retry field"));
  std::erase_if(run.transports, [](const auto& transport) { return transport.name == "sse"; });
  EXPECT_THAT(said(run, "back"), HasSubstr("half of the users were back within 51.0 ms with"));
  EXPECT_THAT(said(run, "back"), Not(HasSubstr("retry")));
}

TEST(Verdict, SaysWhatOfTheLatencyIsTheLinks) {
  RunResult run = chat_run();
  EXPECT_THAT(said(run, "link"), IsEmpty());
  run.links = {link("", std::chrono::microseconds(200))};
  EXPECT_THAT(said(run, "link"), HasSubstr("the link takes 400 µs, up and down"));
  EXPECT_THAT(said(run, "link"), HasSubstr("A message whose POST opens a connection takes that"));
  run.links = {link("", std::chrono::microseconds(50))};  // less than a quarter of 824 µs
  EXPECT_THAT(said(run, "link"), IsEmpty());
  run.links = {link("mobile", std::chrono::milliseconds(75)),
               link("", std::chrono::milliseconds(5))};
  EXPECT_THAT(said(run, "link"), IsEmpty());
}

TEST(Verdict, SaysWhoGathers) {
  // 25,500 deliveries in 15,092 − 2,415 answers.
  EXPECT_THAT(said(chat_run(), "gather"),
              HasSubstr("brought 2.01 messages with polling on average"));
  EXPECT_THAT(said(notifications_run(), "gather"), IsEmpty());
}

TEST(Verdict, HasTwoToFiveSentencesForEachShippedKindOfTraffic) {
  for (const RunResult& run : {chat_run(), game_run(), notifications_run()}) {
    const Verdict verdict = verdict_of(run);
    EXPECT_GE(verdict.sentences.size(), 2U) << run.scenario;
    EXPECT_LE(verdict.sentences.size(), 5U) << run.scenario;
    EXPECT_EQ(verdict.sentences.front().rule, "choice") << run.scenario;
  }
}

TEST(Verdict, OfNothingSaysSo) {
  RunResult run;
  EXPECT_THAT(verdict_of(run).rows, IsEmpty());
  EXPECT_THAT(said(run, "nothing"), HasSubstr("Nothing was delivered"));
}

}  // namespace
}  // namespace pushbench::report

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>

#include "report/columns.h"
#include "report/condition.h"
#include "report/figures.h"
#include "report/html_repetitions.h"
#include "report/html_report.h"
#include "report/markdown.h"
#include "report/prometheus.h"
#include "report/promises.h"
#include "report/run_text.h"
#include "report/target_cores.h"
#include "report/verdict.h"
#include "report/verdict_facts.h"
#include "tests/support/sample_result.h"

namespace pushbench::report {
namespace {

using harness::Messages;
using harness::RunResult;
using harness::TransportResult;
using testing::AllOf;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

std::size_t times_in(const std::string& text, const std::string& what) {
  std::size_t count = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) {
    ++count;
  }
  return count;
}

/// Two transports of our own and two of a target, all as they should be.
RunResult with_target() {
  RunResult result = test::sample_result(
      {.transports = {"long-polling", "websocket", "my-own-socket-io-2/long-polling",
                      "my-own-socket-io-2/websocket"},
       .flawed = false});
  result.seed = 1;
  for (TransportResult& column : result.transports) {
    for (harness::Repetition& r : column.repetitions) {
      const std::uint64_t count = r.delivery_latency.count();
      r.messages = Messages();
      r.messages.expected = r.messages.delivered = count;
      r.invalid.clear();
    }
  }
  return result;
}

/// One repetition of the target's last column, in which something is wrong.
void lose_some(RunResult& result) {
  harness::Repetition& poor = result.transports.back().repetitions.back();
  poor.messages.lost = 3;
  poor.messages.delivered -= 3;
  poor.invalid = {"3 of 34200 deliveries were lost"};
}

TEST(Targets, HaveTheirRowsBelowTheirName) {
  const std::string text = run_text(with_target());
  EXPECT_THAT(text, HasSubstr("\nmy-own-socket-io-2 (socketio), at http://127.0.0.1:8091\n"
                              " long-polling "));
  EXPECT_THAT(text, HasSubstr("\n websocket "));
  EXPECT_THAT(text, Not(HasSubstr("INVALID")));
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    EXPECT_LE(columns(line), kTerminalWidth) << line;
  }
}

TEST(Targets, AreNeverTakenForFreeWhereNobodyMeasuredThem) {
  RunResult result = with_target();
  for (std::size_t t : {2U, 3U}) {
    for (harness::Repetition& r : result.transports[t].repetitions) r.server.reset();
  }
  EXPECT_THAT(run_text(result), HasSubstr("Not measured: CPU and memory of my-own-socket-io-2;"));
  EXPECT_THAT(html_report(result),
              HasSubstr("Not measured: CPU and memory of my-own-socket-io-2."));
  const std::string samples = prometheus(result);
  EXPECT_THAT(samples, HasSubstr("pushbench_server_cpu_seconds_total{scenario="));
  EXPECT_THAT(samples, Not(HasSubstr("nan")));
  std::istringstream lines(samples);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("pushbench_server")) continue;
    EXPECT_THAT(line, Not(HasSubstr("target=")));
  }
  for (const VerdictRow& row : verdict_of(result).rows) {
    if (row.metric->name != "server_cpu") continue;
    EXPECT_TRUE(row.figures[0]);
    EXPECT_FALSE(row.figures[2]);
  }
}

TEST(Targets, AreToldApartWhereTheyRunBesideTheUsers) {
  RunResult result = with_target();
  const auto note_with = [&result](std::vector<int> cores) {
    for (std::size_t t : {2U, 3U}) result.transports[t].target->cores = cores;
    return target_cores_note(result);
  };
  result.cores = net::CorePlan{3, {0, 1}};
  EXPECT_EQ(note_with({3}), "");
  EXPECT_EQ(note_with({}), "");
  EXPECT_EQ(
      note_with({2}),
      "my-own-socket-io-2 could run on core 2; the users had cores 0 and 1 to themselves, and "
      "our own server core 3. Keep a target to core 3, with its processes: taskset -apc 3 "
      "PID.");
  const std::string beside = note_with({1, 3});
  EXPECT_THAT(beside, HasSubstr("my-own-socket-io-2 could run on cores 1 and 3; "));
  EXPECT_THAT(beside, HasSubstr("they wait for each other, and latencies are too long."));
  EXPECT_THAT(run_text(result), HasSubstr("Note: my-own-socket-io-2 could run on cores 1 and 3;"));
  EXPECT_THAT(markdown(result), HasSubstr("could run on cores 1 and 3;"));
  EXPECT_THAT(html_report(result), HasSubstr("could run on cores 1 and 3;"));

  result.transports.erase(result.transports.begin(), result.transports.begin() + 2);
  EXPECT_EQ(target_cores_note(result).find("our own server"), std::string::npos);
  result.transports.front().target->cores = {2, 3};
  result.transports.back().target->cores = {2, 3};
  EXPECT_EQ(target_cores_note(result), "");
  result.cores.reset();
  result.transports.front().target->cores = {0};
  EXPECT_EQ(target_cores_note(result), "");
}

/// A column's last repetition, as it is if the run ended while its users were joining.
void never_begin(TransportResult& column) {
  column.repetitions.back() = harness::Repetition();
  column.repetitions.back().users_asked = 100;
  column.repetitions.back().invalid = {"interrupted"};
}

TEST(Targets, CostWhatWasMeasuredThoughARepetitionNeverBegan) {
  RunResult result = with_target();
  const std::string before = prometheus(result);
  for (TransportResult& column : result.transports) never_begin(column);
  for (const Figures& figures : figures_of(result)) {
    EXPECT_TRUE(figures.server_cpu_us_per_message) << figures.name;
    EXPECT_TRUE(figures.has_p99) << figures.name;
  }
  for (const TransportFacts& facts : facts_of(result).transports) {
    EXPECT_TRUE(facts.cores) << facts.name;
    EXPECT_TRUE(facts.memory_bytes) << facts.name;
  }
  for (const std::string& text : {run_text(result), html_report(result)}) {
    EXPECT_THAT(text, Not(HasSubstr("Not measured")));
  }
  const std::string page = repetition_tables(result);
  const std::size_t row = page.find(">server.cpu_us<");
  ASSERT_NE(row, std::string::npos);
  const std::string cells = page.substr(row, page.find("</tr>", row) - row);
  EXPECT_NE(cells.find("–"), std::string::npos);
  EXPECT_EQ(cells.find("–"), cells.rfind("–")) << cells;  // of the last repetition alone
  const std::string samples = prometheus(result);
  for (const std::string name : {"pushbench_server_cpu_seconds_total{", "memory_bytes{"}) {
    EXPECT_EQ(times_in(samples, name), times_in(before, name)) << name;
    EXPECT_EQ(times_in(samples, name), 4U) << name;
  }
}

TEST(Targets, HaveNoPeakOfMemoryAndTheCaptionSaysSo) {
  const std::string page =
      "A target&#39;s is what was resident when the measured time began or ended";
  const std::string help =
      "pushbench_server_peak_memory_bytes Resident memory of the server at its peak; of a target, "
      "at "
      "the measured time's beginning or end, whichever was more.\n";
  RunResult result = with_target();
  EXPECT_THAT(html_report(result), HasSubstr(page));
  EXPECT_THAT(prometheus(result), HasSubstr(help));
  for (std::size_t t : {2U, 3U}) {
    for (harness::Repetition& r : result.transports[t].repetitions) r.server.reset();
  }
  EXPECT_THAT(html_report(result), Not(HasSubstr(page)));
  EXPECT_THAT(prometheus(result), Not(HasSubstr("of a target")));
}

TEST(Targets, ThatDeliveredNothingAreNotSaidToBeUnmeasured) {
  RunResult result = with_target();
  for (std::size_t t : {2U, 3U}) {
    result.transports[t].repetitions.resize(1);
    never_begin(result.transports[t]);
  }
  EXPECT_THAT(run_text(result), Not(HasSubstr("Not measured")));
  // Nor to have cost nothing.
  EXPECT_EQ(times_in(prometheus(result), "pushbench_server_cpu_seconds_total{"), 2U);
  EXPECT_EQ(times_in(prometheus(result), "memory_bytes{"), 2U);
}

TEST(Targets, ThatLoseMessagesAcrossCutsWinNothing) {
  RunResult result = with_target();
  TransportResult& poor = result.transports.back();
  for (harness::Repetition& r : poor.repetitions) {
    r.messages.delivered -= 100;
    r.messages.lost = 100;
    r.delivery_latency = harness::Histogram();
    for (int i = 0; i < 10'000; ++i) r.delivery_latency.record(1);  // what came, came at once
  }
  const Verdict verdict = verdict_of(result);
  for (const VerdictRow& row : verdict.rows) EXPECT_FALSE(row.best[3]) << row.label;
  const std::size_t lost = 100 * poor.repetitions.size();
  EXPECT_EQ(verdict.sentences.front().rule, "lost");
  EXPECT_EQ(verdict.sentences.front().text,
            "Left out of the choice: my-own-socket-io-2/websocket (" + std::to_string(lost) +
                " of its deliveries did not come); latencies there are of what came.");
  for (std::size_t i = 1; i < verdict.sentences.size(); ++i) {
    EXPECT_THAT(verdict.sentences[i].text, Not(HasSubstr("io-2/websocket")));
  }
  result.transports.erase(result.transports.begin(), result.transports.end() - 1);
  EXPECT_EQ(verdict_of(result).sentences.size(), 1U);
}

TEST(Targets, ShowWhichPromiseTheyWereSeenToKeep) {
  RunResult result = with_target();
  ASSERT_TRUE(tells_promises(result));
  auto promises = promises_of(result);
  ASSERT_EQ(promises.size(), 2U);
  EXPECT_EQ(promises[0].text, "every message once, in order");
  EXPECT_THAT(promises[0].columns, ElementsAre("long-polling", "websocket"));
  EXPECT_EQ(promises[1].text, "every message once, each publisher's in order");
  EXPECT_TRUE(promises[1].whole);

  result.transports.back().repetitions.clear();
  result.transports.back().repetitions.emplace_back().messages.expected = 34'200;
  Messages& m = result.transports.back().repetitions.back().messages;
  const auto text = [&] { return promises_of(result).back().text; };
  m.lost = 3;
  EXPECT_EQ(text(), "at most once, but of 34,200 deliveries 3 lost; each publisher's in order");
  m.reordered = 1;
  EXPECT_EQ(text(), "at most once, but of 34,200 deliveries 3 lost and 1 out of order");
  m.lost = 0;
  m.duplicated = 2;
  EXPECT_EQ(text(), "at least once, but of 34,200 deliveries 2 repeated and 1 out of order");
  m.lost = 1;
  EXPECT_EQ(text(),
            "neither at most once nor at least once, but of 34,200 deliveries 1 lost, 2 repeated "
            "and 1 out of order");
}

TEST(Targets, MissAMessageAlsoWhereTheServerOwnsUpToIt) {
  RunResult result = with_target();
  Messages& m = result.transports.front().repetitions.front().messages;
  m.missed = 1'200;
  m.gaps = 3;
  m.expected += m.missed;
  const Promise promise = promises_of(result).front();
  EXPECT_THAT(promise.columns, ElementsAre("long-polling"));
  EXPECT_FALSE(promise.whole);
  EXPECT_THAT(promise.text, AllOf(StartsWith("at most once, but of "),
                                  EndsWith(" 1,200 missed (the server said so); in order")));
}

TEST(Targets, AreNotSaidToLoseWhatWasUnderWayWhenTheRunEnded) {
  for (const std::string prefix : {"", "part 1: "}) {
    RunResult result = with_target();
    lose_some(result);
    harness::Repetition& last = result.transports.back().repetitions.back();
    result.outcome = harness::Outcome::interrupted;
    result.problem = prefix + "interrupted";
    last.invalid = {result.problem};
    EXPECT_TRUE(promises_of(result).back().whole);
    result.outcome = harness::Outcome::broke;
    result.problem = prefix + "my-own-socket-io-2/websocket: too many open files";
    last.invalid = {result.problem, prefix + "3 of 34200 deliveries were lost"};
    EXPECT_TRUE(promises_of(result).back().whole);
    EXPECT_THAT(promises_of(result).back().columns, SizeIs(2));
    for (TransportResult& column : result.transports) {
      for (harness::Repetition& r : column.repetitions) r.invalid = {result.problem};
    }
    EXPECT_THAT(promises_of(result), IsEmpty());
    for (const std::string& text : {run_text(result), html_report(result), markdown(result)}) {
      EXPECT_THAT(text, Not(HasSubstr("every subscriber's every message checked")));
    }
  }
}

TEST(Targets, ThatLoseMessagesTakeNothingFromTheOthers) {
  RunResult result = with_target();
  lose_some(result);
  EXPECT_FALSE(result.valid());
  EXPECT_TRUE(result.stands());
  const std::string column = "my-own-socket-io-2/websocket";
  for (const std::string& text : {run_text(result), html_report(result)}) {
    EXPECT_THAT(text, AllOf(HasSubstr("INVALID: the figures of " + column), HasSubstr("3 of 34200"),
                            Not(HasSubstr("Nothing may be concluded"))));
  }
  EXPECT_THAT(html_report(result), HasSubstr(">" + column + " (invalid)<"));
  EXPECT_THAT(markdown(result), HasSubstr("| " + column + " (invalid) |"));
  EXPECT_THAT(markdown(result),
              HasSubstr("**INVALID: the figures of " + column + " do not count.**"));
  const Verdict verdict = verdict_of(result);
  ASSERT_EQ(verdict.transports.size(), 4U);  // it stays in the table …
  for (const VerdictRow& row : verdict.rows) EXPECT_FALSE(row.best[3]) << row.label;
  for (const VerdictSentence& sentence : verdict.sentences) {  // … and is in no sentence
    EXPECT_THAT(sentence.text, Not(HasSubstr(column)));
  }
}

TEST(Targets, DoNotSaveARunWhoseOwnColumnsAreInvalid) {
  RunResult result = with_target();
  result.transports[0].repetitions[0].invalid = {"the harness was late"};
  EXPECT_FALSE(result.stands());
  EXPECT_THAT(run_text(result), HasSubstr("INVALID: these figures do not count"));
  EXPECT_EQ(verdict_of(result).sentences.front().rule, "invalid");
  RunResult alone = with_target();
  alone.transports.erase(alone.transports.begin(), alone.transports.begin() + 3);
  lose_some(alone);
  EXPECT_FALSE(alone.stands());  // nothing is left that counts
}

TEST(Targets, AreRowsOfAVerdictThatHasManyColumns) {
  const RunResult few = with_target();
  EXPECT_THAT(html_report(few),
              HasSubstr("<th scope=\"col\" role=\"columnheader\">websocket</th>"));
  RunResult many = with_target();
  for (const char* name : {"other/sse", "other/websocket"}) {
    RunResult more = test::sample_result({.transports = {name}, .seed = 2, .flawed = false});
    many.transports.push_back(std::move(more.transports.front()));
  }
  EXPECT_THAT(html_report(many), HasSubstr("<th scope=\"row\" role=\"rowheader\">other/sse</th>"));
  EXPECT_THAT(markdown(many), HasSubstr("\n| other/sse | "));
}

TEST(Targets, AreNamedInConditions) {
  const auto condition = parse_condition("nchan/websocket.delivery_latency.p99 > +10%");
  ASSERT_TRUE(condition) << condition.error().line();
  EXPECT_EQ(condition->transport, "nchan/websocket");
  EXPECT_FALSE(parse_condition("nchan/webscket.delivery_latency.p99 > +10%"));
  EXPECT_FALSE(parse_condition("/websocket.delivery_latency.p99 > +10%"));
}

}  // namespace
}  // namespace pushbench::report

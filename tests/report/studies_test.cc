#include <gmock/gmock.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <sstream>

#include "harness/scenario_file.h"
#include "report/columns.h"
#include "report/studies/aquilio.h"
#include "report/studies/kaazing.h"
#include "report/studies/line_fit.h"
#include "report/studies/own_bytes.h"
#include "report/studies/shootout.h"
#include "report/studies/streamdata.h"
#include "report/studies/study_text.h"

namespace pushbench::report {
namespace {

using testing::DoubleNear;
using testing::HasSubstr;

StudyRun planned(const StudyStep& step) {
  const auto scenario = harness::load_scenario(
      step.scenario, std::string(PUSHBENCH_SOURCE_DIR) + "/scenarios", step.overrides);
  EXPECT_TRUE(scenario) << (scenario ? "" : scenario.error().line());
  auto plan = harness::plan_run(*scenario, 1, PUSHBENCH_SOURCE_DIR "/scenarios/headers");
  EXPECT_TRUE(plan) << (plan ? "" : plan.error().line());
  plan->transports = step.transports;
  return {step, std::move(*plan), {}};
}

harness::Repetition& add_transport(StudyRun& run, const std::string& name) {
  run.result.transports.emplace_back().name = name;
  harness::Repetition& r = run.result.transports.back().repetitions.emplace_back();
  r.users = run.plan.schedule.users();
  r.messages.published = run.plan.schedule.says.size();
  r.messages.delivered = run.plan.schedule.expected_deliveries();
  return r;
}

/// As counted in a run of the study on the seed that planned() takes, with a thousand users.
StudyRun kaazing_run() {
  StudyRun run = planned(kaazing::study().steps(false).front());
  harness::Repetition& polling = add_transport(run, "polling");
  polling.duration_s = 9.41633325;
  polling.exchanges.asked = 9417;
  polling.exchanges.empty = 417;
  polling.bytes.application = {6951258, 1973427};
  harness::Repetition& websocket = add_transport(run, "websocket");
  websocket.duration_s = 9;
  websocket.bytes.application = {181531, 903000};
  return run;
}

/// Results can be moved only.
template <class... Run>
std::vector<StudyRun> all(Run... run) {
  std::vector<StudyRun> runs;
  (runs.push_back(std::move(run)), ...);
  return runs;
}

const StudyRow& row_of(const StudyFindings& findings, std::string_view figure) {
  for (const StudyRow& row : findings.rows) {
    if (row.figure == figure) return row;
  }
  ADD_FAILURE() << "no row " << figure;
  return findings.rows.front();
}

TEST(KaazingStudy, CountsWhatTheArticlePrints) {
  EXPECT_EQ(kaazing::printed_characters(), kaazing::kHeaders);
  EXPECT_EQ(kaazing::bytes_on_the_wire(), 909);
}

TEST(KaazingStudy, ArithmeticIsThePublishedToTheDigit) {
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_DOUBLE_EQ(kaazing::mbit(kaazing::kHeaders, kaazing::kClients[i]),
                     kaazing::kPollingMbit[i]);
    EXPECT_DOUBLE_EQ(kaazing::mbit(kaazing::kFrame, kaazing::kClients[i]),
                     kaazing::kWebSocketMbit[i]);
  }
}

TEST(KaazingStudy, OurHeadsAreAsLongAsTheArticles) {
  const StudyRun run = planned(kaazing::study().steps(false).front());
  const harness::ExchangeSizes ours = modelled_exchange(run, "polling");
  EXPECT_EQ(ours.request_head + ours.response_head, kaazing::kHeaders);
}

TEST(KaazingStudy, HeadsAreFoundInARunsBytes) {
  const StudyRun run = kaazing_run();
  const harness::ExchangeSizes measured = measured_exchange(run, "polling");
  EXPECT_DOUBLE_EQ(measured.request_head + measured.response_head, kaazing::kHeaders);
  EXPECT_DOUBLE_EQ(measured_frame_header(run), kaazing::kFrame);
  const harness::Directions model = modelled_bytes(run, "polling");
  EXPECT_EQ(model.up, 6951258);
  EXPECT_EQ(model.down, 1973427);
}

TEST(KaazingStudy, ScalesWhatWasMeasured) {
  const StudyFindings findings = kaazing::study().findings(all(kaazing_run()));
  const StudyRow& measured = row_of(findings, "polling, 1,000 clients");
  EXPECT_THAT(*measured.measured, DoubleNear(6.968, 0.07));
  EXPECT_DOUBLE_EQ(*row_of(findings, "polling, 100,000 clients*").measured,
                   *measured.measured * 100);
  EXPECT_DOUBLE_EQ(*row_of(findings, "headers alone").measured, kaazing::kHeaders / 2);
}

TEST(KaazingStudy, AHeadOfAnotherLengthShows) {
  StudyRun run = kaazing_run();
  auto& bytes = run.result.transports.front().repetitions.front().bytes.application;
  bytes.up += 3 * 9417;
  EXPECT_DOUBLE_EQ(
      *row_of(kaazing::study().findings(all(std::move(run))), "poll: request and response")
           .measured,
      kaazing::kHeaders + 3);
}

TEST(AquilioStudy, ArithmeticIsThePublishedToTheByte) {
  EXPECT_EQ(aquilio::request_head("long"), aquilio::kLongRequest);
  EXPECT_EQ(aquilio::request_head("short"), aquilio::kShortRequest);
  EXPECT_EQ(aquilio::response_head(), aquilio::kResponseHead);
  EXPECT_EQ(aquilio::chunked_body(39), aquilio::kBody);
  const double response = aquilio::response_head() + aquilio::chunked_body(39);
  EXPECT_EQ(aquilio::kUpdates * (aquilio::request_head("long") + response), aquilio::kLongTotal);
  EXPECT_EQ(aquilio::request_head("short") + response, aquilio::kShortPoll);
}

TEST(AquilioStudy, OurRequestHeadsAreAsLongAsTheRecorded) {
  const std::vector<StudyStep> steps = aquilio::study().steps(false);
  EXPECT_EQ(modelled_exchange(planned(steps[0]), "long-polling").request_head,
            aquilio::kLongRequest);
  EXPECT_EQ(modelled_exchange(planned(steps[1]), "polling").request_head, aquilio::kShortRequest);
}

TEST(AquilioStudy, CountedLongPollsTimesTheRecordedSizeAreThePublishedTotal) {
  const std::vector<StudyStep> steps = aquilio::study().steps(true);
  StudyRun long_polls = planned(steps[0]);
  harness::Repetition& held = add_transport(long_polls, "long-polling");
  held.exchanges.asked = 10;
  held.bytes.application = {5300, 3100};
  StudyRun polls = planned(steps[1]);
  harness::Repetition& asked = add_transport(polls, "polling");
  asked.exchanges.asked = 40;
  asked.exchanges.empty = 30;
  asked.bytes.application = {18000, 6000};
  const StudyFindings findings =
      aquilio::study().findings(all(std::move(long_polls), std::move(polls)));
  const StudyRow& total = row_of(findings, "at 586 B each");
  EXPECT_EQ(*total.published, 2930);
  EXPECT_EQ(*total.arithmetic, 2930);
  EXPECT_FALSE(total.measured);  // no byte of it was: the size is the study's
  EXPECT_EQ(*row_of(findings, "our exchanges at 586 B each").measured, 2930);
  EXPECT_EQ(*difference(row_of(findings, "with nothing new")), 0.75 - 10.0 / 15);
}

TEST(StreamdataStudy, ArithmeticIsThePublished) {
  EXPECT_DOUBLE_EQ(streamdata::empty_share_even(20, 5), streamdata::kEmpty);
  EXPECT_THAT(streamdata::empty_share_random(20, 5), DoubleNear(0.779, 0.0005));
}

TEST(StreamdataStudy, StandardErrorIsThatOfAShare) {
  Pooled sum;
  EXPECT_EQ(sum.empty_share_error(), 0);
  sum.exchanges.asked = 400;
  sum.exchanges.empty = 200;
  EXPECT_DOUBLE_EQ(sum.empty_share_error(), 0.025);
}

TEST(LineFit, FindsALineAndSaysHowWell) {
  const LineFit exact = fit_line({{1, 5}, {2, 7}, {4, 11}});
  EXPECT_DOUBLE_EQ(exact.slope, 2);
  EXPECT_DOUBLE_EQ(exact.intercept, 3);
  EXPECT_DOUBLE_EQ(exact.r2, 1);
  EXPECT_DOUBLE_EQ(exact.at(10), 23);
  const LineFit scattered = fit_line({{0, 1}, {1, 4}, {2, 1}, {1, 2}});
  EXPECT_DOUBLE_EQ(scattered.slope, 0);
  EXPECT_DOUBLE_EQ(scattered.r2, 0);
  EXPECT_DOUBLE_EQ(fit_line({{0, 0}, {1, 3}, {2, 3}}).r2, 0.75);
}

TEST(ShootoutStudy, PublishedRoundTripsAreOnALine) {
  const LineFit fit = fit_line(shootout::published());
  EXPECT_EQ(shootout::published().size(), 24);
  EXPECT_GT(fit.r2, 0.99);
  EXPECT_THAT(fit.slope, DoubleNear(10.1, 0.1));
}

std::vector<StudyRun> shootout_runs(double curvature) {
  std::vector<StudyRun> runs;
  for (const StudyStep& step : shootout::study().steps(true)) {
    runs.push_back(planned(step));
    harness::Repetition& r = add_transport(runs.back(), "websocket");
    const auto users = static_cast<double>(r.users);
    const double last = 100 + 10 * users + curvature * users * users;
    r.last_receiver_latency.record(static_cast<std::int64_t>(last));
    r.sender_latency.record(static_cast<std::int64_t>(last / 2));
    r.delivery_latency.record(static_cast<std::int64_t>(last / 2));
    r.server.emplace().cpu_us = 5 * r.messages.delivered;
  }
  return runs;
}

TEST(ShootoutStudy, ClaimHoldsForALineOnly) {
  const StudyFindings line = shootout::study().findings(shootout_runs(0));
  EXPECT_THAT(*row_of(line, "a receiver more, the last's").measured, DoubleNear(10, 0.05));
  EXPECT_EQ(*row_of(line, "a receiver more, the last's").arithmetic, 5);
  EXPECT_GT(*row_of(line, "its r²").measured, 0.999);
  EXPECT_THAT(line.words.front(), HasSubstr("The claim holds"));
  std::vector<StudyRun> humped = shootout_runs(0);
  humped[1].result.transports[0].repetitions[0].last_receiver_latency.record(900'000);
  humped[1].result.transports[0].repetitions[0].last_receiver_latency.record(900'000);
  EXPECT_THAT(shootout::study().findings(humped).words.front(), HasSubstr("does not hold"));
}

TEST(ShootoutStudy, SpeaksOfMoreThanTheServerOnlyWhereThereIsMore) {
  std::vector<StudyRun> runs = shootout_runs(0);  // 10 µs a receiver, 5 µs of them the server's
  EXPECT_THAT(shootout::study().findings(runs).words[1], HasSubstr("beyond that"));
  for (StudyRun& run : runs) {
    harness::Repetition& r = run.result.transports[0].repetitions[0];
    r.server.emplace().cpu_us = 12 * r.messages.delivered;
  }
  EXPECT_THAT(shootout::study().findings(runs).words[1], HasSubstr("no more than that"));
}

TEST(StudyText, FitsEightyColumns) {
  for (const std::string& text :
       {study_text(kaazing::study(), kaazing::study().findings(all(kaazing_run()))),
        study_text(shootout::study(), shootout::study().findings(shootout_runs(0))),
        study_list()}) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) EXPECT_LE(columns(line), 80) << line;
  }
}

TEST(StudyText, SaysByHowMuch) {
  const StudyFindings findings{{{"of"},
                                {"a", StudyUnit::bytes, 100, 90, 98},
                                {"b", StudyUnit::share, {}, 0.75, 0.76},
                                {"c", StudyUnit::mbit, 2, 2, 2.1},
                                {"d", StudyUnit::count, 5, 5, 5},
                                {"e", StudyUnit::bytes, 7, {}, {}}},
                               {"Words."}};
  const std::string text = study_text(kaazing::study(), findings);
  EXPECT_THAT(text, HasSubstr("100 B        90 B       98 B        −2 B"));
  EXPECT_THAT(text, HasSubstr("75.0 %     76.0 % +1.0 points"));
  EXPECT_THAT(text, HasSubstr("2.1      +5.0 %"));
  EXPECT_THAT(text, HasSubstr("5           0\n"));
  EXPECT_THAT(text, HasSubstr("7 B           –          –           –\n"));
}

TEST(StudyText, JsonHasBareNumbers) {
  const std::vector<StudyRun> runs = all(kaazing_run());
  const auto json = nlohmann::json::parse(
      study_json(kaazing::study(), kaazing::study().findings(runs), runs, {"folder"}));
  const auto& figure = json["figures"][0];
  EXPECT_EQ(figure["of"], "Header bytes of one message");
  EXPECT_EQ(figure["published"], 871);
  EXPECT_EQ(figure["difference"], 0);
  EXPECT_TRUE(json["figures"][1]["measured"].is_null());
  EXPECT_EQ(json["runs"][0]["folder"], "folder");
}

TEST(Studies, EachHasItsNameAndScenariosThatAreSound) {
  EXPECT_EQ(find_study("kaazin"), nullptr);
  for (const Study& study : studies()) {
    EXPECT_EQ(find_study(study.name)->claim, study.claim);
    for (const bool quick : {false, true}) {
      for (const StudyStep& step : study.steps(quick)) {
        EXPECT_GT(planned(step).plan.schedule.says.size(), 1U) << study.name << " " << step.name;
      }
    }
  }
}

}  // namespace
}  // namespace pushbench::report

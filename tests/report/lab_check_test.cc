#include "report/lab_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "harness/latency_log.h"
#include "harness/result_json.h"
#include "harness/result_reader.h"
#include "made_lab.h"

namespace pushbench::report {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using Outcome = CheckedLine::Outcome;

LabPrediction prediction(const std::string& wait) {
  return {"2026-01-31T12:00:00Z", false, {{"wait", wait}}};
}

std::vector<std::string> problems(const MadeLab& made, const LabResult& result,
                                  Language language = Language::en) {
  return lab_problems(result, made.plan(result.run->name), language);
}

std::vector<CheckedLine> check(const MadeLab& made, const LabResults& results,
                               const LabPrediction* said) {
  return check_lab(made.lab(), MeasuredFigures(made.lab(), results, said), Language::en);
}

TEST(LabCheck, PassesAnHonestRun) {
  const MadeLab made;
  const LabResults results = made.honest();
  for (const LabResult& result : results) EXPECT_THAT(problems(made, result), IsEmpty());
  const LabPrediction said = prediction("200 ms");
  const auto lines = check(made, results, &said);
  EXPECT_TRUE(all_hold(lines));
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(lines[0].figures, "250 ms > 75.0 ms");
  EXPECT_EQ(lines[1].figures, "80.0 % and 80.0 %: 0 % apart");
  EXPECT_EQ(lines[2].figures, "200 ms > 100 ms");
  EXPECT_THAT(check_text(lines, Language::en), HasSubstr("All of it holds."));
}

TEST(LabCheck, NamesAChangedIntervalAndChangedUsers) {
  const MadeLab made;
  const auto changed = [&](const std::string& set) {
    return problems(made, made.with("slow", made.result(made.plan("slow", {set}), 25'000, 0.8)));
  };
  EXPECT_THAT(changed("transport.polling.interval=50ms"),
              ElementsAre("slow: transport.polling is interval 50ms; in the lab it is interval "
                          "500ms"));
  EXPECT_THAT(changed("users.count=5"), ElementsAre("slow: users.count is 5; in the lab it is 4"));
  EXPECT_THAT(changed("link.delay=20ms"), Contains(HasSubstr("slow: links is delay 20ms")));
  EXPECT_THAT(changed("http.cookie=100B"), Contains(HasSubstr("cookie bytes is 100")));
  EXPECT_THAT(changed("traffic.rate=40/s"),
              ElementsAre("slow: was run with --set traffic.rate=40/s; the lab does without"));
  harness::RunResult edited = made.result(made.plan("slow", {"traffic.rate=40/s"}), 25'000, 0.8);
  edited.overrides.clear();  // in the scenario's file
  EXPECT_THAT(problems(made, made.with("slow", std::move(edited))),
              ElementsAre(HasSubstr("its users or its traffic were changed")));
}

TEST(LabCheck, TellsRunsAndTransportsThatWereMixedUp) {
  const MadeLab made;
  // The fast run's folder in the slow one's place.
  EXPECT_THAT(problems(made, made.with("slow", made.result(made.plan("fast"), 25'000, 0.8))),
              AllOf(Contains(HasSubstr("slow: scenario is fast; in the lab it is slow")),
                    Contains(HasSubstr("interval 50ms"))));
  harness::RunPlan plan = made.plan("slow");
  plan.transports = {"websocket"};
  EXPECT_THAT(problems(made, made.with("slow", made.result(plan, 1'000, 0))),
              ElementsAre("slow: was run over websocket; the lab runs it over polling"));
  plan.transports = {"polling", "websocket"};
  EXPECT_THAT(problems(made, made.with("slow", made.result(plan, 1'000, 0))),
              ElementsAre(HasSubstr("over polling, websocket;")));
}

TEST(LabCheck, SaysWhyAnInvalidRunDoesNotCount) {
  const MadeLab made;
  harness::RunResult lossy = made.result(made.plan("slow"), 250'000, 0.2);
  lossy.transports[0].repetitions[1].invalid = {"3 deliveries were lost"};
  EXPECT_THAT(problems(made, made.with("slow", std::move(lossy))),
              ElementsAre("slow: invalid: polling, repetition 2: 3 deliveries were lost"));
  harness::RunResult cut = made.result(made.plan("slow"), 250'000, 0.2);
  cut.outcome = harness::Outcome::interrupted;
  cut.problem = "interrupted";
  EXPECT_THAT(problems(made, made.with("slow", std::move(cut))),
              ElementsAre("slow: did not come to its end: interrupted"));
}

TEST(LabCheck, AnEditedResultIsNoneToTheReader) {
  const MadeLab made;
  const harness::RunResult result = made.result(made.plan("slow"), 250'000, 0.2);
  const std::string log = harness::latency_log(result);
  std::string json = harness::to_json(result);
  const auto whole = harness::parse_run(json, log, "slow/result.json");
  ASSERT_TRUE(whole) << whole.error().line();
  const std::string honest = "\"empty_share\": 0.2";
  const std::size_t place = json.find(honest);
  ASSERT_NE(place, std::string::npos);
  json.replace(place, honest.size(), "\"empty_share\": 0.9");
  const auto read = harness::parse_run(json, log, "slow/result.json");
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().line(), HasSubstr("edited by hand?"));
}

TEST(LabCheck, SaysWhatIsOffWithBothFiguresAndTheHint) {
  const MadeLab made;
  LabResults results = made.honest();
  results[0] = made.with("slow", made.result(made.plan("slow"), 50'000, 0.2));
  const LabPrediction said = prediction("20 ms");
  const auto lines = check(made, results, &said);
  EXPECT_FALSE(all_hold(lines));
  EXPECT_EQ(lines[0].outcome, Outcome::off);
  EXPECT_EQ(lines[1].outcome, Outcome::holds);
  EXPECT_EQ(lines[2].outcome, Outcome::off);
  const std::string text = check_text(lines, Language::en);
  EXPECT_THAT(text, AllOf(HasSubstr("50.0 ms > 75.0 ms"), HasSubstr("Hint: Ten times"),
                          HasSubstr("Hint: Half an interval"), HasSubstr("2 of 3 do not hold."),
                          Not(HasSubstr("Most are empty"))));
  EXPECT_THAT(check_text(lines, Language::ru),
              AllOf(HasSubstr("Подсказка: Интервал вдесятеро"), HasSubstr("Не сходится: 2 из 3")));
}

TEST(LabCheck, LeavesOutWhatWasNotPredictedButNotWhatIsMissing) {
  const MadeLab made;
  LabResults results = made.honest();
  const auto unsaid = check(made, results, nullptr);
  EXPECT_EQ(unsaid[2].outcome, Outcome::not_checked);
  EXPECT_THAT(unsaid[2].figures, HasSubstr("prediction.wait"));
  EXPECT_TRUE(all_hold(unsaid));
  EXPECT_THAT(check_text(unsaid, Language::en),
              AllOf(EndsWith("\nWhat was checked holds; skipped: 1 of 3.\n"),
                    Not(HasSubstr("All of it holds"))));
  EXPECT_THAT(check_text(unsaid, Language::ru),
              EndsWith("\nВсё, что проверено, сходится; пропущено: 1 из 3.\n"));
  EXPECT_THAT(check_text({unsaid[2]}, Language::en),
              EndsWith("\nNothing was checked; skipped: 1.\n"));
  EXPECT_THAT(check_text({unsaid[2]}, Language::ru),
              EndsWith("\nНичего не проверено; пропущено: 1.\n"));
  results.pop_back();
  const auto lines = check(made, results, nullptr);
  EXPECT_EQ(lines[0].outcome, Outcome::off);
  EXPECT_THAT(lines[0].figures, HasSubstr("no fast.polling.delivery_latency.mean"));
  EXPECT_FALSE(all_hold(lines));
  EXPECT_THAT(check_text(lines, Language::en), EndsWith("\n2 of 3 do not hold. Skipped: 1.\n"));
  EXPECT_THAT(check_text(lines, Language::ru), EndsWith("\nНе сходится: 2 из 3. Пропущено: 1.\n"));
}

}  // namespace
}  // namespace pushbench::report
